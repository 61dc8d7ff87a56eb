import Glibc

/// Moments of the system's clock, which may be set, differ by durations, in whole microseconds.
extension Timestamp: InstantProtocol {
    /// The present. Protocols and policies are given the time; only drivers and logs ask for it.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// A later moment; an earlier one, where the duration is negative.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// How long it is until another moment; negative, where that is earlier.
    public func duration(to other: Timestamp) -> Duration { .microseconds(other.microseconds - microseconds) }

    /// A later moment.
    public static func + (moment: Timestamp, duration: Duration) -> Timestamp { moment.advanced(by: duration) }

    /// An earlier moment.
    public static func - (moment: Timestamp, duration: Duration) -> Timestamp { moment.advanced(by: .zero - duration) }

    /// How long it is from the right moment to the left one.
    public static func - (later: Timestamp, earlier: Timestamp) -> Duration { earlier.duration(to: later) }
}
