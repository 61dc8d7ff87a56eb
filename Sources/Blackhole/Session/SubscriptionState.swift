/// How far one subscription has come.
public enum SubscriptionState: Equatable, Sendable {
    /// It has to be asked for.
    case wanted
    /// It has been asked for, and the reply is awaited.
    case pending
    /// Kazoo has confirmed it, the last time at this moment. One that is being renewed remains so until Kazoo has spoken.
    case confirmed(verifiedAt: ContinuousClock.Instant)
    /// Kazoo has refused it for good, as far as this connection goes; a renewal asks again.
    case refused(Refusal)
}
