import Events

/// Knows when months begin: Kazoo binds faxes, voicemail messages and half of `object.*` to the database of the month in
/// which they are subscribed to (`kz_services_modb`, UTC), so they are silent from then on until subscribed to anew.
///
/// Two clocks never agree quite: the subscriptions are renewed as soon as the month has begun by this machine's clock,
/// and once more when it has begun by a server's whose clock is late.
struct MonthClock: Sendable {
    /// How long after the turn the subscriptions are renewed.
    private static let delays: [Duration] = [.seconds(5), .seconds(65)]
    /// How much a server's clock may be ahead.
    static let margin: Duration = .seconds(60)

    /// The beginning of the month that is awaited.
    private(set) var turn: Timestamp
    private var renewals = 0

    init(now: Timestamp) {
        turn = now.nextMonth
    }

    /// When the next renewal is due.
    var due: Timestamp { turn + Self.delays[renewals] }

    /// Since when events may be missing: the server's clock may be ahead of ours.
    var silentSince: Timestamp { turn - Self.margin }

    /// Takes note that the renewal which was due is under way.
    mutating func renewed(now: Timestamp) {
        renewals += 1
        guard renewals == Self.delays.count else { return }
        renewals = 0
        turn = now.nextMonth
    }
}
