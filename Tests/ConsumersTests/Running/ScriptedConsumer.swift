import Consumers
import Events
import Synchronization

/// A consumer that does what its script says, and tells what it was asked.
struct ScriptedConsumer: BatchConsumer {
    enum Call: Equatable, Sendable {
        case deliver(UInt64)
        case tick
        case reopen
        case close
    }

    /// What is written down; shared with the test.
    final class Record: Sendable {
        private struct State {
            var calls: [Call] = []
            var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        }

        private let state = Mutex(State())

        var calls: [Call] { state.withLock(\.calls) }

        func add(_ call: Call) {
            let watchers = state.withLock { state in
                state.calls.append(call)
                defer { state.watchers.removeAll { $0.count <= state.calls.count } }
                return state.watchers.filter { $0.count <= state.calls.count }
            }
            for watcher in watchers { watcher.continuation.resume() }
        }

        /// Returns when so many calls have been made.
        func has(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.calls.count < count { state.watchers.append((count, continuation)) }
                    return state.calls.count >= count
                }
                if isThere { continuation.resume() }
            }
        }
    }

    let record: Record
    /// What the deliveries come to, one after the other; success when there are no more.
    var outcomes: [ConsumerFailure?] = []
    /// How often it wants to be ticked.
    var interval: Duration?
    var deadline: ContinuousClock.Instant?
    /// Whether a delivery lasts until it is cancelled.
    var hangs = false

    mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        record.add(.deliver(batch.first?.sequence ?? 0))
        if hangs {
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw ConsumerFailure(.retry, "cancelled") }
        }
        guard !outcomes.isEmpty, let failure = outcomes.removeFirst() else { return }
        throw failure
    }

    mutating func tick(now: ContinuousClock.Instant) async throws(ConsumerFailure) {
        deadline = interval.map { now + $0 }
        record.add(.tick)
    }

    mutating func reopen() async throws(ConsumerFailure) { record.add(.reopen) }

    mutating func close() async throws(ConsumerFailure) { record.add(.close) }
}
