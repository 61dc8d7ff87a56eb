/// How long to wait before the next attempt: full jitter over an exponentially growing bound.
///
/// A random part of the whole bound is what keeps a thousand clients that lost one server from returning as one wave.
///
/// | failures | bound (defaults) |
/// |---|---|
/// | 1 | 0.5 s |
/// | 2 | 1 s |
/// | 3 | 2 s |
/// | 5 | 8 s |
/// | 7 | 32 s |
/// | 8 and more | 60 s |
public struct Backoff: Equatable, Sendable {
    /// The bound after the first failure.
    public var base: Duration = .milliseconds(500)
    /// The largest bound.
    public var maximum: Duration = .seconds(60)

    /// The default: 0.5 s, doubling to 60 s.
    public init(base: Duration = .milliseconds(500), maximum: Duration = .seconds(60)) {
        self.base = base
        self.maximum = maximum
    }

    /// The longest wait after so many failures in a row.
    ///
    /// - Parameter failures: at least 1.
    public func bound(failures: Int) -> Duration {
        precondition(failures >= 1, "there is nothing to wait for without a failure")
        // 2^30 halves of a second are 17 years; no maximum is longer.
        return min(maximum, base * (1 << min(failures - 1, 30)))
    }

    /// A random wait between zero and ``bound(failures:)``.
    public func delay(failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        bound(failures: failures) * Double.random(in: 0...1, using: &generator)
    }
}
