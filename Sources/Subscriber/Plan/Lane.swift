/// One place for a connection: a share of the subscriptions, the server where it belongs, and what stands there now.
struct Lane: Sendable {
    /// A connection of the lane.
    struct Link: Equatable, Sendable {
        let id: ConnectionID
        let urlIndex: Int
        /// Which token it was made with.
        let tokenNumber: Int
        /// How many additions and removals it has been told.
        var orders = 0
        /// How many of them its last settlement includes.
        var settledOrders = 0
        /// Since when its subscriptions are settled.
        var readySince: ContinuousClock.Instant?
        /// How the server renews subscriptions; `nil` while unknown.
        var isRenewedByRepeating: Bool?

        var isReady: Bool { readySince != nil }

        /// Whether its last settlement includes everything that it has been told.
        var isUpToDate: Bool { settledOrders == orders }
    }

    /// How far a renewal has come.
    enum Renewal: Equatable, Sendable {
        /// It is due, and waits for a token.
        case wanted
        /// A second connection is being made.
        case replacing
        /// The second connection carries everything; the first one is being left.
        case leaving(ConnectionID)
        /// The first connection is gone; Kazoo is given a moment to count it out.
        case settling(until: ContinuousClock.Instant)
        /// The subscriptions are made anew on the connection that stands.
        case inPlace
    }

    let share: Int
    /// The first of several connections that carry the share is 0.
    let replica: Int
    /// The URL to try next.
    var urlIndex: Int
    var link: Link?
    /// The connection that is to take the link's place.
    var successor: Link?
    var renewal: Renewal?
    /// When the subscriptions are to be renewed.
    var renewalDue: ContinuousClock.Instant?
    /// Whether they are to be renewed, as soon as no other connection of the share is at it.
    var mustRenew = false
    /// Whether they are to be repeated once more, as soon as what is under way has come to its end.
    var mustRepeat = false
    /// Failures in a row since the lane was last stable.
    var failures = 0
    /// How many connections have failed since the last that was ready.
    var tries = 0
    /// Before this moment it does not connect; `nil` for at once.
    var restsUntil: ContinuousClock.Instant?
    /// Whether the server has refused all of its subscriptions.
    var isRefused = false
    var confirmed = 0
    var refused = 0

    init(share: Int, replica: Int, urlIndex: Int) {
        self.share = share
        self.replica = replica
        self.urlIndex = urlIndex
    }

    /// Whether its events flow.
    var isReady: Bool { link?.isReady ?? false }

    /// Whether everything that its share holds now is confirmed or finally refused.
    var isSettled: Bool { isRefused || isReady && link?.isUpToDate == true }

    /// The connections that carry the share, or are to.
    var links: [Link] { [link, successor].compactMap(\.self) }

    /// Whether its subscriptions are being made anew, or are about to be.
    var isRenewing: Bool { renewal != nil || mustRepeat }

    /// Whether it wants a connection now.
    var wantsConnection: Bool { link == nil && restsUntil == nil }

    /// Takes note of the time.
    mutating func tick(now: ContinuousClock.Instant) {
        if let restsUntil, restsUntil <= now { self.restsUntil = nil }
        if let renewalDue, renewalDue <= now, isReady, renewal == nil { (self.renewalDue, mustRenew) = (nil, true) }
    }

    /// Whether a connection belongs to it.
    func has(_ id: ConnectionID) -> Bool {
        link?.id == id || successor?.id == id || renewal == .leaving(id)
    }

    /// When it has something to do without being told.
    var deadline: ContinuousClock.Instant? {
        guard link != nil else { return restsUntil }
        switch renewal {
        case nil: return isReady ? renewalDue : nil
        case .settling(let until): return until
        case .wanted, .replacing, .leaving, .inPlace: return nil
        }
    }
}
