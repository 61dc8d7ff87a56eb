/// The families of bindings that the event server's modules offer.
///
/// Facts from Kazoo's `blackhole/src/modules/bh_{call,object,fax,conference,presence,notifications,stream}.erl`.
struct BindingFamilies: Sendable {
    let flavour: KazooFlavour
    /// Months whose databases are bound beside that of the month in which a subscription is made.
    var recordedMonths: [String] = []

    static let callEvents = [
        "CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_DESTROY", "CHANNEL_HOLD", "CHANNEL_UNHOLD", "CHANNEL_BRIDGE",
        "PARK_PARKED", "PARK_RETRIEVED", "PARK_ABANDONED",
    ]
    static let documentActions = ["doc_created", "doc_edited", "doc_deleted"]
    static let documentTypes = [
        "account", "callflow", "device", "faxbox", "media", "user", "vmbox", "fax", "mailbox_message", "call_recording",
    ]
    /// Types that are bound to the month's database (`DOC_MODB_TYPES` in `doc_types.hrl`; 5 can be told of more). Call
    /// recordings are not among them although they are kept there, so that a subscription by that type hears nothing.
    private static let monthlyTypes = ["fax", "mailbox_message"]
    private static let presenceEvents = ["dialog", "mwi_updates", "update"]
    private static let streamEvents = ["start", "stop"]
    private static let conferenceEvents = [
        "*", "add-member", "conference-create", "conference-destroy", "del-member", "deaf-member", "energy-level",
        "exit-sounds-off", "exit-sounds-on", "floor-change", "gain-level", "hold-member", "hup-member", "kick-member",
        "lock", "mute-detect", "mute-member", "play-file", "play-file-done", "play-file-member",
        "play-file-member-done", "speak-text", "speak-text-member", "start-recording", "start-talking",
        "stop-recording", "stop-talking", "transfer", "undeaf-member", "unhold-member", "unlock", "unmute-member",
        "volume-level",
    ]

    /// Whether the keys fit the family. An unknown family is no error yet.
    func verdict(on binding: Binding) -> BindingVerdict {
        let keys = binding.keys
        let malformed = BindingVerdict.invalid(
            "invalid format for \(binding.family) subscription : \(binding.listedKeys)")
        switch binding.family {
        case "call":
            guard keys.count == 2 else { return malformed }
            return keys[0] == "*" || Self.callEvents.contains(keys[0])
                ? .valid : .invalid("event \(keys[0]) not supported")
        case "object":
            guard keys.count == 2 else { return malformed }
            let isKnown =
                (keys[0] == "*" || Self.documentActions.contains(keys[0]))
                && (keys[1] == "*" || Self.documentTypes.contains(keys[1]))
            return isKnown ? .valid : .invalid("event \(keys[0]).\(keys[1]) not supported")
        case "fax":
            return keys.count == 2 && ["status", "object"].contains(keys[0]) ? .valid : malformed
        case "conference":
            return conferenceVerdict(on: keys) ?? malformed
        case "presence":
            guard let event = keys.first else { return malformed }
            return Self.presenceEvents.contains(event) ? .valid : .invalid("event \(event) not supported")
        case "stream" where flavour == .v5:
            guard keys.count == 2 else { return malformed }
            return keys[0] == "*" || Self.streamEvents.contains(keys[0])
                ? .valid : .invalid("event stream.\(keys[0]) not supported")
        case "notifications" where flavour == .v5:
            guard keys.count == 2 else { return .crash }
            return .invalid("event category \(keys[0]) not supported")
        case "*", "#":
            // The family as a wildcard reaches every module at once; what they make of it was recorded.
            if keys.count == 2 { return .valid }
            return flavour == .v4
                ? .invalid("invalid format for conference subscription : \(binding.listedKeys)") : .crash
        default:
            return .valid
        }
    }

    private func conferenceVerdict(on keys: [String]) -> BindingVerdict? {
        switch (flavour, keys.first, keys.count) {
        case (.v4, "command", 2), (.v4, "event", 3):
            return keys[1] == "*" ? .invalid("ConferenceId required") : .valid
        case (.v5, "command", 2):
            return .valid
        case (.v5, "event", 4):
            return Self.conferenceEvents.contains(keys[1])
                ? .valid : .invalid("Unsupported conference event \(keys[1])")
        default:
            return nil
        }
    }

    /// The topics that a binding of an account stands for; empty when no module serves it.
    ///
    /// - Parameters:
    ///   - account: What the client gave: an id, `*`, or nonsense that succeeds and never matches.
    ///   - realm: The account's SIP realm, where there is one.
    ///   - yearMonth: The month in which the subscription is made; it is bound to that month's database for good.
    func offers(for binding: Binding, account: String, realm: String?, yearMonth: String) -> [BindingOffer] {
        let keys = binding.keys
        switch (binding.family, keys.count) {
        case ("call", 2):
            let events = keys[0] == "*" ? Self.callEvents : [keys[0]]
            return [
                BindingOffer(
                    clientKey: "call.\(keys[0]).\(keys[1])",
                    topics: events.map { "call.\(account).\($0).\(keys[1])" },
                    listeners: events.map { event in
                        // The hook for all accounts is counted for each event and brings every kind of it.
                        Listener(
                            name: "call.\(account).\(event)",
                            topic: account == "*" ? "call.*.*.*" : "call.\(account).\(event).*")
                    })
            ]
        case ("object", 2):
            let databases = databases(for: keys[1], account: account, yearMonth: yearMonth)
            return offer("object.\(keys[0]).\(keys[1])", databases.map { "\(keys[0]).\($0).\(keys[1]).*" })
        case ("fax", 2) where keys[0] == "status":
            return offer("fax.status.\(keys[1])", ["fax.status.\(account).\(keys[1])"]) { topic in
                Listener(name: topic, topic: "fax.status.\(account).\(RoutingKey.encode(keys[1]))")
            }
        case ("fax", 2) where keys[0] == "object":
            let databases = monthDatabases(ofAccount: account, yearMonth: yearMonth)
            return offer("fax.object.\(keys[1])", databases.map { "\(keys[1]).\($0).fax.*" }) {
                // Counted apart from `object`, which binds the same topic.
                Listener(name: "fax.object.\($0)", topic: $0)
            }
        case ("conference", 2) where keys[0] == "command":
            return offer("conference.command.\(keys[1])", ["conference.command.\(keys[1])"])
        case ("conference", 3) where keys[0] == "event" && flavour == .v4:
            return offer(
                "conference.event.\(keys[1]).\(keys[2])", ["conference.event.*.\(account).\(keys[1]).\(keys[2])"])
        case ("conference", 4) where keys[0] == "event" && flavour == .v5:
            return offer(
                "conference.event.\(keys[1]).\(keys[2]).\(keys[3])",
                ["conference.event.\(keys[1]).\(account).\(keys[2]).\(keys[3])"])
        case ("presence", 2) where Self.presenceEvents.contains(keys[0]):
            guard let realm = realm.map(RoutingKey.encode) else { return [] }
            return offer("\(keys[0]).\(keys[1])", ["\(keys[0]).\(realm).\(keys[1])"]) { topic in
                // Encoded once more: what a client has to encode to be matched is then not heard (`kapi_presence` of 4.x).
                Listener(name: topic, topic: "\(keys[0]).\(realm).\(RoutingKey.encode(keys[1]))")
            }
        case ("stream", 2) where flavour == .v5:
            return offer("stream.\(keys[0]).\(keys[1])", ["pivot.stream.\(keys[0]).\(account).\(keys[1])"])
        case ("*", 2), ("#", 2):
            return wildcardOffers(for: keys, account: account, realm: realm, yearMonth: yearMonth)
        default:
            return []
        }
    }

    private func offer(
        _ clientKey: String, _ topics: [String], listener: (String) -> Listener = { Listener(topic: $0) }
    ) -> [BindingOffer] {
        guard !topics.isEmpty else { return [] }
        return [BindingOffer(clientKey: clientKey, topics: topics, listeners: topics.map(listener))]
    }

    private func wildcardOffers(
        for keys: [String], account: String, realm: String?, yearMonth: String
    ) -> [BindingOffer] {
        ["call", "notifications", "stream", "object", "fax", "conference", "presence"].flatMap { family in
            if family == "notifications" {
                // Named in the reply, and never matched by an event.
                let key = "notifications.\(keys.joined(separator: "."))"
                return flavour == .v5 ? [BindingOffer(clientKey: key, topics: [], listeners: [])] : []
            }
            let binding = Binding(([family] + keys).joined(separator: "."))
            return offers(for: binding, account: account, realm: realm, yearMonth: yearMonth)
        }
    }

    private func databases(for type: String, account: String, yearMonth: String) -> [String] {
        let main = [RoutingKey.database(ofAccount: account)].compactMap(\.self)
        let monthly = monthDatabases(ofAccount: account, yearMonth: yearMonth)
        return type == "*" ? main + monthly : Self.monthlyTypes.contains(type) ? monthly : main
    }

    private func monthDatabases(ofAccount account: String, yearMonth: String) -> [String] {
        let months = [yearMonth] + recordedMonths.filter { $0 != yearMonth }
        return months.compactMap { RoutingKey.monthDatabase(ofAccount: account, yearMonth: $0) }
    }
}
