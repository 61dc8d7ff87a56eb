import Events
import TestSupport
import Testing

@testable import Blackhole

/// The index against asking each selector.
@Suite struct BindingIndexTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let other = "b1946ac92492d2347c6235b4d2611184"

    /// Every event that was recorded, and lines that are none.
    private func recordedEvents() throws -> EventBatch {
        var batch = EventBatch()
        for event in try Recordings.events().map(\.bytes) {
            try event.withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        Array("no JSON".utf8).withUnsafeBytes { batch.append(invalid: $0) }
        batch.append(notice: ["action": "gap", "routing_key": "conference.command.c1"])
        return batch
    }

    private func batch(routingKeys: [String]) throws -> EventBatch {
        var batch = EventBatch()
        for key in routingKeys {
            let text = #"{"action":"event","subscribed_key":"qubicle.queue.*.*","routing_key":\#(key)}"#
            try Array(text.utf8).withUnsafeBytes { batch.append(event: $0, located: try JSONScanner.scan($0)) }
        }
        return batch
    }

    /// Checks every line of a batch.
    ///
    /// - Returns: how many selectors were found in all.
    private func expectAgreement(_ selectors: [EventSelector], on batch: EventBatch) -> Int {
        let index = BindingIndex(selectors)
        var total = 0
        for position in batch.indices {
            var found: [Int] = []
            batch.bytes.withUnsafeBytes { index.find(batch.lines[position], in: $0, into: &found) }
            let expected = selectors.indices.filter { selectors[$0].selects(batch[position]) }
            #expect(found.sorted() == expected, "\(batch[position].routingKey ?? "no routing key")")
            total += found.count
        }
        return total
    }

    /// All combinations of words for each form of the grammar, ids from a pool.
    private func bindings(ids: [String]) -> [Binding] {
        var texts: [String] = []
        for form in BindingGrammar.forms {
            texts += form.parts.reduce([""]) { beginnings, part in
                let words =
                    switch part {
                    case .word(let word): [word]
                    case .oneOf(let words, _): words + ["*"]
                    case .id: ids + ["*"]
                    }
                return beginnings.flatMap { beginning in
                    words.map { beginning.isEmpty ? $0 : "\(beginning).\($0)" }
                }
            }
        }
        texts += ["qubicle.queue.*.*", "qubicle.x", "acdc.x", "dialog.a.b.c"]
        return texts.compactMap { try? Binding($0) }
    }

    @Test func agreesOnEveryRecordedEvent() throws {
        let batch = try recordedEvents()
        #expect(batch.count > 40)
        let ids = Set(batch.compactMap { $0.routingKey?.split(separator: ".").last.map(String.init) }).sorted()
        let bindings = bindings(ids: ids.indices.filter { $0.isMultiple(of: 8) }.map { ids[$0] } + ["c1", "nobody"])
        #expect(bindings.count > 200)
        let accounts = try [nil, AccountID(Self.account), AccountID(Self.other), .all]
        let selectors = bindings.flatMap { binding in accounts.map { EventSelector(binding, account: $0) } }
        #expect(expectAgreement(selectors, on: batch) > 200)
    }

    @Test func agreesOnKeysThatKazooDoesNotSend() throws {
        let database = "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8"
        let batch = try batch(
            routingKeys: [
                #""""#, #"".""#, #""call""#, #""call.""#, #""call..""#, #""call...""#, #""call.a.CHANNEL_CREATE.b""#,
                #""call.a.CHANNEL\u005fCREATE.b""#, #""call.a\u002eCHANNEL_CREATE.b""#, #""call.a.CHANNEL_CREATE.b.""#,
                #""call.a.CHANNEL_CREATE.b\\c""#, #""call.a\\.CHANNEL_CREATE.b""#, #""c\u0061ll.a.CHANNEL_CREATE.b""#,
                #""qubicle\u002equeue.a""#, #""dialog.a\u002eb.c""#,
                #""doc_edited.\#(database).user.u""#, #""doc_edited.\#(database)-202611.user.u""#,
                #""doc_edited.\#(database.dropLast()).user.u""#, #""doc_edited.account.user.u""#,
                #""qubicle.queue.a.b""#, #""dialog.a.b.c""#, #""dialog.a.b""#, #""acdc.x""#, "17", "null", "{}",
                #"["call.a.CHANNEL_CREATE.b"]"#,
            ])
        let accounts = try [nil, AccountID(Self.account), AccountID(Self.other)]
        let selectors = bindings(ids: ["b", "c"]).flatMap { binding in
            accounts.map { EventSelector(binding, account: $0) }
        }
        #expect(expectAgreement(selectors, on: batch) > 20)
    }

    @Test func anEmptyIndexSelectsNothing() throws {
        #expect(expectAgreement([], on: try recordedEvents()) == 0)
    }

    /// Equal bindings are found under the number of each.
    @Test func keepsEqualSelectorsApart() throws {
        let selector = EventSelector(try Binding("call.*.*"))
        let batch = try batch(routingKeys: [#""call.a.CHANNEL_CREATE.b""#])
        #expect(expectAgreement([selector, selector, selector], on: batch) == 3)
    }

    /// A thousand bindings, drawn from the words of the keys that they are asked about, so that many nearly fit.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func agreesOnRandomBindings(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let recorded = try recordedEvents().compactMap(\.routingKey)
        let words = recorded.flatMap { $0.split(separator: ".").map(String.init) } + ["x", "y"]
        let accounts = try [nil, AccountID(Self.account), AccountID(Self.other), .all]
        var selectors: [EventSelector] = []
        while selectors.count < 1000 {
            let form = BindingGrammar.forms.randomElement(using: &generator) ?? BindingGrammar.forms[0]
            let parts = form.parts.map { part in
                switch part {
                case .word(let word): word
                case .oneOf(let words, _): (words + ["*"]).randomElement(using: &generator) ?? "*"
                case .id: Bool.random(using: &generator) ? "*" : words.randomElement(using: &generator) ?? "*"
                }
            }
            guard let binding = try? Binding(parts.joined(separator: ".")) else { continue }
            let account = accounts.randomElement(using: &generator) ?? nil
            selectors.append(EventSelector(binding, account: account))
        }
        let keys = recorded.map { key in
            let changed = key.split(separator: ".").map { word in
                Int.random(in: 0..<8, using: &generator) == 0
                    ? words.randomElement(using: &generator) ?? "x" : String(word)
            }
            return #""\#(changed.joined(separator: "."))""#
        }
        let batch = try batch(routingKeys: keys + recorded.map { #""\#($0)""# })
        #expect(expectAgreement(selectors, on: batch) > 500)
    }

    @Test(arguments: [
        ("call.*.*", "call.*.*", true), ("call.CHANNEL_CREATE.*", "call.*.a", true),
        ("call.CHANNEL_CREATE.*", "call.CHANNEL_DESTROY.*", false), ("call.*.a", "call.*.b", false),
        ("call.*.*", "object.*.*", false), ("fax.object.*", "object.*.*", true), ("fax.object.*", "object.*.fax", true),
        ("fax.object.*", "object.*.user", false), ("fax.status.*", "fax.object.*", false),
        ("conference.event.c1.*", "conference.event.add-member.c1.*", true),
        ("conference.event.c1.*", "conference.event.add-member.c2.*", false), ("qubicle.x", "qubicle.y", true),
        ("qubicle.x", "acdc.y", false), ("qubicle.x", "call.*.*", false),
    ])
    func knowsWhichBindingsHaveEventsInCommon(_ one: String, _ other: String, _ overlap: Bool) throws {
        let (one, other) = try (EventSelector(Binding(one)), EventSelector(Binding(other)))
        #expect(one.overlaps(other) == overlap)
        #expect(other.overlaps(one) == overlap)
    }

    @Test func eventsOfTwoAccountsHaveNothingInCommon() throws {
        let binding = try Binding("object.*.*")
        let mine = EventSelector(binding, account: try AccountID(Self.account))
        let theirs = EventSelector(binding, account: try AccountID(Self.other))
        #expect(!mine.overlaps(theirs))
        #expect(mine.overlaps(mine))
        #expect(mine.overlaps(EventSelector(binding)))
    }
}
