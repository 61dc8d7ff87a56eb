import Blackhole
import Events
import Synchronization
import TestSupport
import Testing

@testable import Subscriber

@Suite("Router")
struct RouterTests {
    /// A consumer that keeps what it is offered.
    private final class Taker: Sendable {
        private let batches = Mutex<[EventBatch]>([])

        var all: [EventBatch] { batches.withLock { $0 } }
        var sequences: [UInt64] { all.flatMap { $0.map(\.sequence) } }
        var lines: [String] { all.flatMap { $0.map { String(decoding: $0.json, as: UTF8.self) } } }

        func route(
            _ bindings: [String] = [], matches: [String] = [], showsGaps: Bool = false
        ) throws -> Route {
            Route(
                bindings: try bindings.map { try Binding($0) }, matches: try matches.map { try EventMatch($0) },
                showsGaps: showsGaps
            ) { batch in self.batches.withLock { $0.append(batch) } }
        }
    }

    private func batch(_ events: [[UInt8]], firstSequence: UInt64 = 1) throws -> EventBatch {
        var batch = EventBatch(connection: "a#1", firstSequence: firstSequence)
        batch.reserveCapacity(bytes: events.reduce(0) { $0 + $1.count + 1 }, lines: events.count)
        for event in events {
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        return batch
    }

    private func call(_ name: String, _ id: String = "c") -> [UInt8] {
        let text =
            #"{"action":"event","name":"\#(name)","routing_key":"call.a.\#(name).\#(id)","data":{"call_id":"\#(id)"}}"#
        return Array(text.utf8)
    }

    private func address(_ batch: EventBatch) -> UnsafeRawPointer? {
        batch.bytes.withUnsafeBytes { $0.baseAddress }
    }

    // MARK: Who gets what

    @Test("each gets the events of its bindings that match, in their order, with their numbers")
    func selection() throws {
        let (all, created, one, both) = (Taker(), Taker(), Taker(), Taker())
        let router = Router(
            try [
                all.route(), created.route(["call.CHANNEL_CREATE.*"]), one.route(matches: ["data.call_id=y"]),
                both.route(["call.*.*", "call.CHANNEL_CREATE.*"], matches: ["data.call_id=*", "name=*CREATE"]),
            ])
        var batch = try batch(
            [call("CHANNEL_CREATE", "x"), call("CHANNEL_DESTROY", "y"), call("CHANNEL_CREATE", "y")], firstSequence: 5)
        #expect(router.receive(&batch, now: .now) == .more)
        #expect(all.sequences == [5, 6, 7])
        #expect(created.sequences == [5, 7])
        #expect(one.sequences == [6, 7])
        #expect(both.sequences == [5, 7])
        #expect(
            created.lines
                == [call("CHANNEL_CREATE", "x"), call("CHANNEL_CREATE", "y")].map {
                    String(decoding: $0, as: UTF8.self)
                })
        #expect(created.all.map(\.connection) == ["a#1"])
    }

    @Test("who wants nothing of a batch is not asked to take an empty one")
    func nothing() throws {
        let taker = Taker()
        let router = Router([try taker.route(["fax.status.*"])])
        var some = try batch([call("CHANNEL_CREATE")])
        _ = router.receive(&some, now: .now)
        var none = EventBatch()
        _ = router.receive(&none, now: .now)
        #expect(taker.all.isEmpty)
    }

    @Test("frames that were not JSON go to those without bindings")
    func invalidFrames() throws {
        let (all, matching, other, bound) = (Taker(), Taker(), Taker(), Taker())
        let router = Router(
            try [
                all.route(), matching.route(matches: ["action=invalid"]), other.route(matches: ["action=event"]),
                bound.route(["call.*.*"]),
            ])
        var batch = try batch([call("CHANNEL_CREATE")])
        Array("\u{0}".utf8).withUnsafeBytes { batch.append(invalid: $0) }
        _ = router.receive(&batch, now: .now)
        #expect(all.sequences == [1, 2])
        #expect(matching.sequences == [2])
        #expect(other.sequences == [1])
        #expect(bound.sequences == [1])
    }

    /// Many consumers of all sorts on every recorded event, against asking each binding and each condition.
    @Test("agrees with asking everybody", arguments: 1...10 as ClosedRange<UInt64>)
    func agreement(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bindings = [
            "call.*.*", "call.CHANNEL_CREATE.*", "call.CHANNEL_DESTROY.*", "call.*.nobody", "object.*.*",
            "object.doc_edited.user", "object.doc_created.*", "fax.status.*", "fax.object.*", "presence.dialog.*",
            "presence.mwi_updates.*", "conference.command.c1", "qubicle.x",
        ]
        let conditions = [
            "name=CHANNEL_*", "name=CHANNEL_CREATE", "name=doc_edited", "data.type=user", "data.type=*", "nothing=1",
            "data.custom_channel_vars.account_id=009afc511c97b2ae693c6cc4920988e8", "action=event", "data.id=*.*",
            "data.call_direction=inbound", "data.custom_channel_vars.account_id=other", "data.media_webhook=false",
        ]
        let consumers = (0..<200).map { _ in
            (
                taker: Taker(),
                bindings: bindings.shuffled(using: &generator).prefix(Int.random(in: 0...3, using: &generator)),
                conditions: conditions.shuffled(using: &generator).prefix(Int.random(in: 0...2, using: &generator))
            )
        }
        let router = Router(
            try consumers.map { try $0.taker.route(Array($0.bindings), matches: Array($0.conditions)) })
        let events = try Recordings.events().map(\.bytes).shuffled(using: &generator)
        var reference = try batch(events)
        _ = router.receive(&reference, now: .now)
        var first = try batch(Array(events.prefix(1)), firstSequence: UInt64(events.count) + 1)
        _ = router.receive(&first, now: .now)

        var taken = 0
        for consumer in consumers {
            let selectors = try consumer.bindings.map { EventSelector(try Binding($0)) }
            let matches = try consumer.conditions.map { try EventMatch($0) }
            let expected = [reference, first].flatMap { batch in
                var batch = batch
                batch.keep(matching: matches)
                return batch.filter { event in selectors.isEmpty || selectors.contains { $0.selects(event) } }
            }
            #expect(consumer.taker.sequences == expected.map(\.sequence), "\(consumer.bindings) \(consumer.conditions)")
            #expect(consumer.taker.lines == expected.map { String(decoding: $0.json, as: UTF8.self) })
            taken += expected.count
        }
        #expect(taken > 1000)
    }

    // MARK: Without copies

    @Test("who wants the whole batch gets it without a copy, whatever the reason")
    func whole() throws {
        let (all, bound) = (Taker(), Taker())
        let router = Router(try [all.route(), bound.route(["call.*.*"])])
        var batch = try batch((0..<20).map { call("CHANNEL_CREATE", "c\($0)") })
        _ = router.receive(&batch, now: .now)
        #expect(all.all.map(address) == [address(batch)])
        #expect(bound.all.map(address) == [address(batch)])
    }

    @Test("those that want the same share one part")
    func shared() throws {
        let (one, two) = (Taker(), Taker())
        let router = Router(
            try [
                one.route(["call.*.a", "call.*.b"], matches: ["name=*"]),
                two.route(["call.*.b", "call.*.a"], matches: ["name=*"]),
            ])
        var batch = try batch(["a", "b", "c"].map { call("CHANNEL_CREATE", $0) })
        _ = router.receive(&batch, now: .now)
        #expect(one.sequences == [1, 2])
        #expect(one.all.map(address) == two.all.map(address))
    }

    @Test("a buffer that one great burst has made large is not kept for a small one")
    func compact() throws {
        let (one, two) = (Taker(), Taker())
        let router = Router(try [one.route(), two.route()])
        var batch = EventBatch()
        batch.reserveCapacity(bytes: 1 << 20, lines: 1 << 12)
        let event = call("CHANNEL_CREATE")
        try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        _ = router.receive(&batch, now: .now)
        #expect(one.lines == two.lines && one.lines == [String(decoding: event, as: UTF8.self)])
        #expect(one.all.allSatisfy { $0.memory < 1_000 })
        #expect(one.all.map(address) == two.all.map(address), "one copy for both")
    }

    // MARK: Gaps

    @Test("a gap is told to those who ask, and may have missed something in it")
    func gaps() throws {
        let (silent, all, calls, faxes) = (Taker(), Taker(), Taker(), Taker())
        let router = Router(
            try [
                silent.route(), all.route(showsGaps: true), calls.route(["call.CHANNEL_CREATE.*"], showsGaps: true),
                faxes.route(["fax.object.*", "object.doc_created.user"], showsGaps: true),
            ])
        func gap(_ bindings: [String]) throws -> Gap {
            Gap(
                from: Timestamp(microseconds: 0), to: Timestamp(microseconds: 1), reason: .connectionLost,
                bindings: try bindings.map { try Binding($0) })
        }
        let (any, call, object) = try (gap([]), gap(["fax.status.*", "call.*.*"]), gap(["object.*.*"]))
        var batch = try batch([self.call("CHANNEL_DESTROY"), self.call("CHANNEL_DESTROY")], firstSequence: 8)
        for gap in [any, call, object] { router.missed(gap, now: .now) }
        _ = router.receive(&batch, now: .now)
        router.missed(any, now: .now)
        let events = batch.map { String(decoding: $0.json, as: UTF8.self) }
        #expect(silent.lines == events)
        #expect(all.lines == [any, call, object].map(\.notice.json) + events + [any.notice.json])
        #expect(all.sequences == [0, 0, 0, 8, 9, 9])
        #expect(calls.lines == [any, call, any].map(\.notice.json))
        #expect(faxes.lines == [any, object, any].map(\.notice.json))
        #expect(calls.all.allSatisfy { $0.allSatisfy { $0.kind == .notice } })
    }

    // MARK: Other routes

    @Test("routes are replaced between two batches: each event goes to the old ones or to the new ones")
    func replacement() async throws {
        let takers = (0..<50).map { _ in Taker() }
        let router = Router([try takers[0].route()])
        let batches = try (0..<2_000).map {
            try batch([call("CHANNEL_CREATE"), call("CHANNEL_DESTROY")], firstSequence: UInt64($0 * 2 + 1))
        }
        let routes = try takers.map { try $0.route() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for var batch in batches { _ = router.receive(&batch, now: .now) }
            }
            group.addTask {
                for route in routes.dropFirst() { router.replace(with: [route]) }
            }
        }
        #expect(takers.flatMap(\.sequences).sorted() == Array(1...4_000))
        #expect(takers.allSatisfy { $0.all.allSatisfy { $0.count == 2 } })
        var last = try batch([call("CHANNEL_CREATE")], firstSequence: 4_001)
        _ = router.receive(&last, now: .now)
        #expect(takers.last?.sequences.last == 4_001)
    }

    @Test("without routes, events go nowhere and time asks for nothing")
    func withoutRoutes() throws {
        let router = Router()
        var batch = try batch([call("CHANNEL_CREATE")])
        #expect(router.receive(&batch, now: .now) == .more)
        #expect(router.deadline == nil)
        #expect(router.tick(now: .now) == .more)
    }
}
