import Consumers
import Events
import Glibc
import Synchronization

/// Hooks per second of `/bin/true`, through the whole of ``EventRunner`` and ``HookConsumer``, against the floor:
/// `posix_spawn` and `waitpid` in a loop, in the same process, with the same environment.
///
///     swift build -c release --product hook-benchmark && .build/release/hook-benchmark 2000
@main struct HookBenchmark {
    static func main() async throws {
        signal(SIGPIPE, SIG_IGN)
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2000
        let program = "/bin/true"
        for round in 1...3 {
            let floor = spawn(program, count: count)
            print("round \(round): floor \(perSecond(count, floor))")
            for concurrency in [1, 2, 8] {
                let taken = try await hooks(program, count: count, concurrency: concurrency)
                let ratio = Int((floor / taken * 100).rounded())
                print("  concurrency \(concurrency): \(perSecond(count, taken)), \(ratio) % of the floor")
            }
        }
    }

    private static func perSecond(_ count: Int, _ taken: Duration) -> String {
        "\(Int((Double(count) / (taken / .seconds(1))).rounded())) a second"
    }

    /// The floor.
    private static func spawn(_ program: String, count: Int) -> Duration {
        ContinuousClock().measure {
            for _ in 0..<count {
                var (process, status): (pid_t, Int32) = (0, 0)
                var words = [strdup(program), nil]
                defer { free(words[0]) }
                precondition(posix_spawn(&process, program, nil, nil, &words, environ) == 0)
                precondition(waitpid(process, &status, 0) == process && status == 0)
            }
        }
    }

    /// The real thing.
    private static func hooks(_ program: String, count: Int, concurrency: Int) async throws -> Duration {
        let text =
            #"{"action":"event","name":"CHANNEL_CREATE","routing_key":"call.CHANNEL_CREATE.1","data":{"id":"x"}}"#
        let consumer = HookConsumer(try HookCommand([program, "{data.id}"], environment: HookEnvironment())) { _ in }
        let feed = try BenchmarkFeed(text, count: count)
        let runner = EventRunner(
            consumer, feed: feed, policy: EventRunnerPolicy(concurrency: concurrency), deadLetters: nil
        ) { print("    \($0)") }
        let begin = ContinuousClock.now
        try await runner.run()
        precondition(runner.counters.delivered == count, "every hook succeeds")
        return .now - begin
    }
}

/// The same event, so many times.
private final class BenchmarkFeed: Feed {
    private let batches: Mutex<[EventBatch]>

    init(_ text: String, count: Int) throws {
        batches = Mutex(
            try stride(from: 0, to: count, by: 100).map { first in
                var batch = EventBatch(firstSequence: UInt64(first + 1))
                for _ in first..<min(first + 100, count) {
                    try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
                }
                return batch
            })
    }

    func next(limit: Int) async -> EventBatch? { batches.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func acknowledge(through sequence: UInt64) {}

    var lag: Lag { Lag(events: 0, oldest: nil) }
}
