import Events
import TestSupport
import Testing

@testable import Consumers

/// The queue against the plainest thing that does the same.
@Suite struct MemoryFeedModelTests {
    /// Every event by itself, and where it is.
    private struct Model {
        enum Place { case waiting, taken, acknowledged, dropped }

        var events: [UInt64: Place] = [:]

        func all(_ place: Place) -> [UInt64] { events.filter { $0.value == place }.keys.sorted() }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>) func agreesWithTheModel(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let overflow: MemoryFeed.Overflow = Bool.random(using: &generator) ? .dropOldest : .dropNewest
        let capacity = Int.random(in: 300...8_000, using: &generator)
        var queue = MemoryFeedQueue(capacity: capacity, overflow: overflow)
        var model = Model()
        var sequence: UInt64 = 1
        var told = 0
        var lastSeen: UInt64 = 0
        var notices = 0
        var offers = 0.5

        for step in 0..<400 {
            if step % 50 == 0 { offers = Double.random(in: 0.1...0.9, using: &generator) }
            if Double.random(in: 0...1, using: &generator) < offers {
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    queue.offer(try batch((sequence - 1)...(sequence - 1), isNotice: true))
                    notices += 1
                    continue
                }
                let last = sequence + UInt64.random(in: 0...6, using: &generator)
                let offered = try batch(sequence...last, length: Int.random(in: 0...200, using: &generator))
                let before = (queue.counts.dropped, queue.memory, model.all(.waiting))
                queue.offer(offered)
                let dropped = queue.counts.dropped - before.0
                let candidates: [UInt64]
                switch overflow {
                case .dropOldest: candidates = Array((before.2 + Array(sequence...last)).prefix(dropped))
                case .dropNewest: candidates = Array(Array(sequence...last).suffix(dropped))
                }
                for number in sequence...last { model.events[number] = .waiting }
                for number in candidates { model.events[number] = .dropped }
                #expect(candidates.count == dropped)
                if before.1 + offered.memory <= capacity { #expect(dropped == 0, "nothing is dropped without need") }
                sequence = last + 1
            } else if Bool.random(using: &generator) {
                switch queue.take(limit: Int.random(in: 1...600, using: &generator)) {
                case .lines(let pieces):
                    for piece in pieces {
                        for event in piece.batch.slice(piece.positions) where event.kind == .event {
                            #expect(model.events[event.sequence] == .waiting)
                            #expect(event.sequence > lastSeen, "in order")
                            model.events[event.sequence] = .taken
                            lastSeen = event.sequence
                        }
                        notices -= piece.batch.slice(piece.positions).count { $0.kind == .notice }
                    }
                case .loss(let loss, let last):
                    told += loss.events
                    #expect(last > lastSeen && model.events[last] == .dropped)
                    lastSeen = last
                case .wait: #expect(model.all(.waiting).isEmpty && notices == 0)
                case .end: Issue.record("it is not finished")
                }
            } else {
                let through = UInt64.random(in: 0...sequence, using: &generator)
                queue.acknowledge(through: through)
                for number in model.all(.taken) where number <= through { model.events[number] = .acknowledged }
            }
            let counts = queue.counts
            #expect(counts.received == model.events.count)
            #expect(counts.dropped == model.all(.dropped).count)
            #expect(counts.acknowledged == model.all(.acknowledged).count)
            #expect(counts.taken == model.all(.taken).count + counts.acknowledged)
            #expect(queue.lag.events == model.all(.waiting).count + model.all(.taken).count)
            #expect((queue.lag.oldest == nil) == (queue.lag.events == 0))
        }

        queue.finish()
        draining: while true {
            switch queue.take(limit: 1 << 20) {
            case .lines: continue
            case .loss(let loss, _): told += loss.events
            case .wait: Issue.record("it is finished")
            case .end: break draining
            }
        }
        #expect(told == queue.counts.dropped, "every loss is told")
        queue.acknowledge(through: sequence)
        #expect(queue.memory == 0)
        #expect(queue.lag.events == 0)
    }
}
