import TestSupport
import Testing

@testable import Subscriber

@Suite("Recent events")
struct RecentEventsTests {
    private func expect(
        _ recent: inout RecentEvents, _ fingerprint: UInt64, isNew: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let inserted = recent.insert(fingerprint)
        #expect(inserted == isNew, sourceLocation: sourceLocation)
    }

    @Test("an event passes once while the window reaches back to it")
    func once() {
        var recent = RecentEvents(capacity: 3)
        expect(&recent, 1, isNew: true)
        expect(&recent, 2, isNew: true)
        expect(&recent, 1, isNew: false)
        expect(&recent, 3, isNew: true)
        expect(&recent, 3, isNew: false)
    }

    @Test("as many as the capacity are remembered, twice as many never; a repetition does not renew an event")
    func bounded() {
        var recent = RecentEvents(capacity: 3)
        for fingerprint: UInt64 in [1, 2, 3, 1] { _ = recent.insert(fingerprint) }
        for fingerprint: UInt64 in [4, 5] { expect(&recent, fingerprint, isNew: true) }
        for fingerprint: UInt64 in 1...5 { expect(&recent, fingerprint, isNew: false) }
        expect(&recent, 6, isNew: true)
        for fingerprint: UInt64 in 4...6 { expect(&recent, fingerprint, isNew: false) }
        expect(&recent, 1, isNew: true)
    }

    @Test("many at once are the same as one after the other")
    func many() {
        var generator = SeededGenerator(seed: 2)
        for capacity in [1, 7, 64] {
            var recent = RecentEvents(capacity: capacity)
            var single = RecentEvents(capacity: capacity)
            for count in [0, 1, 31, 32, 33, 200] {
                let all = (0..<count).map { _ in UInt64.random(in: 0...UInt64(capacity * 2), using: &generator) }
                var repeated: [Int] = []
                recent.insert(all, repeated: &repeated)
                var expected: [Int] = []
                for position in all.indices where all[position] != 0 && !single.insert(all[position]) {
                    expected.append(position)
                }
                #expect(repeated == expected)
            }
        }
    }

    /// Those that differ in nothing but what neither names a bucket nor is a tag, among others that fill the buckets.
    @Test("agrees with two lists, whatever comes", arguments: [1, 2, 7, 8, 64, 1000])
    func model(_ capacity: Int) {
        var generator = SeededGenerator(seed: 1)
        var recent = RecentEvents(capacity: capacity)
        var (younger, older): (Set<UInt64>, Set<UInt64>) = ([], [])
        for number in 0..<4000 {
            var fingerprint = UInt64.random(in: 1...UInt64(capacity * 3), using: &generator)
            if number.isMultiple(of: 2) { fingerprint = fingerprint << 32 | 5 }
            let isNew = !younger.contains(fingerprint) && !older.contains(fingerprint)
            expect(&recent, fingerprint, isNew: isNew)
            guard isNew else { continue }
            younger.insert(fingerprint)
            if younger.count == capacity { (younger, older) = ([], younger) }
        }
    }
}
