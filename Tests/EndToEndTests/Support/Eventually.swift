/// What did not come to pass in time, or went another way, with what was seen instead.
struct Unmet: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The longest that anything here may take, even on a busy machine where hundreds of tests share two threads. Nothing
/// waits that long unless it fails.
let patience = Duration.seconds(120)

/// Waits until a condition holds; looks again every few milliseconds.
///
/// - Parameters:
///   - what: what is waited for, for the message.
///   - seen: what there is instead, told when the time is over.
func eventually(
    _ what: String, within limit: Duration = patience, seen: () -> String = { "" },
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw Unmet("not within \(limit): \(what)\n\(seen())")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
