import Blackhole
import CMalloc
import Crossbar
import Events
import Network
import Secrets
import Threads

/// Executes what ``SessionMachine`` decides: starts the threads of connections and questions, and hears from them.
///
/// Belongs to the session's thread, which never waits for anything but its mailbox.
struct SessionDriver: ~Copyable {
    private enum Message: Sendable {
        case granted(Grant)
        case loginFailed(SessionFailure)
        case listed([AccountID], askedAt: Timestamp)
        case listingFailed(SessionFailure, isTokenRefused: Bool)
        case connection(ConnectionID, ConnectionNews)
    }

    private struct Connection {
        let url: ServerURL
        let inbox = ConnectionInbox()
        /// How its subscriptions have come out; `nil` while that is open.
        var settlement: Settlement?
    }

    private let configuration: SessionConfiguration
    private let control: SessionControl
    private let report: @Sendable (SessionReport) -> Void
    private let mailbox: Mailbox<Message>
    private let desk: CrossbarDesk
    private let flow: EventFlow
    private var machine: SessionMachine
    private var month: MonthClock
    private var saver: LastLiveSaver?
    private var grant: Grant?
    /// When the accounts were asked for the last time.
    private var listedAt: Timestamp?
    private var connections: [ConnectionID: Connection] = [:]
    /// How many questions to Crossbar have no answer yet.
    private var questions = 0
    private var end: SessionEnd?
    /// Why subscriptions were refused, by their descriptions.
    private var refusals: [String: String] = [:]
    private var gapCounts: [Gap.Reason: Int] = [:]

    init(
        configuration: SessionConfiguration, sink: any EventSink, control: SessionControl,
        report: @escaping @Sendable (SessionReport) -> Void
    ) {
        self.configuration = configuration
        self.control = control
        self.report = report
        mailbox = Mailbox(waking: control.interruption)
        desk = CrossbarDesk(server: configuration.server, options: configuration.network)
        flow = EventFlow(
            sink: sink, firstSequence: configuration.firstSequence,
            window: configuration.policy.redundancy > 1 ? 65_536 : 16_384)
        month = MonthClock(now: configuration.calendar())
        machine = SessionMachine(policy: configuration.policy, wanted: configuration.wanted)
        saver = configuration.lastLive.map { LastLiveSaver(store: $0, now: .now) }
    }

    /// Runs until the end, and returns when every thread that was started has ended.
    mutating func run() -> SessionEnd {
        if let problem = saver?.load() { report(.stateNotSaved(problem)) }
        perform(machine.start(now: .now))
        while end == nil, !control.isStopped {
            for message in mailbox.take() { read(message) }
            if end == nil { obey() }
            if end == nil { tick() }
            if control.takeStateRequest() { report(.state(state)) }
            noteTurn()
            if end == nil { control.interruption.sleep(until: deadline) }
        }
        close()
        return end ?? .finished
    }

    /// Leaves every connection in an orderly way, and waits for the threads: their waits are bounded.
    private mutating func close() {
        let end = end ?? .finished
        desk.interruption.raise()
        for connection in connections.values { connection.inbox.interruption.raise() }
        while questions > 0 || !connections.isEmpty {
            for message in mailbox.take() { read(message) }
            guard questions > 0 || !connections.isEmpty else { break }
            control.interruption.sleep(until: .now + .seconds(1))
        }
        self.end = end
        save(now: .now, isLast: true)
    }

    /// Changes what is wanted, where somebody has asked for that.
    private mutating func obey() {
        guard let wanted = control.takeWanted() else { return }
        let announcements = machine.wishes.announcements
        perform(machine.want(wanted, now: .now))
        guard machine.wishes.announcements != announcements else { return }
        for connection in connections.values { connection.inbox.post(.heed(machine.wishes.announcements)) }
    }

    /// A thread that hangs in the sink holds the flow's lock, without which ``tick()`` does not return.
    private func noteTurn() {
        if connections.values.allSatisfy({ $0.inbox.isRead() }) { control.turned() }
    }

    // MARK: Time

    private var deadline: ContinuousClock.Instant {
        let now = ContinuousClock.now
        let month = now + (month.due - configuration.calendar())
        // The system's clock may be set: the month is looked at again at least every hour.
        let hour = now + .seconds(3600)
        return [machine.deadline, flow.deadline, saver?.due, month].compactMap(\.self).reduce(hour, min)
    }

    private mutating func tick() {
        let now = ContinuousClock.now
        if flow.tick(now: now) == .enough {
            end = .finished
            return
        }
        if configuration.calendar() >= month.due { turnMonth(now: now) }
        if let due = machine.deadline, due <= now { perform(machine.tick(now: now)) }
        save(now: now)
    }

    private mutating func turnMonth(now: ContinuousClock.Instant) {
        let since = month.silentSince
        month.renewed(now: configuration.calendar())
        flow.coverage { $0.silence(since: since, reason: .monthTurned, where: \.binding.isBoundToMonth) }
        perform(machine.monthTurned(now: now))
    }

    private mutating func save(now: ContinuousClock.Instant, isLast: Bool = false) {
        guard saver?.isDue(now: now) == true || isLast else { return }
        if let problem = saver?.save(flow.coverage { $0.liveUntil }, now: now) { report(.stateNotSaved(problem)) }
    }

    private var state: SessionState {
        let connections = connections.sorted { $0.key < $1.key }.map { id, connection in
            SessionState.Connection(
                id: id, url: connection.url, confirmed: connection.settlement?.confirmed ?? 0,
                refused: connection.settlement?.refused ?? 0)
        }
        return flow.coverage { [refusals, gapCounts] coverage in
            SessionState(
                connections: connections, wanted: coverage.count, missing: coverage.missingCount,
                refused: coverage.refused.map { .init(subscription: $0, reason: refusals[$0.description] ?? "") }
                    .sorted { $0.subscription.description < $1.subscription.description },
                verifiedUntil: coverage.verifiedUntil, gaps: gapCounts)
        }
    }

    // MARK: Messages

    private mutating func read(_ message: Message) {
        let now = ContinuousClock.now
        switch message {
        case .granted(let grant):
            questions -= 1
            self.grant = grant
            perform(
                machine.loggedIn(
                    account: grant.account, lifetime: grant.lifetime, urlCount: grant.urls.count, now: now))
        case .loginFailed(let failure):
            questions -= 1
            perform(machine.loginFailed(failure, now: now), after: failure)
        case .listed(let accounts, let askedAt):
            questions -= 1
            if machine.wishes.includesDescendants { report(.accounts(count: accounts.count)) }
            perform(machine.listed(accounts, now: now))
            listedAt = askedAt
        case .listingFailed(let failure, let isTokenRefused):
            questions -= 1
            perform(
                machine.listingFailed(failure, isTokenRefused: isTokenRefused, now: now), after: failure)
        case .connection(let id, let news):
            hear(news, from: id, now: now)
        }
    }

    private mutating func hear(_ news: ConnectionNews, from id: ConnectionID, now: ContinuousClock.Instant) {
        guard let connection = connections[id] else { return }
        switch news {
        case .opened: report(.connected(connection.url, id))
        case .gap(let gap): tell(gap)
        case .problem(let failure):
            guard failure.isRefusal, let subject = failure.subject else { return report(.problem(failure)) }
            // Each connection asks anew, and what is refused still is no news.
            if refusals.updateValue(failure.message, forKey: subject) != failure.message { report(.problem(failure)) }
        case .settled(let settlement):
            connections[id]?.settlement = settlement
            forgetMendedRefusals()
            report(
                .settled(connection.url, id, confirmed: settlement.confirmed, refused: settlement.refused))
            perform(machine.settled(id, settlement, now: now))
        case .suspicious: perform(machine.suspected(id, now: now))
        case .accountCreated: perform(machine.accountCreated(now: now))
        case .enough: end = .finished
        case .ended(let ending):
            connections[id] = nil
            switch ending {
            case .left:
                let left = SessionFailure(.unreachable, "\(connection.url): the connection was left")
                perform(machine.ended(id, left, isTokenRefused: false, now: now))
            case .lost(let failure):
                perform(machine.ended(id, failure, isTokenRefused: false, now: now), after: failure)
            case .tokenRefused(let failure):
                perform(machine.ended(id, failure, isTokenRefused: true, now: now), after: failure)
            }
        }
    }

    private mutating func tell(_ gap: Gap) {
        gapCounts[gap.reason, default: 0] += 1
        report(.gap(gap))
    }

    private mutating func forgetMendedRefusals() {
        guard !refusals.isEmpty else { return }
        let refused = Set(flow.coverage { $0.refused }.map(\.description))
        refusals = refusals.filter { refused.contains($0.key) }
    }

    // MARK: Actions

    /// - Parameter failure: what has made them necessary; the failure that ends the session is its result, and is not
    ///   reported besides.
    private mutating func perform(_ actions: [SessionMachine.Action], after failure: SessionFailure? = nil) {
        guard end == nil, !control.isStopped else { return }
        let isEnd = actions.contains { if case .end = $0 { true } else { false } }
        if let failure, !isEnd { report(.lost(failure)) }
        for action in actions { perform(action) }
    }

    private mutating func perform(_ action: SessionMachine.Action) {
        switch action {
        case .logIn: logIn()
        case .listAccounts: listAccounts()
        case .changed(let added, let removed): report(.changed(added: added, removed: removed))
        case .changeRefused(let failure): report(.changeRefused(failure))
        case .want(let subscriptions, let occasion): want(subscriptions, occasion)
        case .unwant(let subscriptions):
            for gap in flow.record({ $0.unwant(subscriptions, at: .now) }) { tell(gap) }
            forgetMendedRefusals()
        case .connect(let id, let urlIndex, let subscriptions): connect(id, urlIndex: urlIndex, subscriptions)
        case .add(let id, let subscriptions): connections[id]?.inbox.post(.add(subscriptions))
        case .remove(let id, let subscriptions): connections[id]?.inbox.post(.remove(subscriptions))
        case .renew(let id, let renewal):
            guard let connection = connections[id] else { return }
            report(.renewing(connection.url, id))
            connection.inbox.post(.renew(renewal))
        case .leave(let id):
            guard let connection = connections[id] else { return }
            report(.leaving(connection.url, id))
            connection.inbox.interruption.raise()
        case .ready(let confirmed, let refused):
            // Laying out many subscriptions leaves as much memory unused as they take, a part in each thread's heap, and the
            // allocator would keep it for as long as the program runs.
            malloc_trim(0)
            report(.ready(confirmed: confirmed, refused: refused, connections: connectedURLs))
        case .rest(let until): report(.waiting(until - .now))
        case .end(let end): self.end = end
        }
    }

    private func want(_ subscriptions: [Subscription], _ occasion: Wishes.Occasion) {
        flow.coverage { [listedAt, liveUntil = saver?.liveUntil] coverage in
            switch occasion {
            case .start: coverage.want(subscriptions, since: liveUntil, reason: .notRunning)
            case .accountFound: coverage.want(subscriptions, since: listedAt, reason: .accountFound)
            // Nobody waited for them before now, so nothing of them can have been missed.
            case .change: coverage.want(subscriptions, since: nil, reason: .notRunning)
            }
        }
    }

    private var connectedURLs: [ServerURL] { connections.sorted { $0.key < $1.key }.map(\.value.url) }

    private mutating func logIn() {
        questions += 1
        desk.ask { [configuration, report, mailbox] crossbar in
            do {
                mailbox.post(.granted(try Grant(configuration, crossbar: crossbar, report: report)))
            } catch {
                mailbox.post(.loginFailed(SessionFailure(error)))
            }
        } failure: { [mailbox] error in
            mailbox.post(.loginFailed(SessionFailure(error)))
        }
    }

    private mutating func listAccounts() {
        guard let grant else { preconditionFailure("accounts are asked for with a token") }
        questions += 1
        let askedAt = Timestamp.now
        desk.ask { [mailbox] crossbar in
            do {
                guard let account = grant.account else {
                    throw SessionFailure(
                        .rejected, "the token does not name its account, so nobody knows what is below it")
                }
                let accounts = try crossbar.descendants(of: account.description, token: grant.token)
                mailbox.post(.listed(try accounts.map { try AccountID($0) }, askedAt: askedAt))
            } catch {
                let isTokenRefused = (error as? CrossbarError)?.code == .tokenRefused
                mailbox.post(.listingFailed(SessionFailure(error), isTokenRefused: isTokenRefused))
            }
        } failure: { [mailbox] error in
            mailbox.post(.listingFailed(SessionFailure(error), isTokenRefused: false))
        }
    }

    private mutating func connect(_ id: ConnectionID, urlIndex: Int, _ subscriptions: [Subscription]) {
        guard let grant else { preconditionFailure("the machine connects only after a login") }
        let connection = Connection(url: grant.urls[urlIndex])
        connections[id] = connection
        report(.connecting(connection.url, id))
        BlockingThread.start("ws\(id)") {
            [
                flow, mailbox, network = configuration.network, inbox = connection.inbox, url = connection.url,
                announcements = machine.wishes.announcements
            ] in
            let tell = { (news: ConnectionNews) in mailbox.post(.connection(id, news)) }
            do throws(SessionFailure) {
                let link = try WebSocketLink(to: url, options: network, interruption: inbox.interruption)
                tell(.opened)
                var live = LiveConnection(
                    id, to: url, over: link, speaking: BlackholeDialect(subscriptions: subscriptions),
                    for: subscriptions, inbox: inbox,
                    into: flow, heeding: announcements, tell: tell)
                tell(.ended(live.run(token: grant.token.value.reveal())))
            } catch {
                tell(.ended(inbox.interruption.isRaised ? .left : .lost(error)))
            }
        }
    }
}
