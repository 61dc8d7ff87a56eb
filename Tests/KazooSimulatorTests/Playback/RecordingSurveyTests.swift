import Events
import Testing

@testable import KazooSimulator

/// Which accounts a recording has, and which a cluster that plays it.
@Suite struct RecordingSurveyTests {
    private static let one = "11111111111111111111111111111111"
    private static let two = "22222222222222222222222222222222"

    private static func call(_ account: String, realm: String, name: String) -> String {
        let variables = #"{"account_id":"\#(account)","account_realm":"\#(realm)","account_name":"\#(name)"}"#
        return MemoryRecording.event(
            "call.\(account).CHANNEL_CREATE.\(one)", data: #"{"custom_channel_vars":\#(variables)}"#)
    }

    private static func document(_ account: String, month: String = "") -> String {
        let database = RoutingKey.database(ofAccount: account) ?? ""
        return MemoryRecording.event("doc_created.\(database)\(month).mailbox_message.\(one)")
    }

    @Test func `accounts are counted by whom events are about`() throws {
        let survey = try RecordingSurvey(
            MemoryRecording(
                Self.document(Self.two), Self.call(Self.one, realm: "one.example.com", name: "One"),
                MemoryRecording.event("fax.status.\(Self.one).\(Self.two)"),
                MemoryRecording.event("conference.event.add-member.\(Self.one).\(Self.two).x"),
                MemoryRecording.event("pivot.stream.start.\(Self.one).\(Self.two)"),
                // Names no account of its own, and ids that look like one.
                MemoryRecording.event("conference.command.\(Self.two)"),
                MemoryRecording.event("dialog.one%2Eexample%2Ecom.\(Self.two)"),
                MemoryRecording.event("other.x", data: #"{"account_id":"\#(Self.two)"}"#)))
        #expect(survey.events == 8)
        #expect(survey.accounts.map(\.id) == [Self.two, Self.one])
        #expect(survey.accounts.map(\.events) == [2, 4])
        #expect(survey.accounts.map(\.realm) == [nil, "one.example.com"])
        #expect(survey.accounts.map(\.name) == [nil, "One"])
        #expect(survey.mainAccount?.id == Self.one)
        #expect(survey.presenceRealms == ["one.example.com": 1])
    }

    @Test func `times, gaps and damage are counted`() throws {
        var complaints: [String] = []
        let survey = try RecordingSurvey(
            MemoryRecording(
                MemoryRecording.envelope(Self.document(Self.one, month: "-202611"), at: "10"), #"{"action":"gap"}"#,
                MemoryRecording.envelope(Self.document(Self.one, month: "-202612"), at: "12.5"),
                MemoryRecording.envelope(Self.document(Self.one, month: "-202611"), at: "11"), "damaged",
                Self.document(Self.one), #"{"action":"invalid","raw_base64":"eA=="}"#, #"{"action":"event"}"#),
            complain: { complaints.append($0.description) })
        #expect(survey.events == 4 && survey.timedEvents == 3 && survey.incompleteEvents == 1)
        #expect(survey.counts.notices == 1 && survey.counts.invalid == 1 && survey.counts.skipped == 1)
        #expect(survey.duration == .seconds(2.5))
        #expect(survey.months == ["202611", "202612"])
        #expect(complaints == ["line 5: not JSON: unexpected byte at offset 0"])
    }

    @Test func `it can be given up, and fails as the recording does`() throws {
        let lines = Array(repeating: Self.document(Self.one), count: 5000)
        var recording = MemoryRecording(lines)
        var offsets: [Int] = []
        let survey = try RecordingSurvey(recording) { offset in
            offsets.append(offset)
            return offset < 500_000
        }
        #expect(survey.events < 5000)
        #expect(offsets == [262_144, 524_288])
        recording.readable = 1000
        #expect(throws: MemoryRecording.Unreadable.self) { try RecordingSurvey(recording) }
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            try RecordingSurvey(MemoryRecording("damaged"), complain: { _ in throw Refusal() })
        }
    }

    @Test func `the busiest account takes the place of Acme, the others are below it`() throws {
        let survey = try RecordingSurvey(
            MemoryRecording(
                Self.document(Self.two), Self.call(Self.one, realm: "one.example.com", name: "One"),
                Self.document(Self.one)))
        let bench = Bench(.v5) { survey.populate(&$0) }
        var directory = bench.cluster.records.directory
        #expect(directory.account(name: "acme")?.id == Self.one)
        #expect(directory.account(realm: "one.example.com")?.id == Self.one)
        #expect(directory.users.map(\.account) == [Self.one, SimulatedAccount.master.id])
        #expect(directory.descendants(of: Self.one).map(\.id) == [Self.two])
        #expect(directory.account(Self.two)?.name == "Account 22222222")
        #expect(directory.isInHierarchy(of: SimulatedAccount.master.id, account: Self.two))

        let session = bench.open(account: Self.one)
        bench.subscribe("object.*.*", account: Self.one, as: session)
        let other = bench.open(account: Self.one)
        bench.subscribe("object.*.*", account: Self.two, as: other)
        let event = SimulatedEvent(
            routingKey: "doc_created.\(RoutingKey.database(ofAccount: Self.one) ?? "").user.x", name: "doc_created",
            data: "{}")
        #expect(bench.hearers(of: event) == [session])
    }

    @Test(arguments: KazooFlavour.allCases) func `documents of every recorded month are heard`(_ flavour: KazooFlavour)
        throws
    {
        let survey = try RecordingSurvey(
            MemoryRecording(Self.document(Self.one, month: "-202501"), Self.document(Self.one, month: "-202502")))
        let wishes = [("object.*.*", "mailbox_message"), ("object.doc_created.fax", "fax"), ("fax.object.*", "fax")]
        for (binding, type) in wishes {
            let bench = Bench(flavour) { survey.populate(&$0) }
            let session = bench.open(account: Self.one)
            #expect(bench.subscribe(binding, account: Self.one, as: session)?["status"] == "success")
            for month in ["202501", "202502", CivilDate(unixSeconds: Bench.start.unixSeconds).yearMonth] {
                let database = RoutingKey.monthDatabase(ofAccount: Self.one, yearMonth: month) ?? ""
                let event = SimulatedEvent(
                    routingKey: "doc_created.\(database).\(type).x", name: "doc_created", data: "{}")
                #expect(bench.deliver(event) == 1, "\(binding) in \(month)")
            }
        }
    }

    @Test func `realms that only presence events know are accounts too`() throws {
        let survey = try RecordingSurvey(
            MemoryRecording(
                MemoryRecording.event("dialog.b%2Eexample%2Ecom.x"),
                MemoryRecording.event("dialog.b%2Eexample%2Ecom.y"),
                MemoryRecording.event("update.a%2Eexample%2Ecom.x")))
        #expect(survey.mainAccount == nil)
        let bench = Bench(.v4) { survey.populate(&$0) }
        bench.subscribe("presence.dialog.*")
        let event = SimulatedEvent(routingKey: "dialog.b%2Eexample%2Ecom.x", name: "dialog_update", data: "{}")
        #expect(bench.deliver(event) == 1)
        var directory = bench.cluster.records.directory
        let below = directory.descendants(of: Sample.account)
        #expect(below.map(\.realm) == ["a.example.com"])
        #expect(below.allSatisfy { $0.id.utf8.count == 32 })
    }

    @Test func `the master account makes way for a recorded one with its id`() throws {
        let master = SimulatedAccount.master.id
        let survey = try RecordingSurvey(
            MemoryRecording(Self.document(Sample.account), Self.document(Sample.account), Self.document(master)))
        let bench = Bench(.v5) { survey.populate(&$0) }
        var directory = bench.cluster.records.directory
        #expect(directory.descendants(of: Sample.account).map(\.id) == [master])
        let above = try #require(directory.tree(of: Sample.account).first)
        #expect(above != master)
        #expect(directory.account(above)?.isSuperduperAdmin == true)
        #expect(directory.users.map(\.account) == [Sample.account, above])
    }

    @Test func `words of routing keys are decoded`() {
        #expect(RoutingKey.decode("acme%2Esip%2Eexample%2Ecom") == "acme.sip.example.com")
        #expect(RoutingKey.decode("a+b%C3%A4") == "a bä")
        for wrong in ["", "%", "%2", "%zz", "%FF"] { #expect(RoutingKey.decode(wrong) == nil) }
    }
}
