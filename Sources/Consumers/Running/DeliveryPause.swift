/// How long to wait after failures: a random part of a bound that doubles from the first to the longest.
///
/// | failures | bound for `1s..5m` |
/// |---|---|
/// | 1 | 1 s |
/// | 2 | 2 s |
/// | 5 | 16 s |
/// | 9 | 256 s |
/// | 10 and more | 300 s |
struct DeliveryPause: Sendable {
    /// The first bound, and the longest.
    let bounds: ClosedRange<Duration>

    /// A wait.
    ///
    /// - Parameters:
    ///   - failures: how many there were in a row; at least 1.
    ///   - jitter: which part of the bound, from 0 to 1; random, so that what failed together does not return together.
    func wait(afterFailures failures: Int, jitter: Double) -> Duration {
        precondition(failures >= 1, "there is nothing to wait for without a failure")
        // 2^40 of the shortest wait that a config file allows, a millisecond, are 35 years.
        return min(bounds.upperBound, bounds.lowerBound * (1 << min(failures - 1, 40))) * jitter
    }
}
