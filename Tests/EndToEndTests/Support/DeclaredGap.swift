import Foundation
import Testing

/// A line of standard output that declares an interval in which events may have been missed.
struct DeclaredGap {
    let from: Date
    let to: Date
    let reason: String
    let accounts: [String]
    let bindings: [String]
    /// When the events were sent that came out before it, as far as that is known.
    var heard: [Date] = []

    private struct Line: Decodable {
        var from: String
        var to: String
        var reason: String
        var accounts: [String]
        var bindings: [String]
    }

    init(_ line: String) throws {
        let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        (from, to) = (try Date(line.from), try Date(line.to))
        (reason, accounts, bindings) = (line.reason, line.accounts, line.bindings)
    }

    /// Whether an event that was sent at some moment of an interval may have been sent in the gap.
    func overlaps(_ interval: ClosedRange<Date>) -> Bool { interval.overlaps(from...max(from, to)) }

}

extension Date {
    /// RFC 3339 in UTC with microseconds, which Foundation's own formats round to milliseconds.
    init(_ text: some StringProtocol) throws {
        guard let match = String(text).wholeMatch(of: /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z/),
            let microseconds = Double(match.2)
        else { throw Unmet("not a time: \(text)") }
        self = try Date("\(match.1)Z", strategy: .iso8601).addingTimeInterval(microseconds / 1e6)
    }
}

extension [DeclaredGap] {
    /// The only gap that was declared; it begins with the fault and ends after it.
    ///
    /// What came out shows that all was well when it was sent: the gap begins no earlier than the last event before the
    /// fault that did. It may begin a little before, because a doubt of less than a second is a part of the gap, and the
    /// program can be held up when it looks at the clock. On a busy machine the test may be held up as well, so that the
    /// last event before the fault was sent long before it.
    @discardableResult
    func one(around fault: Date, sourceLocation: SourceLocation = #_sourceLocation) throws -> DeclaredGap {
        #expect(count == 1, "\(self)", sourceLocation: sourceLocation)
        let gap = try #require(first, sourceLocation: sourceLocation)
        let heard = gap.heard.last { $0 < fault } ?? fault - 60
        #expect(
            (heard - 5...fault + 60).contains(gap.from) && gap.to > fault, "\(gap) is not around \(heard) … \(fault)",
            sourceLocation: sourceLocation)
        return gap
    }
}
