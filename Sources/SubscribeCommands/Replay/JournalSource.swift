import Events
import Journal

/// The events that a journal has of an interval.
struct JournalSource: ReplaySource {
    private let browser: JournalBrowser
    private let range: JournalRange?
    private var position: UInt64

    /// Opens the journal. What comes later is not in it.
    init(path: String, since: Timestamp?, until: Timestamp?) throws {
        (browser, range) = try JournalOptions.told {
            let browser = try JournalBrowser(path: path)
            return (browser, try browser.range(since: since, until: until))
        }
        position = max(range?.sequences.lowerBound ?? 1, 1) - 1
    }

    mutating func next() throws -> EventBatch? {
        guard let range else { return nil }
        let batch = try JournalOptions.told { try browser.lines(after: position, in: range) }
        guard let last = batch.last?.sequence else { return nil }
        position = last
        return batch
    }

    var fraction: Double? { range?.fraction(at: position) ?? 1 }
}
