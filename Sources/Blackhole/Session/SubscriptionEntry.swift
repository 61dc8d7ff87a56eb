/// One subscription in a session.
///
/// A cluster has tens of thousands of these, so they are kept small.
struct SubscriptionEntry: Sendable {
    /// What Kazoo has said to the subscription at last.
    enum Outcome: Equatable, Sendable {
        case confirmed(verifiedAt: ContinuousClock.Instant)
        case refused(Refusal)
    }

    /// How far the asking has come.
    enum Progress: Sendable {
        /// A request has to be made, now or after a rest.
        case wanted
        /// A request has been made, and its reply is awaited.
        case pending
        /// Nothing is to be done.
        case settled
    }

    let subscription: Subscription
    /// What Kazoo has said at last; it stands while the subscription is renewed.
    var outcome: Outcome?
    var progress = Progress.wanted
    /// Whether it is wanted no longer. Its place remains, because requests are named by it.
    var isRemoved = false
    /// Whether a request has been made.
    var hasBeenAskedFor = false
    /// Whether it has become wanted anew since the last request was made, so that a success tells of a time before.
    var isOutdated = false
    /// Whether Kazoo has confirmed it and has not been asked since to give it up.
    var isHeld = false
    /// Whether the next request is to give it up first, if it is held.
    var isToBeRecounted = false
    /// How many requests have been left without a reply, since it became wanted.
    var missingReplies: Int32 = 0
    /// How many replies gave no clear reason for a failure, since it became wanted.
    var unclearFailures: Int32 = 0

    /// How far it has come, as the world may know it.
    var state: SubscriptionState {
        switch outcome {
        case .confirmed(let moment): .confirmed(verifiedAt: moment)
        case .refused(let refusal): .refused(refusal)
        case nil: progress == .pending ? .pending : .wanted
        }
    }

    var isConfirmed: Bool {
        if case .confirmed = outcome { true } else { false }
    }

    var isRefused: Bool {
        if case .refused = outcome { true } else { false }
    }
}
