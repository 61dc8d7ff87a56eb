import Events
import Testing

@testable import Subscriber

@Suite struct HeardMomentsTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(microseconds: milliseconds * 1_000) }

    @Test func tellsTenTimesASecondAtMost() {
        var moments = HeardMoments()
        let told = (0..<1_000).compactMap { moments.heard(at: at($0)) }
        #expect(told == (0..<10).map { at($0 * 100) })
    }

    @Test func knowsTheLastMomentThatIsUntold() {
        var moments = HeardMoments()
        #expect(moments.takeUntold() == nil)
        #expect(moments.heard(at: at(0)) == at(0))
        #expect(moments.takeUntold() == nil)
        #expect(moments.heard(at: at(1)) == nil)
        #expect(moments.heard(at: at(2)) == nil)
        #expect(moments.takeUntold() == at(2))
        #expect(moments.takeUntold() == nil)
        #expect(moments.heard(at: at(3)) == nil)
        #expect(moments.heard(at: at(100)) == at(100))
        #expect(moments.takeUntold() == nil, "a later one was told")
    }

    @Test func tellsAMomentBeforeTheLast() {
        var moments = HeardMoments()
        #expect(moments.heard(at: at(5_000)) == at(5_000))
        #expect(moments.heard(at: at(1_000)) == at(1_000), "the clock was set back")
        #expect(moments.heard(at: at(1_050)) == nil)
    }
}
