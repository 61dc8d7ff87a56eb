import TestSupport
import Testing

@testable import Consumers

@Suite struct SettledEventsTests {
    @Test func `only what has nothing unfinished before it`() {
        var settled = SettledEvents()
        #expect(settled.settle(2, sequence: 30) == nil)
        #expect(settled.settle(4, sequence: 50) == nil)
        #expect(settled.settle(0, sequence: 10) == 10)
        #expect(settled.settle(3, sequence: 40) == nil)
        #expect(settled.settle(1, sequence: 20) == 50, "and everything behind it")
        #expect(settled.settle(5, sequence: 60) == 60)
        #expect(settled.oldest == 6)
    }

    @Test(arguments: 0..<50) func `in any order`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var settled = SettledEvents()
        var done: Set<Int> = []
        for ticket in (0..<100).shuffled(using: &generator) {
            done.insert(ticket)
            let end = (0...100).first { !done.contains($0) } ?? 100
            let told = settled.settle(ticket, sequence: UInt64(ticket + 1))
            #expect(told == (end > ticket ? UInt64(end) : nil))
        }
    }
}
