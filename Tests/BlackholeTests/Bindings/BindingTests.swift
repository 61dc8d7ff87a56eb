import Testing

@testable import Blackhole

@Suite struct BindingTests {
    private func mistake(in binding: String) -> BindingError? {
        do {
            _ = try Binding(binding)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: BindingGrammar.forms)
    func everyFormOfTheGrammarCanBeFilledIn(_ form: BindingGrammar.Form) throws {
        let parts = form.parts.map { part in
            switch part {
            case .word(let word): word
            case .oneOf(let words, _): words[0]
            case .id: "id-1"
            }
        }
        let binding = try Binding(parts.joined(separator: "."))
        #expect(binding.form == form)
        #expect(binding.family == .known(form.family))
        #expect(form.template.split(separator: ".").count == parts.count)
        #expect(form.choices.count == parts.count)
    }

    @Test(arguments: [
        "call.*.*", "call.CHANNEL_CREATE.*", "call.PARK_ABANDONED.some-call_id~1", "call.*.MTY%2Ea%4010%2E26",
        "call.*.a+b", "object.*.*", "object.doc_created.call_recording", "fax.object.*", "conference.event.c1.*",
        "conference.event.*.c1.*", "conference.event.*.*.*", "conference.command.c1", "presence.mwi_updates.1000",
        "stream.start.*",
    ])
    func acceptsWhatKazooOffers(_ binding: String) throws {
        #expect(try Binding(binding).description == binding)
    }

    @Test(arguments: [
        "qubicle.queue.*.*", "acdc.x", "notifications.*.missed_call", "relay.conference", "nosuch", "live.a.b.c",
    ])
    func leavesUnknownFamiliesToTheServer(_ text: String) throws {
        let binding = try Binding(text)
        #expect(binding.family == .other(String(text.prefix { $0 != "." })))
        #expect(binding.form == nil)
    }

    @Test(arguments: [
        ("call.channel_create.*", "call.CHANNEL_CREATE.*"), ("call.CHANEL_CREATE.*", "call.CHANNEL_CREATE.*"),
        ("call.CHANNEL_CRAETE.x", "call.CHANNEL_CREATE.x"), ("call", "call.*.*"), ("call.*", "call.*.*"),
        ("call.", "call.*.*"), ("call.CHANNEL_CREATE.", "call.CHANNEL_CREATE.*"),
        ("call.CHANNEL_CREATE", "call.CHANNEL_CREATE.*"),
        ("call.#", "call.*.*"), ("call.#.#", "call.*.*"), ("cal.*.*", "call.*.*"), ("Call.*.*", "call.*.*"),
        (" call.*.*", "call.*.*"), ("call.*.*\n", "call.*.*"), ("call. chanel_create .*", "call.CHANNEL_CREATE.*"),
        ("obejct.*.*", "object.*.*"), ("object.doc_create.user", "object.doc_created.user"),
        ("object.doc_created.users", "object.doc_created.user"), ("object.*.User", "object.*.user"),
        ("object", "object.*.*"),
        ("fax", "fax.status.*"), ("presence", "presence.dialog.*"), ("fax.status", "fax.status.*"),
        ("fax.object.doc_edit", "fax.object.doc_edited"),
        ("fax.stauts.*", "fax.status.*"), ("presence.dialog", "presence.dialog.*"),
        ("presence.dialogs.*", "presence.dialog.*"), ("dialog.*", "presence.dialog.*"),
        ("mwi_updates.1000", "presence.mwi_updates.1000"), ("CHANNEL_CREATE.*", "call.CHANNEL_CREATE.*"),
        ("doc_created.user", "object.doc_created.user"), ("conference.event.c1", "conference.event.c1.*"),
        ("conferense.command.c1", "conference.command.c1"), ("stream.stopp.*", "stream.stop.*"),
        ("call.*.MTY.a@10.26", "call.*.MTY%2Ea%4010%2E26"), ("call.*.id.with.dots", "call.*.id%2Ewith%2Edots"),
        ("call.*.MTY%2Ea@10.26", "call.*.MTY%2Ea%4010%2E26"), ("call.*.a%2eb", "call.*.a%2Eb"),
        ("call.*.a@b", "call.*.a%40b"),
        ("call.*.é", "call.*.%C3%A9"), ("call.*.%ff@", "call.*.%FF%40"),
        ("call.*.a+b@c", "call.*.a%2Bb%40c"), ("fax.status.a/b", "fax.status.a%2Fb"),
    ])
    func suggestsWhatIsMeant(_ wrong: String, _ right: String) throws {
        let error = try #require(mistake(in: wrong))
        #expect(error.suggestion == right)
        #expect(error.message.hasSuffix("did you mean \(right)?"))
        _ = try Binding(right)
    }

    @Test(arguments: [
        ("", "the binding is empty"), ("*", "begins with its family"), ("#", "begins with its family"),
        ("*.*.*", "begins with its family"), (".", "there must be something"), ("...", "there must be something"),
        ("call.*.*.*", "look like call.{EVENT}.{CALL_ID}"),
        ("call.BAD.*", "is no event of call bindings: CHANNEL_CREATE"),
        ("call.CHANNEL_*.*", "mixes a wildcard"), ("call.*.abc*", "mixes a wildcard"), ("object.bad.*", "is no action"),
        ("object.*.bad", "is no document type of object bindings: account, callflow"),
        ("object.doc_edited.user.*", "look like object.{ACTION}.{TYPE}"),
        ("fax.object.nonsense", "is no action of fax"),
        ("fax.bad.*", "is no kind of fax bindings: status, object"),
        ("fax.status.*.*", "look like fax.status.{FAX_ID}"),
        ("conference.command.*", "wants one conference id"), ("conference.event.*.*", "wants one conference id"),
        ("presence.bad.*", "is no kind of presence bindings: dialog, mwi_updates, update"),
        ("stream.x.*", "start, stop"),
        ("conference", "look like conference.event"),
        ("conference.bad.x", "is no kind of conference bindings: event, command"),
        ("nosuch.é", "written in ASCII"), ("call.*.\u{1B}[2J", "no white space or control characters"),
    ])
    func saysWhatIsWrong(_ wrong: String, _ message: String) throws {
        let error = try #require(mistake(in: wrong))
        #expect(error.message.contains(message), "\(error.message)")
        #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test(arguments: ["conference", "conference.event", "conference.command", "conference.event.*.*"])
    func suggestsNoWildcardThatOnlyAdminsMayUse(_ binding: String) throws {
        #expect(try #require(mistake(in: binding)).suggestion == nil)
    }

    @Test(arguments: [
        ("MTY.a@10.26", "MTY%2Ea%4010%2E26"), ("a_b-c~d", "a_b-c~d"), ("a b", "a+b"), ("a+b", "a%2Bb"), ("é", "%C3%A9"),
        ("*", "%2A"), ("\u{1}", "%01"), ("", ""),
    ])
    func encodesIDsAsKazooDoes(_ id: String, _ encoded: String) {
        #expect(Binding.encode(id: id) == encoded)
        #expect(Binding.isEncoded(encoded))
    }

    /// `bh_call.erl` and `bh_object.erl`: one listener for each event, and for each database.
    @Test(arguments: [
        ("call.CHANNEL_CREATE.*", true), ("call.*.*", false), ("object.*.user", true), ("object.doc_created.*", false),
        ("object.*.*", false), ("fax.status.*", true), ("presence.dialog.*", true), ("qubicle.queue.*", false),
    ])
    func oneListener(_ text: String, _ isOne: Bool) throws {
        #expect(try Binding(text).isOneListener == isOne)
    }

    /// `kazoo_modb:get_modb/1` in `bh_object.erl` and `bh_fax.erl`.
    @Test(arguments: [
        ("object.*.*", true), ("object.doc_created.fax", true), ("object.*.mailbox_message", true),
        ("object.doc_created.user", false), ("object.*.device", false), ("fax.object.*", true), ("fax.status.*", false),
        ("call.*.*", false),
    ])
    func boundToMonth(_ text: String, _ isBound: Bool) throws {
        #expect(try Binding(text).isBoundToMonth == isBound)
    }
}
