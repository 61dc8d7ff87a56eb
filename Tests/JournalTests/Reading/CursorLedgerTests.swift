import TestSupport
import Testing

@testable import Journal

@Suite struct CursorLedgerTests {
    @Test func `the cursor stands before the first event that is not done with`() {
        var ledger = CursorLedger(position: 10)
        #expect(ledger.position == 10)
        ledger.read([11, 12, 13], through: 13)
        #expect(ledger.position == 10)
        ledger.acknowledge(through: 12)
        #expect(ledger.position == 12)
        #expect(ledger.outstanding == 1)
        ledger.acknowledge(through: 13)
        #expect(ledger.position == 13)
        #expect(ledger.outstanding == 0)
    }

    @Test func `events that are not wanted are done with as soon as those before them are`() {
        var ledger = CursorLedger(position: 0)
        ledger.read([], through: 100)
        #expect(ledger.position == 100)
        ledger.read([103], through: 110)
        #expect(ledger.position == 102)
        ledger.read([], through: 120)
        ledger.read([125], through: 130)
        #expect(ledger.position == 102)
        ledger.acknowledge(through: 103)
        #expect(ledger.position == 124)
        ledger.acknowledge(through: 125)
        #expect(ledger.position == 130)
    }

    @Test func `the cursor never moves backwards`() {
        var ledger = CursorLedger(position: 5)
        ledger.read([6, 7], through: 7)
        ledger.acknowledge(through: 7)
        ledger.acknowledge(through: 6)
        ledger.acknowledge(through: 2)
        #expect(ledger.position == 7)
    }

    @Test func `a dead letter moves the cursor where nothing before it is unfinished`() {
        var ledger = CursorLedger(position: 0)
        ledger.read([1, 2, 3], through: 9)
        #expect(ledger.position(afterBurying: 1) == 1)
        #expect(ledger.position(afterBurying: 2) == 0)
        #expect(ledger.position == 0, "only asked")
        ledger.bury(1)
        #expect(ledger.position == 1)
        ledger.bury(3)
        #expect(ledger.position == 1)
        #expect(ledger.isBuried(3))
        ledger.acknowledge(through: 3)
        #expect(ledger.position == 9)
        #expect(!ledger.isBuried(3), "the cursor is past it")
    }

    @Test func `dead letters behind the cursor are known from the start`() {
        var ledger = CursorLedger(position: 4, buried: [6, 8])
        #expect(ledger.isBuried(6))
        #expect(!ledger.isBuried(5))
        ledger.read([5, 7], through: 8)
        ledger.acknowledge(through: 7)
        #expect(ledger.position == 8)
    }

    /// Against a model that remembers everything.
    @Test(arguments: 1...50 as ClosedRange<UInt64>) func `it agrees with a simple model`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ledger = CursorLedger(position: 0)
        var (read, acknowledged): (UInt64, UInt64) = (0, 0)
        var wanted: [UInt64] = []
        var previous: UInt64 = 0
        for _ in 1...200 {
            if random.once(in: 2) {
                let last = read + UInt64.random(in: 0...6, using: &random)
                let more = last > read ? ((read + 1)...last).filter { _ in random.once(in: 2) } : []
                ledger.read(more, through: last)
                wanted += more
                read = last
            } else if let done = wanted.filter({ $0 > acknowledged }).randomElement(using: &random) {
                ledger.acknowledge(through: done)
                acknowledged = done
            }
            let first = wanted.first { $0 > acknowledged }
            #expect(ledger.position == first.map { $0 - 1 } ?? read)
            #expect(ledger.position >= previous)
            #expect(ledger.outstanding == wanted.count { $0 > acknowledged })
            previous = ledger.position
        }
    }
}
