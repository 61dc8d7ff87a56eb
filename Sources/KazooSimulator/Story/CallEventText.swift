/// The data of a call event, with the fields and the order of the recordings of real Kazoo.
struct CallEventText {
    let account: SimulatedAccount
    let version: String

    func event(_ name: String, leg: SimulatedCall.Leg, of call: SimulatedCall, now: Int64) -> SimulatedEvent {
        let callID = leg == .a ? call.callID : call.otherCallID
        let otherCallID = leg == .a ? call.otherCallID : call.callID
        let isDestroy = name == "CHANNEL_DESTROY"
        let realm = account.realm
        let target = "\(call.callee.extensionNumber)@\(realm)"
        let user = "user_\(call.caller.extensionNumber)@\(realm)"
        let address = "10.26.0.\(40 + call.switchNumber):11000"
        let host = "fs00\(call.switchNumber).\(realm.split(separator: ".").dropFirst(2).joined(separator: "."))"
        let talked = call.answered.map { now - $0 } ?? 0

        var text = EventText()
        text.add("user_agent", leg == .a ? call.caller.userAgent : call.callee.userAgent)
        text.add("to_uri", target)
        text.add("to", target)
        text.add("timestamp", now + 62_167_219_200)
        text.add("switch_url", "sip:mod_sofia@\(address)")
        text.add("switch_uri", "sip:\(address)")
        text.add("switch_nodename", "freeswitch@\(host)")
        text.add("switch_hostname", host)
        if isDestroy { text.add("ringing_seconds", (call.answered ?? now) - call.created) }
        text.add("request", target)
        text.add("presence_id", "\(call.caller.extensionNumber)@\(realm)")
        if name == "CHANNEL_BRIDGE" {
            text.add("other_leg_direction", "outbound")
            text.add("other_leg_destination_number", call.callee.extensionNumber)
        }
        if isDestroy || name == "CHANNEL_BRIDGE" { text.add("other_leg_call_id", otherCallID) }
        text.add("media_server", host)
        if isDestroy {
            text.add("hangup_code", call.ending.code)
            text.add("hangup_cause", call.ending.cause)
        }
        text.add("from_uri", user)
        text.add("from", user)
        if isDestroy {
            text.add("duration_seconds", now - call.created)
            text.add("disposition", call.ending.disposition)
        }
        text.add("custom_sip_headers", json: "{\"x_kazoo_aor\":\"sip:\(user)\"}")
        text.add("custom_channel_vars", json: channelVariables(of: call, leg: leg))
        text.add("custom_application_vars", json: "{}")
        text.add("channel_state", name == "CHANNEL_CREATE" ? "ROUTING" : "EXECUTE")
        text.add("channel_name", "sofia/sipinterface_1/\(user)")
        text.add("channel_moving", false)
        text.add("channel_is_loopback", false)
        text.add("channel_created_time", call.created * 1_000_000)
        text.add("channel_call_state", state(after: name))
        text.add("caller_id_number", call.callerNumber)
        text.add("caller_id_name", call.callerName)
        text.add("callee_id_number", call.callee.extensionNumber)
        text.add("callee_id_name", call.callee.name)
        text.add("call_direction", leg == .a ? "inbound" : "outbound")
        if isDestroy { text.add("billing_seconds", talked) }
        text.add("call_id", callID)
        text.addTrailer(
            .init(
                messageID: "\(call.fetchID.prefix(8))\(leg == .a ? "a" : "b")\(name)\(call.steps.count)", name: name,
                category: "call_event", version: version, application: "ecallmgr"))
        return SimulatedEvent(
            routingKey: "call.\(account.id).\(name).\(RoutingKey.encode(callID))", name: name, data: text.finish(),
            breaksEncoding: false)
    }

    private func state(after name: String) -> String {
        switch name {
        case "CHANNEL_CREATE": "RINGING"
        case "CHANNEL_ANSWER": "ANSWERED"
        default: "HANGUP"
        }
    }

    private func channelVariables(of call: SimulatedCall, leg: SimulatedCall.Leg) -> String {
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
