public import Events
public import Journal
import Synchronization

/// One consumer's place in the journal: what was taken and not acknowledged comes again after the next start.
///
/// It is the store of the consumer's dead letters, too: a letter and the cursor that moves past its event are committed
/// together.
public final class JournalFeed: Feed, DeadLetterStore {
    /// Finds the place.
    public typealias Opening = @Sendable () async throws(JournalError) -> JournalReader

    private struct State {
        var reader: JournalReader?
        var isFinished = false
    }

    private let state: Mutex<State>
    private let open: Opening
    private let report: @Sendable (JournalError) -> Void

    /// Creates a feed of what a reader gives.
    public init(_ reader: JournalReader) {
        state = Mutex(State(reader: reader))
        open = { () async throws(JournalError) in reader }
        report = { _ in }
    }

    /// Creates a feed that looks for its place when the first event is asked for: whoever had it before has let go of it
    /// by then.
    ///
    /// - Parameter report: told why it cannot be found; it is tried again every second.
    public init(opening open: @escaping Opening, report: @escaping @Sendable (JournalError) -> Void) {
        state = Mutex(State())
        self.open = open
        self.report = report
    }

    /// The next events that the consumer wants; waits until there are some.
    ///
    /// - Returns: `nil` when the feed is finished or the journal closed, or the task is cancelled.
    public func next(limit: Int) async -> EventBatch? { await opened()?.next(limit: limit) }

    /// Everything up to this sequence number is done with, which the journal remembers.
    public func acknowledge(through sequence: UInt64) { reader?.acknowledge(through: sequence) }

    /// How far the consumer is behind. Events that it will not want are counted, until it has come to them.
    public var lag: Lag { Lag(events: reader?.lag ?? 0, oldest: reader?.oldest) }

    /// Nothing more is taken; the rest is there after the next start.
    public func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.reader
        }?.finish()
    }

    /// Keeps an event that could not be delivered; returns when it is committed, and with it how far the consumer is done.
    public func keep(_ event: EventBatch, attempts: Int, _ failure: ConsumerFailure) async throws(ConsumerFailure) {
        guard let view = event.first, let reader else { return }
        var generator = SystemRandomNumberGenerator()
        let letter = JournalLetter(
            view, id: DeadLetter.makeID(using: &generator), consumer: reader.consumer, time: .now, attempts: attempts,
            reason: failure.description, exitStatus: failure.exitStatus, standardError: failure.standardError)
        do throws(JournalError) {
            try await reader.bury(letter)
        } catch {
            throw ConsumerFailure(.retry, "the dead letter cannot be kept: \(error)")
        }
    }

    private var reader: JournalReader? { state.withLock(\.reader) }

    /// The reader; `nil` when the feed is finished, the journal is closed, or the task is cancelled.
    private func opened() async -> JournalReader? {
        while !Task.isCancelled {
            let (reader, isFinished) = state.withLock { ($0.reader, $0.isFinished) }
            if isFinished { return nil }
            if let reader { return reader }
            do throws(JournalError) {
                let reader = try await open()
                let isFinished = state.withLock { state in
                    state.reader = reader
                    return state.isFinished
                }
                if isFinished { reader.finish() }
            } catch {
                guard error.kind != .closed else { return nil }
                report(error)
                // Cancelled or not, the loop looks.
                try? await Task.sleep(for: .seconds(1))
            }
        }
        return nil
    }
}
