/// How a ``Dialect`` makes its confirmed subscriptions anew, in the running connection.
public enum Renewal: Equatable, Sendable {
    /// By asking for them once more.
    ///
    /// Nothing is lost by it. It serves Kazoo 4.x at all times, and Kazoo 5 at a month's turn.
    case repeating
    /// By giving them up and asking for them at once again, where repeating does not heal a listener that Kazoo has lost.
    ///
    /// An event may be lost in the moment between the two. Where repeating heals, this repeats. In Kazoo 5, the listeners
    /// of a new month have to be ``repeating``'s first: given up before they were asked for, they would be taken from
    /// other sessions.
    case recounting
}
