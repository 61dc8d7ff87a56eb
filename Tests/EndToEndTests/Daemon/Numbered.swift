import Foundation
import KazooSimulator

/// So many numbered events at once, then nothing.
struct Numbered: EventSource {
    let total: Int
    private var count = 0

    init(_ total: Int) { self.total = total }

    mutating func next(now: Int64) -> SimulatedEvent? {
        guard count < total else { return nil }
        count += 1
        return SimulatedEvent(
            routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.\(count)",
            name: "doc_created",
            data: #"{"id":"\#(count)","part":"\#(count % 500 == 0 ? "sample" : "rest")","msg_id":"\#(count)"}"#)
    }
}

extension String {
    /// The number of a numbered event, in whichever form.
    var number: Int? {
        guard let begin = range(of: #""id":""#, range: (range(of: #""data":"#)?.upperBound ?? startIndex)..<endIndex)
        else { return nil }
        return Int(self[begin.upperBound...].prefix { $0 != "\"" })
    }
}
