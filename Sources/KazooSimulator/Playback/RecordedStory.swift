import Events

/// The events of a recording, as they were recorded, once or again and again.
///
/// What is no event is left out; ``RecordingSurvey`` counts it.
public struct RecordedStory: EventSource {
    /// How fast it is told.
    public enum Pace: Equatable, Sendable {
        /// As it was recorded, so many times as fast. Events whose moment is not known, or that of the one before, come
        /// `rate` a second.
        case recorded(speed: Double, rate: Double)
        /// So many events a second.
        case even(rate: Double)
    }

    /// What there is to be said meanwhile.
    public enum Notice: Sendable {
        /// The recording is at its end, after so many events.
        case played(events: Int)
        /// The recording cannot be read, which is the end.
        case failed(any Error)
    }

    private struct Upcoming: Sendable {
        var event: SimulatedEvent
        var pause: Duration
    }

    /// How long the first event of a round lets wait for itself, so that a client has the time for all its subscriptions.
    private static let leadIn = Duration.seconds(1)

    private let recording: any RecordedBytes
    private let pace: Pace
    private let repeats: Bool
    private let tell: @Sendable (Notice) -> Void
    private var lines: RecordedLines
    private var upcoming: Upcoming?
    private var lastMoment: Timestamp?
    private var round = 1
    /// How many events of this round there were.
    private var played = 0
    private var isOver = false

    /// Begins at the beginning.
    ///
    /// - Parameters:
    ///   - recording: What is played; it is read on the simulator's thread.
    ///   - repeats: Whether it begins anew at its end.
    ///   - tell: Is told when the end is reached, each time.
    public init(
        _ recording: any RecordedBytes, pace: Pace, repeats: Bool = false,
        tell: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.recording = recording
        self.pace = pace
        self.repeats = repeats
        self.tell = tell
        lines = RecordedLines(recording)
    }

    /// As recorded, or as evenly as the pace says; a second before the first event.
    public mutating func nextPause() -> EventPause {
        prepare()
        return upcoming.map { .lasting($0.pause) } ?? .endless
    }

    /// The next recorded event.
    public mutating func next(now: Int64) -> SimulatedEvent? {
        prepare()
        guard let event = upcoming?.event else { return nil }
        upcoming = nil
        played += 1
        return event
    }

    /// Sees to it that the next event is there, if there is one.
    private mutating func prepare() {
        guard upcoming == nil, !isOver else { return }
        do {
            upcoming = try read()
            if upcoming == nil {
                tell(.played(events: played))
                // An empty round would be followed by another at once, for ever.
                if repeats, played > 0 { upcoming = try readAgain() }
            }
        } catch {
            tell(.failed(error))
        }
        isOver = upcoming == nil
    }

    private mutating func readAgain() throws -> Upcoming? {
        lines = RecordedLines(recording)
        lastMoment = nil
        played = 0
        round += 1
        return try read()
    }

    private mutating func read() throws -> Upcoming? {
        while let line = try lines.next() {
            guard case .event(let view, let moment) = line,
                let event = SimulatedEvent(recorded: view, round: round)
            else { continue }
            defer { lastMoment = moment }
            return Upcoming(event: event, pause: pause(before: moment))
        }
        return nil
    }

    private func pause(before moment: Timestamp?) -> Duration {
        if played == 0 { return Self.leadIn }
        switch pace {
        case .even(let rate): return .seconds(1) / rate
        case .recorded(let speed, let rate):
            guard let moment, let lastMoment else { return .seconds(1) / rate }
            // Where recordings were joined, time can run backwards.
            return max(.zero, moment - lastMoment) / speed
        }
    }
}
