import Consumers
import Events
import Synchronization

/// Batches that a test puts in, one after the other.
final class RunnerFeed: Feed {
    private struct State {
        var batches: [EventBatch] = []
        var isFinished = false
        var unacknowledged = 0
        var acknowledged: [UInt64] = []
        var reader: CheckedContinuation<EventBatch?, Never>?
    }

    private let state = Mutex(State())

    /// The acknowledgements so far.
    var acknowledged: [UInt64] { state.withLock(\.acknowledged) }
    var lag: Lag { state.withLock { Lag(events: $0.unacknowledged, oldest: nil) } }

    func put(_ batch: EventBatch) {
        let reader = state.withLock { state in
            state.unacknowledged += batch.count
            defer { state.reader = nil }
            if state.reader == nil { state.batches.append(batch) }
            return state.reader
        }
        reader?.resume(returning: batch)
    }

    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    func next(limit: Int) async -> EventBatch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isKnown, batch) = state.withLock { state -> (Bool, EventBatch?) in
                    if !state.batches.isEmpty { return (true, state.batches.removeFirst()) }
                    if state.isFinished || Task.isCancelled { return (true, nil) }
                    state.reader = continuation
                    return (false, nil)
                }
                if isKnown { continuation.resume(returning: batch) }
            }
        } onCancel: {
            finish()
        }
    }

    func acknowledge(through sequence: UInt64) {
        state.withLock { state in
            let last = state.acknowledged.last ?? 0
            state.unacknowledged -= Int(sequence - last)
            state.acknowledged.append(sequence)
        }
    }
}

extension EventBatch {
    /// Events that hold their own sequence numbers, six digits each: one layout for all of them, which is scanned once.
    static func numbered(_ sequences: ClosedRange<UInt64>, padding: Int = 0) throws -> EventBatch {
        var batch = EventBatch(firstSequence: sequences.lowerBound)
        var event = Array(#"{"action":"event","data":{"number":"000000","fill":""#.utf8)
        event += [UInt8](repeating: UInt8(ascii: "x"), count: padding) + Array(#""}}"#.utf8)
        let index = try event.withUnsafeBytes { try JSONScanner.scan($0) }
        for sequence in sequences {
            event.replaceSubrange(36..<42, with: String(1_000_000 + sequence).utf8.dropFirst())
            event.withUnsafeBytes { batch.append(event: $0, located: index) }
        }
        return batch
    }
}
