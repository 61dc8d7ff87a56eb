/// The earlier of two moments, either of which may never come.
package func earliest(
    _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
) -> ContinuousClock.Instant? {
    guard let one else { return other }
    guard let other else { return one }
    return min(one, other)
}
