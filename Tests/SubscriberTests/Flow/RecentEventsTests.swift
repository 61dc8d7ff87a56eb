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

    @Test("the oldest is forgotten, in the order of arrival, and a repetition does not renew it")
    func bounded() {
        var recent = RecentEvents(capacity: 3)
        for fingerprint: UInt64 in [1, 2, 3, 1] { _ = recent.insert(fingerprint) }
        expect(&recent, 4, isNew: true)
        expect(&recent, 1, isNew: true)
        expect(&recent, 3, isNew: false)
        expect(&recent, 4, isNew: false)
        expect(&recent, 2, isNew: true)
    }

    @Test("agrees with a list of the last N, whatever comes")
    func model() {
        var generator = SeededGenerator(seed: 1)
        for capacity in [1, 2, 7, 64] {
            var recent = RecentEvents(capacity: capacity)
            var model: [UInt64] = []
            for _ in 0..<2000 {
                let fingerprint = UInt64.random(in: 1...UInt64(capacity * 2), using: &generator)
                let isNew = !model.contains(fingerprint)
                expect(&recent, fingerprint, isNew: isNew)
                if isNew { model = (model + [fingerprint]).suffix(capacity) }
            }
        }
    }
}
