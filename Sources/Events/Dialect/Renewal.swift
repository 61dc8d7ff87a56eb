/// How a ``Dialect`` makes its confirmed subscriptions anew, in the running connection.
public enum Renewal: Equatable, Sendable {
    /// By asking for them once more.
    ///
    /// Nothing is lost by it. It serves Kazoo 4.x at all times, and Kazoo 5 at a month's turn.
    case repeating
    /// By giving each up and asking for it at once again, which heals a listener that Kazoo has lost where repeating does
    /// not.
    ///
    /// An event may be lost in the moment between the two. Where repeating heals, this repeats. After a month's turn
    /// ``repeating`` comes first: Kazoo 5 does not know yet that the session needs the listeners of the new month, and
    /// would take them from other sessions.
    case recounting
}
