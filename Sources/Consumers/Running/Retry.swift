/// How often a consumer tries, and how long it waits between two attempts: full jitter over a bound that doubles.
///
/// A random part of the whole bound keeps many consumers that lost one server from returning as one wave.
///
/// | failures in a row | bound for `1s..5m` | bound for `200ms..10s` |
/// |---|---|---|
/// | 1 | 1 s | 0.2 s |
/// | 2 | 2 s | 0.4 s |
/// | 3 | 4 s | 0.8 s |
/// | 5 | 16 s | 3.2 s |
/// | 7 | 64 s | 10 s |
/// | 10 and more | 300 s | 10 s |
public struct Retry: Equatable, Sendable {
    /// How often something is tried, the first time included; `nil` for until it succeeds.
    public var attempts: Int?
    /// The bound after the first failure, and the largest one.
    public var backoff: ClosedRange<Duration>

    /// Creates a policy; the default never gives up, and waits at most `1s..5m`.
    ///
    /// - Parameters:
    ///   - attempts: at least 1, or `nil` for until it succeeds.
    ///   - backoff: the bound after the first failure, and the largest one.
    public init(attempts: Int? = nil, backoff: ClosedRange<Duration> = .seconds(1) ... .seconds(300)) {
        precondition(attempts.map { $0 >= 1 } ?? true, "what is never tried cannot be retried")
        self.attempts = attempts
        self.backoff = backoff
    }

    /// The longest wait after so many failures in a row.
    ///
    /// - Parameter failures: at least 1.
    public func bound(failures: Int) -> Duration {
        precondition(failures >= 1, "there is nothing to wait for without a failure")
        // A millisecond doubled 40 times is 34 years: longer than any bound, and it does not overflow.
        return min(backoff.upperBound, backoff.lowerBound * (1 << min(failures - 1, 40)))
    }

    /// A random wait between zero and ``bound(failures:)``.
    public func delay(failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        delay(failures: failures, jitter: Double.random(in: 0...1, using: &generator))
    }

    /// The part of ``bound(failures:)``, from 0 to 1, that the jitter says.
    func delay(failures: Int, jitter: Double) -> Duration { bound(failures: failures) * jitter }

    /// A random wait for a consumer that has failed for long: between half the largest bound and all of it, because the
    /// short waits of full jitter would not be a slow pace.
    public func slowDelay(using generator: inout some RandomNumberGenerator) -> Duration {
        backoff.upperBound * Double.random(in: 0.5...1, using: &generator)
    }

    /// Whether something that has failed so often is given up.
    public func isExhausted(after attempts: Int) -> Bool {
        self.attempts.map { attempts >= $0 } ?? false
    }
}
