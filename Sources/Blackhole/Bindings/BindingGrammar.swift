/// The bindings that Kazoo offers, in one table.
///
/// Taken from `applications/blackhole/src/modules` of Kazoo 4.x and `kazoo-blackhole/src/modules` of Kazoo 5. A cluster
/// may load more modules than these, so a family that is not listed is for the server to judge.
public enum BindingGrammar {
    /// One form of a binding.
    public struct Form: Equatable, Sendable {
        /// The form as Kazoo's documentation writes it, such as `call.{EVENT}.{CALL_ID}`.
        public let template: String
        /// The Kazoo module that serves it.
        public let module: String
        /// The releases that know it, such as `4.x, 5`.
        public let releases: String
        /// What it brings, in a few words.
        public let summary: String
        /// What may stand between the dots, the family's own word first.
        let parts: [Part]
        /// The routing keys of the events that it brings.
        let routing: [Routing]

        /// The family: the first word.
        public var family: String { String(template.prefix { $0 != "." }) }

        /// The words that may stand in each place that is not free: for lists and completions.
        public var choices: [[String]] { parts.map(\.words) }
    }

    /// What may stand between two dots of a binding.
    enum Part: Equatable, Sendable {
        /// This word.
        case word(String)
        /// One of these words, or `*`; the string says what the words are.
        case oneOf([String], String)
        /// An id, or `*` for those who may; the string says of what.
        case id(String, wildcard: Wildcard = .allowed)

        var words: [String] {
            switch self {
            case .word(let word): [word]
            case .oneOf(let words, _): words
            case .id: []
            }
        }
    }

    /// Who may write `*` in place of an id.
    enum Wildcard: Equatable, Sendable {
        case allowed, superduperAdminsOnly, refused
    }

    /// One part of a routing key, in terms of the binding and the account that it was asked for.
    enum Routing: Equatable, Sendable {
        /// This word.
        case word(String)
        /// What stands at this place of the binding.
        case part(Int)
        /// The account id.
        case account
        /// The account's database, encoded, with or without a month.
        case database
        /// Anything.
        case any
    }

    /// The events of calls (`bh_call.erl`, `LISTEN_TO`).
    static let callEvents = [
        "CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_DESTROY", "CHANNEL_HOLD", "CHANNEL_UNHOLD", "CHANNEL_BRIDGE",
        "PARK_PARKED", "PARK_RETRIEVED", "PARK_ABANDONED",
    ]
    /// What happens to documents (`kapi_conf.hrl`, `DOC_ACTIONS`).
    static let documentActions = ["doc_created", "doc_edited", "doc_deleted"]
    /// The documents that can be subscribed to (`doc_types.hrl`, `DOC_TYPES`).
    static let documentTypes = [
        "account", "callflow", "device", "faxbox", "media", "user", "vmbox", "fax", "mailbox_message", "call_recording",
    ]

    /// Every form, in the order in which people look for them.
    public static let forms: [Form] = [
        Form(
            template: "call.{EVENT}.{CALL_ID}", module: "bh_call", releases: "4.x, 5",
            summary: "calls as they are created, answered, bridged, held, parked and ended",
            parts: [.word("call"), .oneOf(callEvents, "event"), .id("call id")],
            routing: [.word("call"), .account, .part(1), .part(2)]),
        Form(
            template: "object.{ACTION}.{TYPE}", module: "bh_object", releases: "4.x, 5",
            summary: "documents as they are created, edited and deleted",
            parts: [.word("object"), .oneOf(documentActions, "action"), .oneOf(documentTypes, "document type")],
            routing: [.part(1), .database, .part(2), .any]),
        Form(
            template: "fax.status.{FAX_ID}", module: "bh_fax", releases: "4.x, 5",
            summary: "faxes on their way",
            parts: [.word("fax"), .word("status"), .id("fax id")],
            routing: [.word("fax"), .word("status"), .account, .part(2)]),
        Form(
            template: "fax.object.{ACTION}", module: "bh_fax", releases: "4.x, 5",
            summary: "this month's fax documents as they are created, edited and deleted",
            parts: [.word("fax"), .word("object"), .oneOf(documentActions, "action")],
            routing: [.part(2), .database, .word("fax"), .any]),
        Form(
            template: "conference.event.{CONFERENCE_ID}.{CALL_ID}", module: "bh_conference", releases: "4.x",
            summary: "what happens in one conference",
            parts: [.word("conference"), .word("event"), .id("conference id", wildcard: .refused), .id("call id")],
            routing: [.word("conference"), .word("event"), .any, .account, .part(2), .part(3)]),
        Form(
            template: "conference.event.{EVENT}.{CONFERENCE_ID}.{CALL_ID}", module: "bh_conference", releases: "5",
            summary: "what happens in one conference; in all of them (`*`) for superduper admins",
            parts: [
                .word("conference"), .word("event"), .id("event"),
                .id("conference id", wildcard: .superduperAdminsOnly), .id("call id"),
            ],
            routing: [.word("conference"), .word("event"), .part(2), .account, .part(3), .part(4)]),
        Form(
            template: "conference.command.{CONFERENCE_ID}", module: "bh_conference", releases: "4.x, 5",
            summary: "commands sent to one conference",
            parts: [.word("conference"), .word("command"), .id("conference id", wildcard: .refused)],
            routing: [.word("conference"), .word("command"), .part(2)]),
        Form(
            template: "presence.dialog.{CALL_ID}", module: "bh_presence", releases: "4.x, 5",
            summary: "who is on the phone, as busy lamps show it",
            parts: [.word("presence"), .word("dialog"), .id("call id")],
            routing: [.word("dialog"), .any, .part(2)]),
        Form(
            template: "presence.mwi_updates.{USER}", module: "bh_presence", releases: "4.x, 5",
            summary: "how many voicemail messages wait",
            parts: [.word("presence"), .word("mwi_updates"), .id("user")],
            routing: [.word("mwi_updates"), .any, .part(2)]),
        Form(
            template: "presence.update.{CALL_ID}", module: "bh_presence", releases: "4.x, 5",
            summary: "changes of presence",
            parts: [.word("presence"), .word("update"), .id("call id")],
            routing: [.word("update"), .any, .part(2)]),
        Form(
            template: "stream.{EVENT}.{CALL_ID}", module: "bh_stream", releases: "5",
            summary: "audio streams of pivot as they start and stop",
            parts: [.word("stream"), .oneOf(["start", "stop"], "event"), .id("call id")],
            routing: [.word("pivot"), .word("stream"), .part(1), .account, .part(2)]),
    ]

    /// The known families, each once.
    public static let families: [String] = forms.reduce(into: []) { families, form in
        if !families.contains(form.family) { families.append(form.family) }
    }
}
