import Subscriber
import TestSupport
import Testing

@Suite struct BackoffTests {
    /// The table of the type's own documentation, and what lies beyond.
    @Test(arguments: [
        (1, 500), (2, 1000), (3, 2000), (4, 4000), (5, 8000), (6, 16_000), (7, 32_000), (8, 60_000), (9, 60_000),
        (31, 60_000), (64, 60_000), (1_000_000, 60_000), (Int.max, 60_000),
    ])
    func bound(_ failures: Int, _ milliseconds: Int) {
        #expect(Backoff().bound(failures: failures) == .milliseconds(milliseconds))
    }

    @Test func ownBounds() {
        let backoff = Backoff(base: .seconds(2), maximum: .seconds(5))
        #expect((1...4).map { backoff.bound(failures: $0) } == [.seconds(2), .seconds(4), .seconds(5), .seconds(5)])
    }

    /// Full jitter: everything between nothing and the bound is equally likely.
    @Test(arguments: [1, 3, 8, 20]) func fullJitter(_ failures: Int) {
        var generator = SeededGenerator(seed: UInt64(failures))
        let backoff = Backoff()
        let bound = backoff.bound(failures: failures)
        var tenths = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let delay = backoff.delay(failures: failures, using: &generator)
            #expect(delay >= .zero)
            #expect(delay <= bound)
            tenths[min(9, Int(delay / bound * 10))] += 1
        }
        // A thousand each; the seed is fixed, and five standard deviations are 150.
        for count in tenths { #expect(abs(count - 1000) < 150) }
    }
}
