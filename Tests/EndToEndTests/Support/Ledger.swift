import Foundation
import KazooSimulator
import Synchronization
import Testing

/// The books of a test: every event that was sent, what came out, and what was declared as a gap.
///
/// They balance when every event came out exactly once, but for those that were sent inside a declared gap: these may
/// have come out or not, and not twice either.
final class Ledger: Sendable {
    /// One event, and the interval in which it was sent.
    private struct Entry {
        let id: String
        let sent: ClosedRange<Date>
    }

    private struct Line: Decodable {
        struct Body: Decodable {
            var msg_id: String
        }

        var action: String
        var data: Body?
    }

    /// What brings its events.
    static let binding = "object.doc_created.user"

    private let kazoo: SimulatedKazoo
    private let entries = Mutex<[Entry]>([])

    init(of kazoo: RunningKazoo) { self.kazoo = kazoo.simulator }

    /// The options that bring its events, and the gaps.
    let subscribing = ["--binding", Ledger.binding, "--gaps"]

    /// How many events were sent.
    var count: Int { entries.withLock { $0.count } }

    // MARK: Sending

    /// Sends one event.
    ///
    /// - Returns: its `msg_id`.
    @discardableResult
    func send() async -> String {
        let id = UUID().uuidString
        let begin = Date()
        await kazoo.publish(
            SimulatedEvent(
                routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.\(id)",
                name: "doc_created", data: #"{"id":"\#(id)","type":"user","msg_id":"\#(id)"}"#))
        let entry = Entry(id: id, sent: begin...max(begin, Date()))
        entries.withLock { $0.append(entry) }
        return id
    }

    /// Sends one event after the other while something else happens.
    func whileSending(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while !Task.isCancelled {
                    await send()
                    // Ends early when the group is cancelled, which is what the loop asks for next.
                    try? await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { group.cancelAll() }
            try await body()
        }
    }

    // MARK: Balancing

    /// Sends one more event, or several should it be lost, until one comes out, and balances the books.
    ///
    /// - Returns: the gaps that were declared, in their order.
    @discardableResult
    func balance(_ program: RunningProgram, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> [DeclaredGap]
    {
        var last = await send()
        var next = ContinuousClock.now + .seconds(2)
        try await eventually("the last event comes out", seen: { program.said }) {
            if ContinuousClock.now > next {
                last = await send()
                next = .now + .seconds(2)
            }
            return program.output.text.contains(last)
        }
        let (printed, gaps) = try read(program.output.lines)
        let sent = entries.withLock { $0 }
        for gap in gaps {
            #expect(gap.from <= gap.to && gap.to <= Date(), "\(gap)", sourceLocation: sourceLocation)
            #expect(gap.reason == "connection_lost", "\(gap)", sourceLocation: sourceLocation)
            #expect(gap.accounts == [Login.user.account], "\(gap)", sourceLocation: sourceLocation)
            #expect(gap.bindings == [Self.binding], "\(gap)", sourceLocation: sourceLocation)
        }
        #expect(
            zip(gaps, gaps.dropFirst()).allSatisfy { $0.to <= $1.from }, "gaps are apart: \(gaps)",
            sourceLocation: sourceLocation)
        let strange = Set(printed.keys).subtracting(sent.map(\.id))
        #expect(strange.isEmpty, "nobody has sent these", sourceLocation: sourceLocation)
        let repeated = printed.filter { $0.value > 1 }
        #expect(repeated.isEmpty, "these came more than once", sourceLocation: sourceLocation)
        let hidden = sent.filter { entry in printed[entry.id] == nil && !gaps.contains { $0.overlaps(entry.sent) } }
        #expect(
            hidden.isEmpty, "of \(sent.count) events these are missing without a gap: \(gaps)",
            sourceLocation: sourceLocation)
        return gaps
    }

    /// Which events were printed and how often, and the gaps.
    private func read(_ lines: [String]) throws -> (printed: [String: Int], gaps: [DeclaredGap]) {
        var printed: [String: Int] = [:]
        var gaps: [DeclaredGap] = []
        var heard: [Date] = []
        let sent = entries.withLock { Dictionary(uniqueKeysWithValues: $0.map { ($0.id, $0.sent.lowerBound) }) }
        for text in lines {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            switch (line.action, line.data?.msg_id) {
            case ("gap", _):
                var gap = try DeclaredGap(text)
                gap.heard = heard
                // A doubt excuses nothing here: what a test breaks has to be declared as broken.
                if gap.reason != "unverified" { gaps.append(gap) }
            case ("event", let id?):
                printed[id, default: 0] += 1
                if let moment = sent[id] { heard.append(moment) }
            default: throw Unmet("neither an event nor a gap: \(text)")
            }
        }
        return (printed, gaps)
    }
}
