import Events
import Network
import Threads

/// One connection at work: the link's messages go through the dialect, its events to the sink.
struct LiveConnection<D: Dialect>: ~Copyable {
    /// How a connection ended.
    enum End {
        /// We have left it: the sink has enough, or the program is asked to stop.
        case finished
        /// It broke, or is of no use.
        case lost(SessionFailure)
        /// The server does not accept the token.
        case tokenRefused(SessionFailure)
    }

    private var link: WebSocketLink
    private var dialect: D
    private let url: ServerURL
    private let number: Int
    private let report: (SessionReport) -> Void
    /// Why we close, once we do.
    private var end: End?
    private var lastRefusal: DialectFailure?

    init(
        link: consuming WebSocketLink, dialect: D, url: ServerURL, number: Int,
        report: @escaping (SessionReport) -> Void
    ) {
        self.link = link
        self.dialect = dialect
        self.url = url
        self.number = number
        self.report = report
    }

    /// Subscribes and hands on events, until the connection has ended.
    ///
    /// - Parameters:
    ///   - sequence: the number of the next event; counted up.
    ///   - onReady: called when events flow.
    mutating func run(
        token: String, into sink: inout some EventSink, sequence: inout UInt64, until interruption: Interruption,
        onReady: (ContinuousClock.Instant) -> Void
    ) -> End {
        var batch = EventBatch(connection: "\(url)#\(number)")
        perform(dialect.opened(token: token, now: .now), now: .now, onReady: onReady)
        do throws(SessionFailure) {
            while true {
                var now = ContinuousClock.now
                batch.removeAll(keepingCapacity: true)
                batch.receivedAt = .now
                batch.firstSequence = sequence
                let progress = try receive(into: &batch, now: now, onReady: onReady)
                if !batch.isEmpty, end == nil {
                    sequence = batch.nextSequence
                    if sink.receive(&batch, now: now) == .enough { leave(.finished, now: now) }
                }
                if case .ended(let closure) = progress { return end ?? .lost(SessionFailure(closure, from: url)) }
                now = .now
                if let deadline = dialect.deadline, now >= deadline {
                    perform(dialect.tick(now: now), now: now, onReady: onReady)
                }
                if let deadline = sink.deadline, now >= deadline, end == nil, sink.tick(now: now) == .enough {
                    leave(.finished, now: now)
                }
                if let deadline = link.deadline, now >= deadline { link.tick(now: now) }
                if interruption.isRaised { leave(.finished, now: now) }
                try link.flush()
                if progress == .drained { link.wait(until: nextDeadline(sink.deadline)) }
            }
        } catch {
            return end ?? .lost(error)
        }
    }

    private mutating func receive(
        into batch: inout EventBatch, now: ContinuousClock.Instant, onReady: (ContinuousClock.Instant) -> Void
    ) throws(SessionFailure) -> WebSocketLink.Progress {
        var actions: [DialectAction] = []
        let progress = try link.receive(now: now) { [end] _, message in
            // What comes after we have decided to leave is not wanted any more.
            guard end == nil else { return true }
            let said = dialect.received(message, now: now, into: &batch)
            if !said.isEmpty { actions += said }
            return true
        }
        perform(actions, now: now, onReady: onReady)
        return progress
    }

    private mutating func perform(
        _ actions: [DialectAction], now: ContinuousClock.Instant, onReady: (ContinuousClock.Instant) -> Void
    ) {
        for action in actions {
            switch action {
            case .transmit(let text):
                link.send(Array(text.utf8))
            case .ready:
                if dialect.confirmedCount > 0 {
                    onReady(now)
                    report(.ready(url, confirmed: dialect.confirmedCount, refused: dialect.refusedCount))
                } else {
                    leave(
                        .lost(SessionFailure(.denied, lastRefusal?.message ?? "every subscription was refused")),
                        now: now)
                }
            case .failed(let failure):
                if failure.code == .tokenRefused {
                    leave(.tokenRefused(SessionFailure(.denied, "\(url): \(failure.message)")), now: now)
                }
                if failure.code == .subscriptionRefused { lastRefusal = failure }
                report(.problem(failure))
            case .close:
                leave(.lost(SessionFailure(.unreachable, "\(url): the connection is of no use")), now: now)
            }
        }
    }

    /// Begins to close, in an orderly way; the first reason stands.
    private mutating func leave(_ end: End, now: ContinuousClock.Instant) {
        guard self.end == nil else { return }
        self.end = end
        perform(dialect.closing(now: now), now: now, onReady: { _ in })
        link.close(now: now)
    }

    private func nextDeadline(_ sinkDeadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        [link.deadline, dialect.deadline, end == nil ? sinkDeadline : nil].compactMap(\.self).min()
    }
}
