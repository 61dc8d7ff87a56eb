import Events
import Testing

@testable import KazooSimulator

/// What the turn of the month silences and what brings it back: `bh_object.erl` and `bh_fax.erl` of both generations, and
/// `kazoo_modb:get_modb/1`, which takes the month of the moment at which it is called.
@Suite struct MonthTurnTests {
    private static let silenced: [(binding: String, type: String)] = [
        ("object.doc_created.fax", "fax"), ("object.*.mailbox_message", "mailbox_message"),
        ("fax.object.doc_created", "fax"), ("object.*.*", "call_recording"), ("object.doc_created.*", "fax"),
    ]

    @Test(arguments: KazooFlavour.allCases)
    func `what is bound to the month's database is silent until the subscribe is repeated`(_ flavour: KazooFlavour) {
        for (binding, type) in Self.silenced {
            let bench = Bench(flavour)
            bench.subscribe(binding)
            #expect(bench.deliver(bench.created(type)) == 1, "\(binding)")
            bench.turnMonth()
            #expect(bench.deliver(bench.created(type)) == 0, "\(binding)")
            bench.subscribe(binding)
            #expect(bench.deliver(bench.created(type)) == 1, "\(binding)")
        }
    }

    @Test(arguments: KazooFlavour.allCases) func `what is bound to the account's database goes on`(
        _ flavour: KazooFlavour
    ) {
        for binding in ["object.*.*", "object.doc_created.user"] {
            let bench = Bench(flavour)
            bench.subscribe(binding)
            bench.turnMonth()
            #expect(bench.deliver(bench.created("user")) == 1, "\(binding)")
            bench.subscribe(binding)
            #expect(bench.deliver(bench.created("user")) == 1, "bound once: \(binding)")
        }
    }

    @Test(arguments: KazooFlavour.allCases) func `recordings are not where a subscription to them listens`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        #expect(bench.subscribe("object.*.call_recording")?["status"] == "success")
        #expect(bench.deliver(bench.created("call_recording")) == 0)
        bench.subscribe("object.*.*")
        #expect(bench.deliver(bench.created("call_recording")) == 1)
    }

    @Test(arguments: KazooFlavour.allCases) func `a repeated subscribe within the month is nothing new`(
        _ flavour: KazooFlavour
    ) {
        let bench = Bench(flavour)
        let first = bench.subscribe("object.*.*")?["data"]
        let second = bench.subscribe("object.*.*")?["data"]
        let key = flavour == .v4 ? "subscribed" : "subscriptions"
        #expect(first?[key] == second?[key])
        #expect(flavour == .v4 || second?["subscribed"] == [])
        #expect(bench.deliver(bench.created("fax")) == 1)
    }

    @Test func `replies count the new month beside the old one`() {
        let v4 = Bench(.v4)
        v4.subscribe("object.*.*")
        v4.turnMonth()
        #expect(v4.subscribe("object.*.*")?["data"]?["subscribed"] == ["object.*.*", "object.*.*", "object.*.*"])
        let v5 = Bench(.v5)
        v5.subscribe("object.*.*")
        v5.turnMonth()
        let data = v5.subscribe("object.*.*")?["data"]
        #expect(data?["subscribed"] == ["object.*.*"])
        #expect(data?["subscriptions"] == ["object.*.*", "object.*.*"])
    }

    @Test func `in 5 an unsubscribe after the turn leaves the old month's entry and silences both`() {
        let bench = Bench(.v5)
        bench.subscribe("object.*.*")
        bench.turnMonth()
        let data = bench.command("unsubscribe", "object.*.*")?["data"]
        #expect(data?["subscriptions"] == ["object.*.*"])
        #expect(bench.deliver(bench.created("user")) == 0)
        bench.subscribe("object.*.*")
        #expect(bench.deliver(bench.created("user")) == 1)
        #expect(bench.deliver(bench.created("fax")) == 1)
    }

    @Test func `the story goes on in the new month's database`() throws {
        var story = TelephonyStory(accounts: SimulatedAccount.recorded, flavour: .v5, seed: 5)
        let turn = Bench.start.unixSeconds + CivilDate(unixSeconds: Bench.start.unixSeconds).secondsUntilNextMonth
        var months: [Int64: Set<String>] = [:]
        for now in [turn - 1, turn] {
            for _ in 0..<1000 {
                guard let event = story.next(now: now) else { break }
                let words = TopicPattern.words(of: event.routingKey)
                if words.contains("mailbox_message") { months[now, default: []].insert(String(words[1].suffix(7))) }
            }
        }
        // A message that was left while a call went on over midnight is kept in the month in which it ends.
        #expect(months == [turn - 1: ["-202611"], turn: ["-202612"]])
    }
}
