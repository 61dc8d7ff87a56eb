public import Blackhole
public import Events

/// A consumer as the router sees it: what it wants, and where that goes.
public struct Route: Sendable {
    /// The bindings whose events it gets, whichever account they are of; empty for every line.
    public var bindings: [Binding]
    /// What every line that it gets matches.
    public var matches: [EventMatch]
    /// Whether it is told where events may have been missed.
    public var showsGaps: Bool
    /// Takes what the consumer gets. Called under the flow's lock on the threads that read from the sockets: must not
    /// block, and must not ask anything of the router.
    public var offer: @Sendable (EventBatch) -> Void

    /// Creates a route.
    public init(
        bindings: [Binding] = [], matches: [EventMatch] = [], showsGaps: Bool = false,
        offer: @escaping @Sendable (EventBatch) -> Void
    ) {
        self.bindings = bindings
        self.matches = matches
        self.showsGaps = showsGaps
        self.offer = offer
    }
}
