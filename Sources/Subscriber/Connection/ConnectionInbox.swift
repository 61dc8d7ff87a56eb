import Blackhole
import Events
import Synchronization
import Threads

/// What the session tells a connection that runs on a thread of its own.
final class ConnectionInbox: Sendable {
    /// Something to do on the connection that stands.
    enum Order: Equatable, Sendable {
        /// Subscribe to these as well.
        case add([Subscription])
        /// Forget about these.
        case remove(Set<Subscription>)
        /// Make the subscriptions anew.
        case renew(Renewal)
    }

    /// Ends the connection in an orderly way when raised, also while it is being made.
    let interruption = Interruption()
    private let orders = Mutex<[Order]>([])

    /// Gives an order, and wakes the connection.
    func post(_ order: Order) {
        orders.withLock { $0.append(order) }
        interruption.wake()
    }

    /// Takes the orders that have been given.
    func take() -> [Order] {
        orders.withLock { orders in
            guard !orders.isEmpty else { return [] }
            defer { orders = [] }
            return orders
        }
    }
}
