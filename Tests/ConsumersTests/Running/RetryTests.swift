import Consumers
import TestSupport
import Testing

struct RetryTests {
    /// The table in the comment.
    @Test(arguments: [(1, 1, 200), (2, 2, 400), (3, 4, 800), (5, 16, 3200), (7, 64, 10_000), (10, 300, 10_000)])
    func bounds(failures: Int, seconds: Int, milliseconds: Int) {
        #expect(Retry().bound(failures: failures) == .seconds(seconds))
        let short = Retry(backoff: .milliseconds(200) ... .seconds(10))
        #expect(short.bound(failures: failures) == .milliseconds(milliseconds))
    }

    @Test func boundNeverOverflows() {
        #expect(Retry(backoff: .seconds(300) ... .seconds(315_360_000)).bound(failures: .max) == .seconds(315_360_000))
    }

    /// Waits are spread over the whole bound, and over its upper half where the pace is to be slow.
    @Test func jitter() {
        var generator = SeededGenerator(seed: 4)
        let retry = Retry()
        let delays = (0..<4000).map { _ in retry.delay(failures: 3, using: &generator) / .seconds(4) }
        let slow = (0..<4000).map { _ in retry.slowDelay(using: &generator) / .seconds(300) }
        for quarter in 0..<4 {
            let share = delays.count { $0 >= Double(quarter) / 4 && $0 <= Double(quarter + 1) / 4 }
            #expect((900...1100).contains(share))
        }
        #expect(slow.allSatisfy { (0.5...1).contains($0) })
        #expect((1800...2200).contains(slow.count { $0 < 0.75 }))
    }

    @Test func attempts() {
        #expect(!Retry().isExhausted(after: 1_000_000))
        #expect(!Retry(attempts: 5).isExhausted(after: 4))
        #expect(Retry(attempts: 5).isExhausted(after: 5))
    }
}
