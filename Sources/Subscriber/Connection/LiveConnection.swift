import Blackhole
import Events
import Network
import Threads

/// One connection at work: the link's messages go through the dialect, its events into the flow.
struct LiveConnection<D: Dialect>: ~Copyable where D.Subscription == Blackhole.Subscription {
    private let id: ConnectionID
    private let url: ServerURL
    private var link: WebSocketLink
    private var dialect: D
    private let inbox: ConnectionInbox
    private let flow: EventFlow
    private let tell: (ConnectionNews) -> Void
    private var batch: EventBatch
    private var heard = HeardMoments()
    private var silence = SilenceWatch()
    private var witnesses = Witnesses()
    private var announcements: EventSelector?
    private var unwanted: UnwantedEvents
    /// How many additions and removals have been done.
    private var orders = 0
    /// How many bytes had been read when the server was heard the last time.
    private var heardBytes = 0
    /// When the next look at orders and at what is due by time is due itself, if nothing but events comes; `nil` for never.
    ///
    /// Events move no deadline nearer. What can gives a reason to look: a reply, an order, the beginning of the end.
    private var nextLook: ContinuousClock.Instant? = .now
    /// Whether there is such a reason.
    private var mustLook = true
    /// Why we close, once we do.
    private var end: ConnectionNews.End?
    /// Whether what still comes is wanted.
    private var isListening = true
    /// Since when the subscriptions have been settled the last time.
    private var settledAt: ContinuousClock.Instant?
    private var lastRefusal: DialectFailure?

    /// - Parameters:
    ///   - subscriptions: what the dialect subscribes to at first.
    ///   - announcements: which events tell of a new account, where anybody wants to know.
    ///   - tell: told what happens, on the connection's thread.
    init(
        _ id: ConnectionID, to url: ServerURL, over link: consuming WebSocketLink, speaking dialect: D,
        for subscriptions: [Subscription], inbox: ConnectionInbox, into flow: EventFlow,
        heeding announcements: EventSelector?, tell: @escaping (ConnectionNews) -> Void
    ) {
        self.id = id
        self.url = url
        self.link = link
        self.dialect = dialect
        self.inbox = inbox
        self.flow = flow
        self.tell = tell
        self.announcements = announcements
        unwanted = UnwantedEvents(wanted: subscriptions)
        batch = EventBatch(connection: "\(url)\(id)")
    }

    /// Subscribes and hands on events, until the connection has ended.
    ///
    /// - Parameter token: what authenticates the session.
    mutating func run(token: String) -> ConnectionNews.End {
        flow.coverage { [id, url] in $0.opened(id, to: "\(url)", at: .now) }
        let end = live(token: token)
        flow.coverage { [id, last = heard.takeUntold()] coverage in
            if let last { coverage.heard(on: id, at: last) }
            coverage.lost(id)
        }
        return end
    }

    private mutating func live(token: String) -> ConnectionNews.End {
        perform(dialect.opened(token: token, now: .now))
        while true {
            do throws(SessionFailure) {
                batch.removeAll(keepingCapacity: true)
                batch.receivedAt = .now
                let now = ContinuousClock.now
                var said: [DialectAction] = []
                let progress = try receive(saying: &said, now: now)
                noteHeard(progress)
                // A gap that ends here comes before the events that follow it.
                perform(said)
                hand(now: now)
                if case .ended(let closure) = progress { return end ?? .lost(SessionFailure(closure, from: url)) }
                if mustLook || progress == .more || nextLook.map({ $0 <= now }) ?? false { look(now: now) }
                assert(earliest(nextLook, deadline) == nextLook, "a deadline came nearer, and nobody said so")
                try link.flush()
                if progress == .drained, link.wait(until: nextLook) { mustLook = true }
            } catch {
                // What came before the break is not lost.
                hand(now: .now)
                return end ?? .lost(error)
            }
        }
    }

    private mutating func receive(
        saying actions: inout [DialectAction], now: ContinuousClock.Instant
    ) throws(SessionFailure) -> WebSocketLink.Progress {
        try link.receive(now: now) { [isListening] _, message in
            guard isListening else { return true }
            let count = batch.count
            let said = dialect.received(message, now: now, into: &batch)
            if batch.count == count { mustLook = true }
            if !said.isEmpty { actions += said }
            return true
        }
    }

    /// Everything that was sent before the read began is here: only what came later is missing, should this connection be
    /// lost. What is read of a connection that is over, or of a socket that holds more, may have waited there for long.
    private mutating func noteHeard(_ progress: WebSocketLink.Progress) {
        guard link.bytesRead > heardBytes, progress == .drained else { return }
        heardBytes = link.bytesRead
        guard let moment = heard.heard(at: batch.receivedAt) else { return }
        flow.coverage { [id] in $0.heard(on: id, at: moment) }
    }

    private mutating func hand(now: ContinuousClock.Instant) {
        guard !batch.isEmpty, isListening else { return }
        unwanted.discard(from: &batch)
        guard !batch.isEmpty else { return }
        silence.heard(events: batch.count, now: now)
        let witnessed = witnesses.look(at: batch, now: now, among: dialect.confirmed(since: nil))
        if let announcements, batch.contains(where: announcements.selects) { tell(.accountCreated) }
        if flow.deliver(&batch, now: now) == .enough {
            isListening = false
            tell(.enough)
            leave(.left)
        }
        guard !witnessed.isEmpty else { return }
        flow.coverage { [moment = batch.receivedAt] coverage in
            for subscription in witnessed { coverage.witnessed(subscription, at: moment) }
        }
    }

    /// Does what the session has asked for and what is due, and finds out when to look again.
    private mutating func look(now: ContinuousClock.Instant) {
        obey()
        perform(tick(now: now))
        nextLook = deadline
        mustLook = false
    }

    /// Does what the session has asked for.
    private mutating func obey() {
        if inbox.interruption.isRaised { leave(.left) }
        for order in inbox.take() where end == nil {
            let now = ContinuousClock.now
            switch order {
            case .add(let subscriptions):
                orders += 1
                unwanted.add(subscriptions)
                perform(dialect.add(subscriptions, now: now))
            case .remove(let subscriptions):
                orders += 1
                dialect.remove(subscriptions)
                unwanted.remove(subscriptions)
                // Nothing is added, but that tells when everything that is left is settled.
                perform(dialect.add([], now: now))
            case .renew(let renewal): perform(dialect.renew(renewal, now: now))
            case .heed(let selector): announcements = selector
            }
        }
    }

    /// Does what is due.
    private mutating func tick(now: ContinuousClock.Instant) -> [DialectAction] {
        if let deadline = link.deadline, now >= deadline { link.tick(now: now) }
        guard end == nil else { return [] }
        if silence.suspects(now: now) { tell(.suspicious) }
        guard let deadline = dialect.deadline, now >= deadline else { return [] }
        return dialect.tick(now: now)
    }

    private var deadline: ContinuousClock.Instant? {
        guard end == nil else { return link.deadline }
        return earliest(earliest(link.deadline, dialect.deadline), silence.deadline)
    }

    private mutating func perform(_ actions: [DialectAction]) {
        guard !actions.isEmpty else { return }
        mustLook = true
        for action in actions {
            switch action {
            case .transmit(let text): link.send(Array(text.utf8))
            case .ready: settle()
            case .failed(let failure): note(failure)
            case .close: leave(.lost(SessionFailure(.unreachable, "\(url): the connection is of no use")))
            }
        }
    }

    /// The subscriptions are settled: gaps may end, and the session is told.
    private mutating func settle() {
        let (fresh, refused) = (dialect.confirmed(since: settledAt), dialect.refused)
        settledAt = .now
        let gaps = flow.record { [id] coverage in
            coverage.refused(refused, on: id, at: .now)
            return coverage.confirmed(fresh, on: id, at: .now)
        }
        for gap in gaps { tell(.gap(gap)) }
        let kind: SessionFailure.Kind = lastRefusal?.code == .subscriptionForbidden ? .denied : .refused
        let reason = lastRefusal?.message ?? "Kazoo gives no reason"
        tell(
            .settled(
                Settlement(
                    confirmed: dialect.confirmedCount, refused: dialect.refusedCount, orders: orders,
                    isRenewedByRepeating: dialect.isRenewedByRepeating,
                    failure: SessionFailure(kind, "no subscription was accepted: \(reason)"))))
    }

    private mutating func note(_ failure: DialectFailure) {
        if failure.code == .tokenRefused {
            return leave(.tokenRefused(SessionFailure(.denied, "\(url): \(failure.message)")))
        }
        if failure.isRefusal { lastRefusal = failure }
        tell(.problem(failure))
    }

    /// Begins to close, in an orderly way; the first reason stands.
    private mutating func leave(_ end: ConnectionNews.End) {
        guard self.end == nil else { return }
        self.end = end
        mustLook = true
        for case .transmit(let text) in dialect.closing(now: .now) { link.send(Array(text.utf8)) }
        link.close(now: .now)
    }
}
