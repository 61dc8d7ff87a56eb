/// Hands out the events of a source when each is due, without IO. Time is a parameter.
struct Storyteller: Sendable {
    private var source: any EventSource
    /// The pause before an event where its source has no pace of its own; `nil` when there is none either.
    private let usualPause: Duration?
    /// The time that has passed since the event before.
    private var waited = Duration.zero
    private var hasBegun = false
    private var bindingsMade = 0

    /// A stall is made up for as far as this: meanwhile nobody can read.
    private static let longestDelay = Duration.seconds(1)

    /// Who keeps time, does so at least this often.
    static let longestNap = Duration.milliseconds(250)

    /// - Returns: `nil` when the configuration has no story to tell.
    init?(_ configuration: SimulatorConfiguration) {
        let rate = configuration.eventsPerSecond
        guard rate > 0 || configuration.eventSource != nil else { return nil }
        usualPause = rate > 0 ? .seconds(1) / rate : nil
        source =
            configuration.eventSource
            ?? TelephonyStory(
                accounts: configuration.storyAccounts, flavour: configuration.flavour, seed: configuration.seed)
    }

    /// Time passes while somebody listens.
    ///
    /// Until the first event every new binding begins the wait anew: a client that makes its subscriptions one by one
    /// would miss the beginning.
    ///
    /// - Parameter bindingsMade: How many bindings clients have made so far.
    mutating func advance(by time: Duration, bindingsMade: Int) {
        guard let pause = nextPause() else { return }
        if !hasBegun, bindingsMade != self.bindingsMade {
            self.bindingsMade = bindingsMade
            waited = .zero
            return
        }
        waited = min(waited + time, max(pause, Self.longestDelay))
    }

    /// The next event, if it is due.
    ///
    /// - Parameter now: The simulated time, in seconds since 1970.
    mutating func takeEvent(now: Int64) -> SimulatedEvent? {
        guard let pause = nextPause(), waited >= pause else { return nil }
        hasBegun = true
        let event = source.next(now: now)
        // A source that has run dry is asked again, after its pause.
        waited = event == nil ? .zero : waited - pause
        return event
    }

    /// How long the next event is not due yet: nothing when it is; `nil` when there is none.
    mutating func rest() -> Duration? {
        nextPause().map { max($0 - waited, .zero) }
    }

    /// How long to sleep until there may be something to tell; not at all while events are due.
    ///
    /// - Parameter isHeard: Whether anybody listens. If not, it is looked for somebody now and then.
    mutating func nap(isHeard: Bool) -> Duration {
        guard let rest = rest() else { return Self.longestNap }
        guard isHeard else { return .milliseconds(50) }
        return rest > .zero ? min(max(rest, .milliseconds(10)), Self.longestNap) : .zero
    }

    private mutating func nextPause() -> Duration? {
        switch source.nextPause() {
        case .asConfigured: usualPause
        case .lasting(let pause): pause
        case .endless: nil
        }
    }
}
