/// One subscription in a session.
struct SubscriptionEntry: Sendable {
    let subscription: Subscription
    var state = SubscriptionState.wanted
    /// Whether a request has been made.
    var hasBeenAskedFor = false
    /// How many requests have been left without a reply.
    var missingReplies = 0
    /// How many replies gave no clear reason for a failure.
    var unclearFailures = 0
}
