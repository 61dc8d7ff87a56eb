import Events
import Testing

@testable import Subscriber

@Suite("Gap ledger")
struct GapLedgerTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test("the first readiness ends no gap")
    func first() {
        var ledger = GapLedger()
        ledger.heard(at: at(1))
        ledger.lost()
        let gap = ledger.ready(at: at(2))
        #expect(gap == nil)
    }

    @Test("a gap lasts from the last sign of life to the next readiness")
    func lostAndBack() throws {
        var ledger = GapLedger()
        _ = ledger.ready(at: at(10))
        ledger.heard(at: at(12))
        ledger.lost()
        let gap = ledger.ready(at: at(20))
        #expect(try #require(gap) == (at(12), at(20)))
    }

    @Test("what is heard between two subscriptions is no sign that events flow")
    func unsubscribed() throws {
        var ledger = GapLedger()
        _ = ledger.ready(at: at(10))
        ledger.lost()
        ledger.heard(at: at(15))
        ledger.lost()
        let gap = ledger.ready(at: at(20))
        #expect(try #require(gap) == (at(10), at(20)))
    }

    @Test("a clock that is set back gives a gap that does not end before it begins")
    func clockSetBack() throws {
        var ledger = GapLedger()
        _ = ledger.ready(at: at(10))
        ledger.lost()
        let gap = ledger.ready(at: at(5))
        #expect(try #require(gap) == (at(10), at(10)))
    }
}
