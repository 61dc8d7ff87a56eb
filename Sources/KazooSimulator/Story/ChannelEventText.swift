import Events

/// The data of the events of one channel, with the fields and the order of the recordings of real Kazoo.
///
/// What stays the same for the life of the channel is written once.
final class ChannelEventText: Sendable {
    private let account: SimulatedAccount
    private let version: String
    private let target: EventText.Run
    private let switches: EventText.Run
    private let request: EventText.Run
    private let bridge: EventText.Run
    private let otherLeg: EventText.Run
    private let mediaServer: EventText.Run
    private let ending: EventText.Run
    private let from: EventText.Run
    private let variables: EventText.Run
    private let channel: EventText.Run
    private let parties: EventText.Run
    private let callID: EventText.Run
    private let encodedCallID: String
    private let messageID: String
    private let disposition: String
    private let created: Int64

    init(leg: SimulatedCall.Leg, of call: SimulatedCall, account: SimulatedAccount, version: String) {
        self.account = account
        self.version = version
        let callID = leg == .a ? call.callID : call.otherCallID
        let otherCallID = leg == .a ? call.otherCallID : call.callID
        let realm = account.realm
        let to = "\(call.callee.extensionNumber)@\(realm)"
        let user = "user_\(call.caller.extensionNumber)@\(realm)"
        let address = "10.26.0.\(40 + call.switchNumber):11000"
        let host = "fs00\(call.switchNumber).\(realm.split(separator: ".").dropFirst(2).joined(separator: "."))"
        target = EventText.Run { text in
            text.add("user_agent", leg == .a ? call.caller.userAgent : call.callee.userAgent)
            text.add("to_uri", to)
            text.add("to", to)
        }
        switches = EventText.Run { text in
            text.add("switch_url", "sip:mod_sofia@\(address)")
            text.add("switch_uri", "sip:\(address)")
            text.add("switch_nodename", "freeswitch@\(host)")
            text.add("switch_hostname", host)
        }
        request = EventText.Run { text in
            text.add("request", to)
            text.add("presence_id", "\(call.caller.extensionNumber)@\(realm)")
        }
        bridge = EventText.Run { text in
            text.add("other_leg_direction", "outbound")
            text.add("other_leg_destination_number", call.callee.extensionNumber)
        }
        otherLeg = EventText.Run { $0.add("other_leg_call_id", otherCallID) }
        mediaServer = EventText.Run { $0.add("media_server", host) }
        ending = EventText.Run { text in
            text.add("hangup_code", call.ending.code)
            text.add("hangup_cause", call.ending.cause)
        }
        from = EventText.Run { text in
            text.add("from_uri", user)
            text.add("from", user)
        }
        variables = EventText.Run { text in
            text.add("custom_sip_headers", json: "{\"x_kazoo_aor\":\"sip:\(user)\"}")
            text.add("custom_channel_vars", json: Self.variables(of: call, leg: leg, account: account))
            text.add("custom_application_vars", json: "{}")
        }
        channel = EventText.Run { text in
            text.add("channel_name", "sofia/sipinterface_1/\(user)")
            text.add("channel_moving", false)
            text.add("channel_is_loopback", false)
            text.add("channel_created_time", call.created * 1_000_000)
        }
        parties = EventText.Run { text in
            text.add("caller_id_number", call.callerNumber)
            text.add("caller_id_name", call.callerName)
            text.add("callee_id_number", call.callee.extensionNumber)
            text.add("callee_id_name", call.callee.name)
            text.add("call_direction", leg == .a ? "inbound" : "outbound")
        }
        self.callID = EventText.Run { $0.add("call_id", callID) }
        encodedCallID = RoutingKey.encode(callID)
        messageID = "\(call.fetchID.prefix(8))\(leg == .a ? "a" : "b")"
        disposition = call.ending.disposition
        created = call.created
    }

    /// An event of the channel.
    ///
    /// - Parameter answered: When the call was answered, in seconds since 1970; `nil` while it rings.
    func event(_ name: String, answered: Int64?, now: Int64) -> SimulatedEvent {
        let isDestroy = name == "CHANNEL_DESTROY"
        var text = EventText()
        text.add(target)
        text.add("timestamp", now + Timestamp.gregorianEpochOffset)
        text.add(switches)
        if isDestroy { text.add("ringing_seconds", (answered ?? now) - created) }
        text.add(request)
        if name == "CHANNEL_BRIDGE" { text.add(bridge) }
        if isDestroy || name == "CHANNEL_BRIDGE" { text.add(otherLeg) }
        text.add(mediaServer)
        if isDestroy { text.add(ending) }
        text.add(from)
        if isDestroy {
            text.add("duration_seconds", now - created)
            text.add("disposition", disposition)
        }
        text.add(variables)
        text.add("channel_state", name == "CHANNEL_CREATE" ? "ROUTING" : "EXECUTE")
        text.add(channel)
        text.add("channel_call_state", state(after: name))
        text.add(parties)
        if isDestroy { text.add("billing_seconds", answered.map { now - $0 } ?? 0) }
        text.add(callID)
        text.addTrailer(
            .init(
                messageID: messageID + name, name: name, category: "call_event", version: version,
                application: "ecallmgr"))
        return SimulatedEvent(
            routingKey: "call.\(account.id).\(name).\(encodedCallID)", name: name, data: text.finish(),
            breaksEncoding: false)
    }

    private func state(after name: String) -> String {
        switch name {
        case "CHANNEL_CREATE": "RINGING"
        case "CHANNEL_ANSWER": "ANSWERED"
        default: "HANGUP"
        }
    }

    private static func variables(
        of call: SimulatedCall, leg: SimulatedCall.Leg, account: SimulatedAccount
    ) -> String {
        let person = leg == .a ? call.caller : call.callee
        var text = EventText(capacity: 640)
        text.add("account_id", account.id)
        text.add("account_realm", account.realm)
        text.add("account_name", account.name)
        text.add("authorizing_id", person.deviceID)
        text.add("authorizing_type", "device")
        text.add("owner_id", person.userID)
        text.add("call_interaction_id", call.interactionID)
        text.add("channel_authorized", "true")
        text.add("realm", account.realm)
        text.add("username", "user_\(person.extensionNumber)")
        text.add("fetch_id", call.fetchID)
        text.add("media_webhook", false)
        return text.finish()
    }
}
