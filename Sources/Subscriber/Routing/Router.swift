public import Events
import Synchronization

/// From the one stream of a session's events to the consumers: each gets those of its bindings that match.
///
/// Nothing is copied for who wants a whole batch, and once for who wants a part of it. Frames that were not JSON go to
/// routes without bindings: nobody can say which events they were.
///
/// A reference, because the session keeps its sink to itself, and routes change while it runs.
public final class Router: EventSink {
    private struct State {
        var table: RouteTable
        /// The number of the last event that came.
        var sequence: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Creates a router.
    public init(_ routes: [Route] = []) {
        state = Mutex(State(table: RouteTable(routes)))
    }

    /// The number of the last event that came; 0 before the first.
    public var lastSequence: UInt64 { state.withLock(\.sequence) }

    /// Takes other routes instead of those it has, in one step between two batches.
    ///
    /// When this returns, the old routes are not offered anything any more.
    public func replace(with routes: [Route]) {
        let table = RouteTable(routes)
        state.withLock { $0.table = table }
    }

    /// Hands on the events of one burst.
    public func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        guard !batch.isEmpty else { return .more }
        state.withLock { state in
            state.sequence = batch.nextSequence - 1
            state.table.route(batch)
        }
        return .more
    }

    /// Tells of the gap those who ask for gaps and may have missed something in this one.
    ///
    /// The line has the number of the event that it comes after.
    public func missed(_ gap: Gap, now: ContinuousClock.Instant) {
        state.withLock { state in
            var batch = EventBatch(receivedAt: .now, firstSequence: state.sequence)
            batch.append(notice: gap.notice)
            state.table.route(batch, of: gap)
        }
    }

    /// Never has anything to do by the clock.
    public func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }

    /// Never.
    public var deadline: ContinuousClock.Instant? { nil }
}
