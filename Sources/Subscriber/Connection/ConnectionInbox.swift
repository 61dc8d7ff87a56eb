import Blackhole
import Events
import Synchronization
import Threads

/// What the session tells a connection that runs on a thread of its own, and by which it sees that the thread lives.
final class ConnectionInbox: Sendable {
    /// Something to do on the connection that stands.
    enum Order: Equatable, Sendable {
        /// Subscribe to these as well.
        case add([Subscription])
        /// Forget about these.
        case remove(Set<Subscription>)
        /// Make the subscriptions anew.
        case renew(Renewal)
        /// Tell of new accounts when such events come; `nil` for no more.
        case heed(EventSelector?)
    }

    private struct State {
        var orders: [Order] = []
        /// When the orders were looked at the last time; `nil` before the first.
        var readAt: SuspendingClock.Instant?
    }

    /// Ends the connection in an orderly way when raised, also while it is being made.
    let interruption = Interruption()
    private let state = Mutex(State())

    /// How long a thread that lives may leave its orders unread. It looks whenever its ping is due, every 25 seconds.
    static let patience: Duration = .seconds(60)

    /// Gives an order, and wakes the connection.
    func post(_ order: Order) {
        state.withLock { $0.orders.append(order) }
        interruption.wake()
    }

    /// Takes the orders that have been given.
    ///
    /// - Parameter now: the present, by the clock that a thread's sleep goes by: it stands still with the machine.
    func take(now: SuspendingClock.Instant = .now) -> [Order] {
        state.withLock { state in
            state.readAt = now
            guard !state.orders.isEmpty else { return [] }
            defer { state.orders = [] }
            return state.orders
        }
    }

    /// Whether the connection's thread lives, as far as one can see.
    ///
    /// While the connection is being made that is not asked: libcurl bounds the time, but not that of the system's resolver.
    func isRead(now: SuspendingClock.Instant = .now) -> Bool {
        state.withLock { state in state.readAt.map { now - $0 <= Self.patience } ?? true }
    }
}
