import Events

/// Saves the moment until which nothing was missed, now and then.
struct LastLiveSaver: Sendable {
    private let store: LastLive
    private var lastSaved: Timestamp?
    /// When it wants to save next.
    private(set) var due: ContinuousClock.Instant
    private var hasFailed = false
    /// The moment at which the program was live the last time, before this run; `nil` when that is not known.
    private(set) var liveUntil: Timestamp?

    /// How often it saves. After a crash, so much more than was missed may be declared.
    static let interval: Duration = .seconds(5)

    init(store: LastLive, now: ContinuousClock.Instant) {
        self.store = store
        due = now
    }

    /// Whether it is time to save.
    func isDue(now: ContinuousClock.Instant) -> Bool { due <= now }

    /// Reads what an earlier run has saved.
    ///
    /// - Returns: why it cannot be read, if so.
    mutating func load() -> String? {
        do {
            liveUntil = try store.load()
            return nil
        } catch {
            return error.description
        }
    }

    /// Saves, unless there is nothing new.
    ///
    /// - Parameter moment: until when nothing was missed; `nil` while that cannot be said.
    /// - Returns: why it cannot be saved, the first time.
    mutating func save(_ moment: Timestamp?, now: ContinuousClock.Instant) -> String? {
        due = now + Self.interval
        guard let moment, moment != lastSaved else { return nil }
        do {
            try store.save(moment)
            (lastSaved, hasFailed) = (moment, false)
            return nil
        } catch {
            defer { hasFailed = true }
            return hasFailed ? nil : error.description
        }
    }
}
