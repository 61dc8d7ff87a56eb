import Blackhole
import Events

/// The life of a session, without IO: log in → connect → subscribe → live → back off, on as many connections as it needs,
/// again and again.
///
/// Each input says what happened, and returns what to do next, in order; the driver does it and says what came of it.
struct SessionMachine: Sendable {
    /// What to do.
    enum Action: Equatable, Sendable {
        /// Get a token, and the list of WebSocket URLs.
        case logIn
        /// Ask which accounts there are below the login's.
        case listAccounts
        /// So many of the wishes are new, and so many are gone; for the report.
        case changed(added: Int, removed: Int)
        /// What was to be wanted instead is not possible; for the report.
        case changeRefused(SessionFailure)
        /// These subscriptions are wanted from now on, for this reason.
        case want([Subscription], Wishes.Occasion)
        /// These are not wanted any longer.
        case unwant(Set<Subscription>)
        /// Connect to this one of the URLs, and subscribe to these.
        case connect(ConnectionID, urlIndex: Int, [Subscription])
        /// Subscribe to these as well.
        case add(ConnectionID, [Subscription])
        /// Forget about these.
        case remove(ConnectionID, Set<Subscription>)
        /// Make the subscriptions anew on the connection that stands.
        case renew(ConnectionID, Renewal)
        /// Close the connection in an orderly way.
        case leave(ConnectionID)
        /// Every subscription is confirmed or finally refused; told anew after each loss and each change of the wishes.
        case ready(confirmed: Int, refused: Int)
        /// Nothing can be done before this moment, after a failure; for the report.
        case rest(until: ContinuousClock.Instant)
        /// It is over.
        case end(SessionEnd)
    }

    let policy: SessionPolicy
    var wishes: Wishes
    /// What was wanted at first, where that has changed before the first login.
    var wishesAtStart: Wishes?
    var generator: any RandomNumberGenerator & Sendable
    var token = TokenKeeper()
    /// Whether a login has succeeded: what it tells about the account is known.
    var hasLoggedIn = false
    var ownAccount: AccountID?
    var poll: AccountsPoll?
    /// Whether the question which accounts there are has no answer yet.
    var isListing = false
    var descendants: [AccountID]?
    var plan: SubscriptionPlan
    var lanes: [Lane] = []
    var urlCount = 1
    private var connections = 0
    /// When the server refused a connection the last time because there were too many.
    var crowdedAt: ContinuousClock.Instant?
    var wasReady = false
    var isReady = false
    var isOver = false

    /// Creates a machine that has done nothing yet.
    ///
    /// - Parameters:
    ///   - wanted: what is wanted.
    ///   - generator: where the jitter of the back-off comes from.
    init(
        policy: SessionPolicy, wanted: [SessionConfiguration.Wanted],
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.policy = policy
        wishes = Wishes(wanted)
        plan = SubscriptionPlan(capacity: policy.subscriptionsPerConnection)
        self.generator = generator
    }

    // MARK: Time

    /// Begins.
    mutating func start(now: ContinuousClock.Instant) -> [Action] {
        if wishes.includesDescendants { poll = AccountsPoll(interval: policy.accountsInterval, now: now) }
        return token.ask() ? [.logIn] : []
    }

    /// Does what is due.
    mutating func tick(now: ContinuousClock.Instant) -> [Action] { advance(now: now) }

    /// When ``tick(now:)`` is due; `nil` for never.
    var deadline: ContinuousClock.Instant? {
        guard !isOver else { return nil }
        let lanes = lanes.lazy.compactMap(\.deadline).min()
        return [lanes, poll?.due, token.retryAt].compactMap(\.self).min()
    }

    // MARK: Login

    /// A token is there.
    ///
    /// - Parameters:
    ///   - account: the account of the token; `nil` when the token does not say.
    ///   - lifetime: how long the token will last; `nil` when unknown.
    ///   - urlCount: how many WebSocket URLs there are to try in order; at least 1.
    mutating func loggedIn(
        account: AccountID?, lifetime: Duration?, urlCount: Int, now: ContinuousClock.Instant
    ) -> [Action] {
        precondition(urlCount > 0, "a session needs a WebSocket URL")
        token.received(lifetime: lifetime, now: now)
        ownAccount = account ?? ownAccount
        if urlCount != self.urlCount {
            self.urlCount = urlCount
            for index in lanes.indices { lanes[index].urlIndex = lanes[index].replica % urlCount }
        }
        return arrangeAfterLogin(now: now) + advance(now: now, isTokenNew: true)
    }

    /// There is no token.
    mutating func loginFailed(_ failure: SessionFailure, now: ContinuousClock.Instant) -> [Action] {
        let until = now + delay(after: failure, failures: token.failures + 1)
        token.failed(retryAt: until)
        if !wasReady, policy.endsBeforeFirstReady { return end(failure) }
        return [.rest(until: until)]
    }

    // MARK: Connections

    /// The subscriptions of a connection are settled: the first time, after some were added, or after a renewal.
    mutating func settled(
        _ id: ConnectionID, _ settlement: Settlement, now: ContinuousClock.Instant
    ) -> [Action] {
        guard let index = lanes.firstIndex(where: { $0.has(id) }) else { return [] }
        if lanes[index].successor?.id == id {
            return succeeded(at: index, settlement, now: now) + advance(now: now)
        }
        guard lanes[index].link?.id == id else { return [] }
        lanes[index].confirmed = settlement.confirmed
        lanes[index].refused = settlement.refused
        lanes[index].link?.isRenewedByRepeating = settlement.isRenewedByRepeating
        lanes[index].link?.settledOrders = settlement.orders
        guard settlement.confirmed > 0 else {
            // What it has been told to add since may be accepted.
            guard lanes[index].link?.isUpToDate == true else { return advance(now: now) }
            lanes[index].link = nil
            lanes[index].renewal = nil
            lanes[index].isRefused = true
            return [.leave(id)] + failed(at: index, settlement.failure, now: now) + advance(now: now)
        }
        if lanes[index].link?.isReady == false {
            lanes[index].link?.readySince = now
            lanes[index].isRefused = false
            lanes[index].tries = 0
            lanes[index].renewalDue = nextRenewal(now: now)
            token.used(lanes[index].link?.tokenNumber ?? 0)
        } else if lanes[index].renewal == .inPlace {
            lanes[index].renewal = nil
            lanes[index].renewalDue = nextRenewal(now: now)
        }
        return tellWhenReady() + advance(now: now)
    }

    /// A connection could not be made, or is over.
    mutating func ended(
        _ id: ConnectionID, _ failure: SessionFailure, isTokenRefused: Bool, now: ContinuousClock.Instant
    ) -> [Action] {
        guard !isOver, let index = lanes.firstIndex(where: { $0.has(id) }) else { return [] }
        let lane = lanes[index]
        if lane.renewal == .leaving(id) {
            lanes[index].renewal = .settling(until: now + policy.settlePause)
            return advance(now: now)
        }
        let link = lane.link?.id == id ? lane.link : lane.successor
        let isTokenStale = link?.tokenNumber != token.number || !token.isFresh
        if let link {
            if isTokenRefused { token.refused(link.tokenNumber) } else { token.used(link.tokenNumber) }
        }
        if lane.successor?.id == id {
            lanes[index].successor = nil
            return renewInPlace(at: index) + advance(now: now)
        }
        lanes[index].link = lane.successor
        lanes[index].successor = nil
        lanes[index].renewal = nil
        if let since = lane.link?.readySince, now - since >= policy.stableAfter { lanes[index].failures = 0 }
        if !areSharesSettled { isReady = false }
        if lanes[index].link != nil { return advance(now: now) }
        // A kept token may have been revoked meanwhile: a new login answers that.
        if isTokenRefused, isTokenStale { return advance(now: now) }
        return failed(at: index, failure, wasReady: lane.isReady, now: now) + advance(now: now)
    }

    /// A connection that used to bring events has fallen silent.
    mutating func suspected(_ id: ConnectionID, now: ContinuousClock.Instant) -> [Action] {
        guard let index = lanes.firstIndex(where: { $0.link?.id == id && $0.isReady }), lanes[index].renewal == nil
        else { return [] }
        lanes[index].renewalDue = now
        return advance(now: now)
    }

    /// A month has begun: Kazoo binds some subscriptions to the month in which they were made.
    mutating func monthTurned(now: ContinuousClock.Instant) -> [Action] {
        for index in lanes.indices where lanes[index].link != nil { lanes[index].mustRepeat = true }
        return advance(now: now)
    }

    // MARK: What to do next

    /// Whether every subscription is confirmed or finally refused on one connection at least, or there is none and none is
    /// awaited. What was added to a connection is not, until the connection has said how it came out.
    private var areSharesSettled: Bool {
        guard hasLoggedIn, !isAwaitingAccounts else { return false }
        guard !plan.shares.isEmpty else { return true }
        return lanes.contains(where: \.isReady)
            && plan.shares.allSatisfy { share in lanes.contains { $0.share == share.id && $0.isSettled } }
    }

    mutating func tellWhenReady() -> [Action] {
        guard !isReady, areSharesSettled else { return [] }
        (isReady, wasReady) = (true, true)
        var (confirmed, refused) = (0, 0)
        for share in plan.shares {
            let lanes = lanes.filter { $0.share == share.id && $0.isReady && $0.isSettled }
            let best = lanes.max { $0.confirmed < $1.confirmed }
            confirmed += best?.confirmed ?? 0
            refused += best?.refused ?? share.subscriptions.count
        }
        return [.ready(confirmed: confirmed, refused: refused)]
    }

    /// Everything that can be done now, and is not under way.
    mutating func advance(now: ContinuousClock.Instant, isTokenNew: Bool = false) -> [Action] {
        guard !isOver else { return [] }
        token.tick(now: now)
        poll?.tick(now: now)
        for index in lanes.indices { lanes[index].tick(now: now) }
        for index in lanes.indices { beginRenewal(at: index) }
        var actions: [Action] = []
        if isTokenNew || token.isUsable(now: now) {
            actions += connect()
            if poll?.isWanted == true, !isListing {
                poll?.asked(now: now)
                isListing = true
                actions.append(.listAccounts)
            }
        } else if needsToken, token.ask() {
            actions.append(.logIn)
        }
        for index in lanes.indices { actions += proceedWithRenewal(at: index, now: now) }
        return actions
    }

    private var needsToken: Bool {
        !hasLoggedIn || (poll?.isWanted == true && !isListing)
            || lanes.contains { $0.wantsConnection || $0.renewal == .wanted }
    }

    private mutating func connect() -> [Action] {
        var actions: [Action] = []
        for index in lanes.indices {
            if lanes[index].wantsConnection {
                let link = newLink(urlIndex: lanes[index].urlIndex)
                (lanes[index].mustRepeat, lanes[index].mustRenew) = (false, false)
                lanes[index].link = link
                actions.append(.connect(link.id, urlIndex: link.urlIndex, plan[share: lanes[index].share]))
            } else if lanes[index].renewal == .wanted {
                let link = newLink(urlIndex: preferredURL(of: lanes[index]))
                lanes[index].renewal = .replacing
                lanes[index].successor = link
                actions.append(.connect(link.id, urlIndex: link.urlIndex, plan[share: lanes[index].share]))
            }
        }
        return actions
    }

    private mutating func newLink(urlIndex: Int) -> Lane.Link {
        connections += 1
        return Lane.Link(id: ConnectionID(connections), urlIndex: urlIndex, tokenNumber: token.number)
    }

    /// Where a lane belongs: the first URL, or for redundant connections one after the other.
    func preferredURL(of lane: Lane) -> Int { lane.replica % urlCount }

    /// A moment within the last quarter of the interval, so that the connections do not all renew at once.
    mutating func nextRenewal(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        policy.renewalInterval.map { now + $0 * Double.random(in: 0.75...1, using: &generator) }
    }
}
