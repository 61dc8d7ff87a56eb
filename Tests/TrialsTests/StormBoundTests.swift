import Events
import Subscriber
import TestSupport
import Testing

@testable import trials

@Suite struct StormBoundTests {
    private static func moments(_ count: Int, every milliseconds: Int64) -> [Timestamp] {
        (0..<Int64(count)).map { Timestamp(microseconds: $0 * milliseconds * 1_000) }
    }

    @Test(arguments: [(100, 1_000, 11), (100, 2_500, 5), (3, 20_000, 1), (0, 1, 0), (50, 10, 50)])
    func mostInTenSeconds(count: Int, interval: Int64, most: Int) {
        #expect(StormBound.most(Self.moments(count, every: interval)) == most)
    }

    /// What the back-off does when everything fails at once is no storm; one attempt a second for ever is none either,
    /// and one every half a second is.
    @Test func storms() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            var now = Timestamp(microseconds: 0)
            var moments = [now]
            for failures in 1...20 {
                now = now.advanced(by: Backoff().delay(failures: failures, using: &generator))
                moments.append(now)
            }
            #expect(!StormBound.isStorm(moments, lanes: 1))
        }
        #expect(!StormBound.isStorm(Self.moments(100, every: 1_000), lanes: 1))
        #expect(StormBound.isStorm(Self.moments(100, every: 500), lanes: 1))
        #expect(!StormBound.isStorm(Self.moments(100, every: 500), lanes: 2))
    }
}
