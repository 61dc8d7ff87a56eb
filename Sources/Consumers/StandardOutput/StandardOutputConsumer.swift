public import Events

/// Standard output for whoever waits: a batch is delivered when its reader has taken it, so that what comes from a journal
/// stays there until then.
public struct StandardOutputConsumer: BatchConsumer {
    private let formatter: EventFormatter
    private let output: StandardOutput

    /// Creates the consumer; nothing is written before the first batch.
    ///
    /// - Parameters:
    ///   - formatter: the form of the events.
    ///   - notify: told what happens, from any thread; must not block.
    public init(formatter: EventFormatter, notify: @escaping @Sendable (StandardOutput.Notice) -> Void) {
        self.formatter = formatter
        // Nothing is ever dropped: no second batch comes before the first is written.
        output = StandardOutput(capacity: .max, isHeld: true, notify: notify)
    }

    /// Writes a batch.
    ///
    /// - Throws: that it is of no use any more, where the reader has gone or the system refuses.
    public mutating func deliver(_ batch: EventBatch) async throws(ConsumerFailure) {
        let output = output
        var text: [UInt8] = []
        formatter.withText(of: batch, in: &text) {
            output.deliver($0, events: batch.count, receivedAt: batch.receivedAt)
        }
        output.finish()
        await withTaskCancellationHandler {
            await output.run()
        } onCancel: {
            output.finish(by: .now)
        }
        switch output.ending {
        case nil: if Task.isCancelled { throw ConsumerFailure(.retry, "the program is being stopped") }
        case .readerGone: throw ConsumerFailure(.stop, "the reader of standard output is gone")
        case .failed(let words): throw ConsumerFailure(.stop, "standard output: \(words)")
        }
    }
}
