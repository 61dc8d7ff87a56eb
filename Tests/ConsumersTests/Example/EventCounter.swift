import Consumers
import Events

/// A consumer of one's own, whole: counts events by their names, and prints a line each minute.
struct EventCounter: BatchConsumer {
    private var counts: [String: Int] = [:]
    private var due = ContinuousClock.now + .seconds(60)
    private let write: @Sendable (String) throws -> Void

    init(write: @escaping @Sendable (String) throws -> Void = { print($0) }) { self.write = write }

    /// Takes what has come. Retries, the queue before it and counters are the runner's.
    mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        for event in batch where event.kind == .event {
            counts[event.name ?? "(no name)", default: 0] += 1
        }
    }

    /// When `tick` is wanted although nothing comes.
    var deadline: ContinuousClock.Instant? { due }

    mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {
        guard now >= due else { return }
        try report()
        due = now + .seconds(60)
    }

    mutating func close() async throws(ConsumerFailure) { try report() }

    private mutating func report() throws(ConsumerFailure) {
        let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        do {
            try write(most.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
        } catch {
            throw ConsumerFailure(.retry, "the counts cannot be written: \(error)")
        }
        counts = [:]
    }
}
