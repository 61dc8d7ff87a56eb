import Events
import Testing

@testable import KazooSimulator

/// How an event server counts who needs what, and who falls silent by it: `blackhole_listener.erl`, `bh_events.erl` and
/// `bh_context.erl` of both generations.
@Suite struct ListenerCountTests {
    private static let document = Sample.document("one")
    private static let binding = "object.doc_edited.user"

    /// A binding of each family, and an event that it brings.
    private static func samples(_ flavour: KazooFlavour) -> [(binding: String, event: SimulatedEvent)] {
        func event(_ key: String) -> SimulatedEvent { SimulatedEvent(routingKey: key, name: "n", data: "{}") }
        let month = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8-202611"
        let samples = [
            (binding, document),
            ("fax.status.*", event("fax.status.\(Sample.account).f1")),
            ("fax.object.doc_created", event("doc_created.\(month).fax.f1")),
            ("conference.command.c1", event("conference.command.c1")),
            ("presence.dialog.*", event("dialog.acme%2Esip%2Eexample%2Ecom.call")),
            ("presence.mwi_updates.1001", event("mwi_updates.acme%2Esip%2Eexample%2Ecom.1001")),
        ]
        return switch flavour {
        case .v4:
            samples + [("conference.event.c1.*", event("conference.event.add-member.\(Sample.account).c1.call"))]
        case .v5:
            samples + [
                ("conference.event.*.c1.*", event("conference.event.add-member.\(Sample.account).c1.call")),
                ("stream.start.*", event("pivot.stream.start.\(Sample.account).call")),
            ]
        }
    }

    // MARK: One count

    @Test(arguments: KazooFlavour.allCases) func `every family but calls is counted`(_ flavour: KazooFlavour) {
        for (binding, event) in Self.samples(flavour) {
            let bench = Bench(flavour)
            #expect(bench.subscribe(binding)?["status"] == "success", "\(binding)")
            #expect(bench.deliver(event) == 1, "\(binding)")
            bench.unsubscribeStranger(binding)
            #expect(bench.deliver(event) == 0, "\(binding)")
        }
    }

    @Test func `calls are counted in 4 only`() {
        for (flavour, heard) in [(KazooFlavour.v4, 0), (.v5, 1)] {
            let bench = Bench(flavour)
            bench.subscribe("call.*.*")
            bench.unsubscribeStranger("call.*.*")
            #expect(bench.deliver(Sample.call("one")) == heard)
            bench.cluster.restartListener()
            #expect(bench.deliver(Sample.call("two")) == heard)
            bench.subscribe("call.*.*")
            #expect(bench.deliver(Sample.call("three")) == 1)
        }
    }

    @Test(arguments: KazooFlavour.allCases) func `a count never stays negative`(_ flavour: KazooFlavour) {
        let bench = Bench(flavour)
        for _ in 0..<3 { bench.unsubscribeStranger(Self.binding) }
        bench.subscribe(Self.binding)
        #expect(bench.deliver(Self.document) == 1)
    }

    @Test func `in 4 a session that subscribed thrice needs three strangers to fall silent`() {
        let bench = Bench(.v4)
        for _ in 0..<3 { bench.subscribe(Self.binding) }
        let heard = (0..<3).map { _ in
            bench.unsubscribeStranger(Self.binding)
            return bench.deliver(Self.document)
        }
        #expect(heard == [1, 1, 0])
    }

    @Test func `in 4 a session that closes gives back every subscribe and no more`() {
        let bench = Bench(.v4)
        let other = bench.open()
        for _ in 0..<3 { bench.subscribe(Self.binding) }
        bench.subscribe(Self.binding, as: other)
        bench.cluster.close(bench.session)
        #expect(bench.hearers(of: Self.document) == [other])
        bench.unsubscribeStranger(Self.binding)
        #expect(bench.hearers(of: Self.document).isEmpty)
    }

    @Test func `in 5 a repeated subscribe adds nothing`() {
        let bench = Bench(.v5)
        for _ in 0..<3 { bench.subscribe(Self.binding) }
        bench.unsubscribeStranger(Self.binding)
        #expect(bench.deliver(Self.document) == 0)
    }

    // MARK: What heals, and for how long

    @Test(arguments: ["object.*.*", "call.*.*"]) func `in 4 a stranger silences until a subscribe is repeated`(
        _ binding: String
    ) {
        let event = binding.hasPrefix("call") ? Sample.call("one") : Self.document
        let bench = Bench(.v4)
        bench.subscribe(binding)
        bench.unsubscribeStranger(binding)
        #expect(bench.deliver(event) == 0)
        #expect(bench.subscribe(binding)?["status"] == "success")
        #expect(bench.deliver(event) == 1)
    }

    @Test func `in 5 a repeated subscribe heals nothing`() {
        let bench = Bench(.v5)
        bench.subscribe(Self.binding)
        bench.unsubscribeStranger(Self.binding)
        #expect(bench.subscribe(Self.binding)?["status"] == "success")
        #expect(bench.deliver(Self.document) == 0)
    }

    @Test(arguments: KazooFlavour.allCases)
    func `a new session beside one whose listener was lost falls silent when the old session closes`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        bench.subscribe(Self.binding)
        bench.unsubscribeStranger(Self.binding)
        let new = bench.open()
        bench.subscribe(Self.binding, as: new)
        #expect(bench.hearers(of: Self.document) == [bench.session, new])
        bench.cluster.close(bench.session)
        #expect(bench.hearers(of: Self.document).isEmpty)
    }

    @Test(arguments: KazooFlavour.allCases) func `a new session made after the old one is left hears`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        bench.subscribe(Self.binding)
        bench.unsubscribeStranger(Self.binding)
        bench.cluster.close(bench.session)
        let new = bench.open()
        bench.subscribe(Self.binding, as: new)
        #expect(bench.hearers(of: Self.document) == [new])
    }

    @Test(arguments: KazooFlavour.allCases) func `unsubscribe then subscribe heals`(_ flavour: KazooFlavour) {
        let bench = Bench(flavour)
        bench.subscribe(Self.binding)
        bench.unsubscribeStranger(Self.binding)
        bench.command("unsubscribe", Self.binding)
        #expect(bench.deliver(Self.document) == 0)
        bench.subscribe(Self.binding)
        #expect(bench.deliver(Self.document) == 1)
    }

    @Test(arguments: KazooFlavour.allCases)
    func `unsubscribe then subscribe leaves others as they were`(_ flavour: KazooFlavour) {
        let bench = Bench(flavour)
        let other = bench.open()
        bench.subscribe(Self.binding)
        bench.subscribe(Self.binding, as: other)
        bench.command("unsubscribe", Self.binding)
        #expect(bench.hearers(of: Self.document) == [other])
        bench.subscribe(Self.binding)
        bench.cluster.close(other)
        #expect(bench.hearers(of: Self.document) == [bench.session])
    }

    @Test(arguments: KazooFlavour.allCases)
    func `after a restart of the listener a session that subscribes anew hears again, until an older session closes`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        let older = bench.open()
        bench.subscribe(Self.binding, as: older)
        bench.subscribe(Self.binding)
        bench.cluster.restartListener()
        #expect(bench.hearers(of: Self.document).isEmpty)
        if flavour == .v5 { bench.command("unsubscribe", Self.binding) }
        bench.subscribe(Self.binding)
        #expect(bench.hearers(of: Self.document) == [bench.session, older])
        bench.cluster.close(older)
        #expect(bench.hearers(of: Self.document).isEmpty)
    }

    @Test func `in 4 a second subscribe outlives an older session, in 5 it does not`() {
        for (flavour, survives) in [(KazooFlavour.v4, true), (.v5, false)] {
            let bench = Bench(flavour)
            bench.subscribe(Self.binding)
            bench.cluster.restartListener()
            let new = bench.open()
            for _ in 0..<2 { bench.subscribe(Self.binding, as: new) }
            bench.cluster.close(bench.session)
            #expect(bench.hearers(of: Self.document) == (survives ? [new] : []))
        }
    }

    // MARK: One topic, two counts

    @Test(arguments: KazooFlavour.allCases)
    func `fax.object and object are counted apart and unbind the same topic`(_ flavour: KazooFlavour) {
        let bench = Bench(flavour)
        let other = bench.open()
        bench.subscribe("object.doc_created.fax")
        bench.unsubscribeStranger("fax.object.doc_created")
        #expect(bench.hearers(of: bench.created("fax")) == [bench.session], "nothing of that name was bound")
        bench.subscribe("fax.object.doc_created", as: other)
        bench.cluster.close(other)
        #expect(bench.hearers(of: bench.created("fax")).isEmpty)
    }

    @Test func `in 4 the hook for all accounts goes with the first of its events`() {
        let bench = Bench(.v4)
        let admin = bench.open(account: SimulatedAccount.recorded[0].id)
        bench.subscribe("call.CHANNEL_CREATE.*", account: "*", as: admin)
        bench.subscribe("call.CHANNEL_DESTROY.*", account: "*", as: admin)
        #expect(bench.hearers(of: Sample.call("one")) == [admin])
        bench.command("unsubscribe", "call.CHANNEL_DESTROY.*", account: "*", as: admin)
        #expect(bench.hearers(of: Sample.call("two")).isEmpty)
    }

    @Test(arguments: KazooFlavour.allCases) func `a call id in a presence binding is encoded once too often`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        bench.subscribe("presence.dialog.a%2Eb")
        let event = SimulatedEvent(
            routingKey: "dialog.acme%2Esip%2Eexample%2Ecom.a%2Eb", name: "dialog_update", data: "{}")
        #expect(bench.deliver(event) == 0)
        bench.subscribe("presence.dialog.*")
        #expect(bench.deliver(event) == 2, "now it is heard, and both subscriptions match")
    }
}
