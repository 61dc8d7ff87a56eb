/// What matters about an event to somebody who watches, family by family.
enum PrettyFacts {
    /// One fact, and how wide its column is.
    struct Fact: Equatable {
        var text: String
        var width = 0
    }

    static func facts(of event: EventView) -> [Fact] {
        guard event.kind == .event else { return notice(event) }
        let facts =
            switch event.family {
            case .call: call(event)
            case .object: object(event)
            case .fax: fax(event)
            case .conference: conference(event)
            case .presence: presence(event)
            default: [Fact]()
            }
        if !facts.isEmpty { return facts }
        return event.routingKey.map { [Fact(text: $0)] } ?? []
    }

    private static func call(_ event: EventView) -> [Fact] {
        let caller = event.text("data.caller_id_number") ?? event.text("data.from")
        let callee = event.text("data.callee_id_number") ?? event.text("data.to")
        let parties = [caller, callee].map { $0 ?? "?" }.joined(separator: " → ")
        return [
            Fact(text: event.text("data.call_direction") ?? "-", width: 9),
            caller == nil && callee == nil ? nil : Fact(text: parties, width: 26),
            callID(event),
            event.text("data.hangup_cause").map { Fact(text: $0) },
            event.text("data.duration_seconds").map { Fact(text: $0 + " s") },
        ].compactMap { $0 }
    }

    /// The beginning of a call's id: enough to see which lines belong together, and the line fits a terminal.
    private static func callID(_ event: EventView) -> Fact? {
        event.text("data.call_id").map { Fact(text: String($0.prefix(12)), width: 12) }
    }

    private static func object(_ event: EventView) -> [Fact] {
        let isSoft = event.text("data.is_soft_deleted") == "true"
        return [
            Fact(text: event.text("data.type") ?? "-", width: 9),
            event.text("data.id").map { Fact(text: $0, width: 26) },
            isSoft ? Fact(text: "(soft)") : nil,
        ].compactMap { $0 }
    }

    private static func fax(_ event: EventView) -> [Fact] {
        [
            Fact(text: event.text("data.direction") ?? "-", width: 9),
            event.text("data.status").map { Fact(text: $0, width: 26) },
            (event.text("data.job_id") ?? event.text("data.fax_id")).map { Fact(text: $0) },
        ].compactMap { $0 }
    }

    private static func conference(_ event: EventView) -> [Fact] {
        [
            event.text("data.conference_id").map { Fact(text: $0, width: 9) },
            (event.text("data.caller_id_number") ?? event.text("data.application_name")).map {
                Fact(text: $0, width: 26)
            },
            callID(event),
        ].compactMap { $0 }
    }

    private static func presence(_ event: EventView) -> [Fact] {
        if let new = event.text("data.messages_new") {
            let saved = event.text("data.messages_saved") ?? "0"
            return [
                Fact(text: "\(new) new", width: 9),
                Fact(text: event.text("data.message_account") ?? event.text("data.to") ?? "-", width: 26),
                Fact(text: "\(saved) saved"),
            ]
        }
        return [
            event.text("data.state").map { Fact(text: $0, width: 9) },
            event.text("data.presence_id").map { Fact(text: $0, width: 26) },
            callID(event),
        ].compactMap { $0 }
    }

    private static func notice(_ event: EventView) -> [Fact] {
        [Fact(text: String(decoding: event.json, as: UTF8.self))]
    }
}

extension EventView {
    /// The value at a path as text.
    fileprivate func text(_ path: StaticString) -> String? { text(at: JSONPath(known: path)) }
}

extension JSONPath {
    static let conferenceEvent = JSONPath(known: "data.event")
}
