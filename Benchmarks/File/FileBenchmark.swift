import Consumers
import Events
import Glibc
import Synchronization

/// Writes the same events with the file consumer and with `cat`, and prints how long each took.
///
/// The events are ready in memory, as they are when they have come from the socket, and go through the whole of the
/// runner. `cat` reads them from a file that is in the page cache; newer ones (coreutils 9) let the kernel copy it.
/// Run it on a quiet machine, in a directory with 700 MB of room: `file-benchmark [DIRECTORY]`.
@main struct FileBenchmark {
    private static let lines = 1_000_000
    private static let lineLength = 350
    private static let linesPerBatch = 2_000
    private static let rounds = 9

    /// The same batch, again and again.
    private final class Source: Feed {
        private let batch: EventBatch
        private let left: Mutex<Int>

        init(_ batch: EventBatch, count: Int) {
            self.batch = batch
            left = Mutex(count)
        }

        var lag: Lag { Lag(events: left.withLock { $0 }, oldest: nil) }
        func next(limit: Int) async -> EventBatch? { left.withLock { $0 } > 0 ? batch : nil }
        func acknowledge(through sequence: UInt64) { left.withLock { $0 -= 1 } }
    }

    static func main() async throws {
        let directory = CommandLine.arguments.dropFirst().first ?? "."
        let (input, output) = ("\(directory)/benchmark.in", "\(directory)/benchmark.out")
        defer {
            unlink(input)
            unlink(output)
        }
        let batch = try batch()
        try prepare(input, batch)

        var (consumer, cat): ([Double], [Double]) = ([], [])
        for _ in 1...rounds {
            unlink(output)
            consumer.append(await time { await write(batch, to: output) })
            unlink(output)
            cat.append(await time { system("cat '\(input)' > '\(output)'") })
        }
        let (best, floor) = (consumer.min() ?? 0, cat.min() ?? 0)
        print("file consumer \(best) s, cat \(floor) s, ratio \(best / floor); best of \(rounds)")
    }

    private static func write(_ batch: EventBatch, to path: String) async {
        let settings = FileConsumer.Settings(path: path, synchronization: .never)
        let runner = BatchRunner(feed: Source(batch, count: lines / linesPerBatch)) { print($0) }
        await runner.run(FileConsumer(settings) { print($0) })
        precondition(runner.counts.bytes == lines * lineLength, "not everything was written")
    }

    private static func batch() throws -> EventBatch {
        let frame = #"{"action":"event","data":{"fill":"""#
        let fill = String(repeating: "x", count: lineLength - 1 - frame.utf8.count - 2)
        let event = Array(#"{"action":"event","data":{"fill":"\#(fill)"}}"#.utf8)
        var batch = EventBatch()
        try event.withUnsafeBytes { bytes in
            let index = try JSONScanner.scan(bytes)
            for _ in 0..<linesPerBatch { batch.append(event: bytes, located: index) }
        }
        return batch
    }

    private static func prepare(_ path: String, _ batch: EventBatch) throws {
        guard let file = fopen(path, "w") else { preconditionFailure("\(path) cannot be written") }
        for _ in 0..<(lines / linesPerBatch) { fwrite(batch.bytes, 1, batch.bytes.count, file) }
        precondition(fclose(file) == 0, "\(path) cannot be written")
    }

    private static func time(_ work: @Sendable () async -> some Any) async -> Double {
        let start = ContinuousClock.now
        _ = await work()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
