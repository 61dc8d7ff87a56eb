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
    /// Events that hold their own sequence numbers.
    static func numbered(_ sequences: ClosedRange<UInt64>, padding: Int = 0) throws -> EventBatch {
        var batch = EventBatch(firstSequence: sequences.lowerBound)
        let fill = String(repeating: "x", count: padding)
        for sequence in sequences {
            var text = #"{"action":"event","data":{"number":\#(sequence),"fill":"\#(fill)"}}"#
            try text.withUTF8 { bytes in
                let bytes = UnsafeRawBufferPointer(bytes)
                batch.append(event: bytes, located: try JSONScanner.scan(bytes))
            }
        }
        return batch
    }
}
