import Blackhole
import Events
import Glibc
import Subscriber
import Synchronization

/// How much processor time an event takes on its way through the router, by the consumers that are there.
///
///     swift build -c release --product routing-benchmark && .build/release/routing-benchmark [EVENTS [SCENARIO [call]]]
///
/// Prints a JSON object for each scenario, with the seconds of processor time for a million events. `read` is what comes
/// before the router for every event: finding its values, and telling it from its duplicates; `ratio` is how the sum
/// compares with one consumer that takes everything. With the number of a scenario it runs that one alone, with the
/// shorter events or those of calls, for counting instructions.
@main struct RoutingBenchmark {
    private static let burst = 64

    static func main() throws {
        let total = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let scenarios = try Scenario.all()
        if let number = CommandLine.arguments.dropFirst(2).first.flatMap({ Int($0) }),
            scenarios.indices.contains(number)
        {
            let event = CommandLine.arguments.contains("call") ? Sample.call : Sample.document
            _ = measure(scenarios[number], events: total, event)
            return
        }
        for event in [Sample.document, Sample.call] {
            var baseline: Double?
            for scenario in scenarios {
                let (read, routed) = measure(scenario, events: total, event)
                let sum = read + routed
                baseline = baseline ?? sum
                print(
                    #"{"bytes":\#(event(0).utf8.count),"scenario":"\#(scenario.name)","read":\#(fixed(read)),"#
                        + #""route":\#(fixed(routed)),"ratio":\#(fixed(sum / (baseline ?? sum)))}"#)
            }
        }
    }

    private static func measure(_ scenario: Scenario, events total: Int, _ event: (Int) -> String)
        -> (read: Double, routed: Double)
    {
        let texts = (0..<burst).map { Array(event($0).utf8) }
        let router = Router(scenario.routes)
        var batch = EventBatch(connection: "ws://127.0.0.1:5555#1")
        var (read, routed) = (0.0, 0.0)
        var fingerprints: [UInt64] = []
        for _ in 0..<(total / burst) {
            let start = processorTime
            batch.removeAll(keepingCapacity: true)
            for text in texts {
                text.withUnsafeBytes { bytes in
                    guard let index = try? JSONScanner.scan(bytes) else { preconditionFailure("the sample is no JSON") }
                    batch.append(event: bytes, located: index)
                }
            }
            batch.fingerprints(into: &fingerprints)
            let middle = processorTime
            _ = router.receive(&batch, now: .now)
            read += middle - start
            routed += processorTime - middle
        }
        precondition(fingerprints.allSatisfy { $0 != 0 }, "the sample has no message id")
        let millions = Double(total / burst * burst) / 1_000_000
        return (read / millions, routed / millions)
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func fixed(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
