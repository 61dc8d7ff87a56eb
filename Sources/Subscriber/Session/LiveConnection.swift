import Blackhole
import Events
import Network
import Threads

/// One connection at work: the link's messages go through the dialect, its events into the flow.
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
    private let subscriptions: [Subscription]
    private let report: (SessionReport) -> Void
    private var batch: EventBatch
    /// Why we close, once we do.
    private var end: End?
    private var lastRefusal: DialectFailure?

    init(
        link: consuming WebSocketLink, dialect: D, url: ServerURL, number: Int, subscriptions: [Subscription],
        report: @escaping (SessionReport) -> Void
    ) {
        self.link = link
        self.dialect = dialect
        self.url = url
        self.subscriptions = subscriptions
        self.report = report
        batch = EventBatch(connection: "\(url)#\(number)")
    }

    /// Subscribes and hands on events, until the connection has ended.
    ///
    /// - Parameters:
    ///   - interruption: asks for an orderly end.
    ///   - onReady: called when events flow.
    mutating func run(
        token: String, into flow: inout EventFlow, until interruption: Interruption,
        onReady: (ContinuousClock.Instant) -> Void
    ) -> End {
        perform(dialect.opened(token: token, now: .now), in: &flow, onReady: onReady)
        while true {
            do throws(SessionFailure) {
                flow.prepare(&batch)
                var said: [DialectAction] = []
                let before = link.bytesRead
                let progress = try receive(saying: &said)
                // Everything before is here: only what was sent later is missing, should this connection be lost.
                if link.bytesRead > before { flow.heard(at: batch.receivedAt) }
                // A gap that ends here comes before the events that follow it.
                perform(said, in: &flow, onReady: onReady)
                hand(to: &flow)
                if case .ended(let closure) = progress { return end ?? .lost(SessionFailure(closure, from: url)) }
                perform(tick(&flow), in: &flow, onReady: onReady)
                if interruption.isRaised { leave(.finished) }
                try link.flush()
                if progress == .drained { link.wait(until: deadline(flow.deadline)) }
            } catch {
                // What came before the break is not lost.
                hand(to: &flow)
                return end ?? .lost(error)
            }
        }
    }

    private mutating func receive(saying actions: inout [DialectAction]) throws(SessionFailure)
        -> WebSocketLink.Progress
    {
        let now = ContinuousClock.now
        return try link.receive(now: now) { [isLeaving = end != nil] _, message in
            // What comes after we have decided to leave is not wanted any more.
            guard !isLeaving else { return true }
            let said = dialect.received(message, now: now, into: &batch)
            if !said.isEmpty { actions += said }
            return true
        }
    }

    private mutating func hand(to flow: inout EventFlow) {
        guard !batch.isEmpty, end == nil else { return }
        if flow.deliver(&batch, now: .now) == .enough { leave(.finished) }
    }

    /// Does what is due.
    private mutating func tick(_ flow: inout EventFlow) -> [DialectAction] {
        let now = ContinuousClock.now
        if let deadline = link.deadline, now >= deadline { link.tick(now: now) }
        guard end == nil else { return [] }
        if let deadline = flow.deadline, now >= deadline, flow.tick(now: now) == .enough { leave(.finished) }
        guard let deadline = dialect.deadline, now >= deadline else { return [] }
        return dialect.tick(now: now)
    }

    private func deadline(_ flowDeadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        guard end == nil else { return link.deadline }
        return [link.deadline, dialect.deadline, flowDeadline].compactMap(\.self).min()
    }

    private mutating func perform(
        _ actions: [DialectAction], in flow: inout EventFlow,
        onReady: (ContinuousClock.Instant) -> Void
    ) {
        for action in actions {
            switch action {
            case .transmit(let text): link.send(Array(text.utf8))
            case .ready: becomeReady(in: &flow, onReady: onReady)
            case .failed(let failure): note(failure)
            case .close: leave(.lost(SessionFailure(.unreachable, "\(url): the connection is of no use")))
            }
        }
    }

    private mutating func becomeReady(
        in flow: inout EventFlow, onReady: (ContinuousClock.Instant) -> Void
    ) {
        guard dialect.confirmedCount > 0 else {
            let kind: SessionFailure.Kind = lastRefusal?.code == .subscriptionForbidden ? .denied : .refused
            let reason = lastRefusal?.message ?? "Kazoo gives no reason"
            return leave(.lost(SessionFailure(kind, "no subscription was accepted: \(reason)")))
        }
        onReady(.now)
        report(.ready(url, confirmed: dialect.confirmedCount, refused: dialect.refusedCount))
        if let gap = flow.ready(at: .now, subscriptions: subscriptions, now: .now) { report(.gap(gap)) }
    }

    private mutating func note(_ failure: DialectFailure) {
        if failure.code == .tokenRefused {
            return leave(.tokenRefused(SessionFailure(.denied, "\(url): \(failure.message)")))
        }
        if failure.code == .subscriptionRefused || failure.code == .subscriptionForbidden { lastRefusal = failure }
        report(.problem(failure))
    }

    /// Begins to close, in an orderly way; the first reason stands.
    private mutating func leave(_ end: End) {
        guard self.end == nil else { return }
        self.end = end
        for case .transmit(let text) in dialect.closing(now: .now) { link.send(Array(text.utf8)) }
        link.close(now: .now)
    }
}
