import Events

/// A point of the simulated time, in nanoseconds since 1970. All of the simulator's core takes it as a parameter.
struct SimulatorInstant: Comparable, Sendable {
    var nanoseconds: Int64

    /// Whole seconds since 1970.
    var unixSeconds: Int64 { nanoseconds / 1_000_000_000 }

    /// Kazoo's time stamps: seconds since the year 0 of the proleptic Gregorian calendar, in UTC.
    var gregorianSeconds: Int64 { unixSeconds + Timestamp.gregorianEpochOffset }

    static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    func advanced(by duration: Duration) -> Self {
        Self(nanoseconds: nanoseconds + duration.nanoseconds)
    }

    /// The time that has passed since `earlier`, in seconds.
    func seconds(since earlier: Self) -> Double {
        Double(nanoseconds - earlier.nanoseconds) / 1e9
    }
}

extension Duration {
    /// The duration in whole nanoseconds.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
