/// How the subscriptions of a connection have come out.
struct Settlement: Equatable, Sendable {
    /// How many the server has confirmed.
    var confirmed: Int
    /// How many it has refused for good.
    var refused: Int
    /// How many additions and removals are in it: those that the connection has been told since it was begun.
    var orders: Int
    /// Whether repeating a subscribe renews it, as in Kazoo 4.x; `nil` while the server has not shown it.
    var isRenewedByRepeating: Bool?
    /// Why the connection is of no use, where nothing is confirmed.
    var failure: SessionFailure

    /// Creates a settlement.
    init(
        confirmed: Int, refused: Int, orders: Int = 0, isRenewedByRepeating: Bool? = nil,
        failure: SessionFailure = SessionFailure(.refused, "no subscription was accepted")
    ) {
        self.confirmed = confirmed
        self.refused = refused
        self.orders = orders
        self.isRenewedByRepeating = isRenewedByRepeating
        self.failure = failure
    }
}
