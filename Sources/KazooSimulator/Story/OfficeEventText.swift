import Events

/// The data of document, fax and presence events, with the fields and the order of the recordings of real Kazoo.
struct OfficeEventText {
    let account: SimulatedAccount
    let version: String

    /// A document was created, edited or deleted.
    ///
    /// Kazoo swaps the two dates: `date_created` is when the document was last changed.
    ///
    /// - Parameters:
    ///   - database: The encoded name of the database.
    ///   - created: When the document came to be, in seconds since 1970.
    func document(
        _ action: String, type: String, id: String, database: String, created: Int64, revision: String,
        messageID: String, now: Int64
    ) -> SimulatedEvent {
        var text = EventText(capacity: 640)
        text.add("origin_cache", "kazoo_data_cache")
        text.add("type", type)
        if action == "doc_edited" { text.add("rev", revision) }
        text.add("is_soft_deleted", action == "doc_deleted")
        text.add("date_modified", (action == "doc_edited" ? created : now) + Timestamp.gregorianEpochOffset)
        text.add("date_created", now + Timestamp.gregorianEpochOffset)
        text.add("account_id", account.id)
        text.add("database", database)
        text.add("id", id)
        text.addTrailer(
            .init(
                messageID: messageID, name: action, category: "configuration", version: version,
                application: "datamgr"))
        return event("\(action).\(database).\(type).\(RoutingKey.encode(id))", action, text)
    }

    /// A fax went out, or did not.
    func fax(jobID: String, pages: Int, succeeded: Bool, messageID: String) -> SimulatedEvent {
        var info = EventText(capacity: 160)
        info.add("fax_total_pages", Int64(pages))
        info.add("fax_transferred_pages", Int64(succeeded ? pages : pages / 2))
        info.add("fax_result_code", succeeded ? "0" : "48")
        info.add("fax_ecm_used", true)
        info.add("fax_transfer_rate", 14400)
        var text = EventText(capacity: 640)
        text.add("job_id", jobID)
        text.add("faxbox_id", "fb1")
        text.add("account_id", account.id)
        // Kazoo's own spelling.
        text.add("status", succeeded ? "Fax Successfuly sent" : "Error sending fax")
        text.add("fax_state", succeeded ? "end" : "error")
        text.add("fax_info", json: info.finish())
        text.add("direction", "outgoing")
        text.add("page", Int64(succeeded ? pages : pages / 2))
        text.addReversedTrailer(
            .init(messageID: messageID, name: "status", category: "fax", version: version, application: "fax"))
        return event("fax.status.\(account.id).\(RoutingKey.encode(jobID))", "status", text)
    }

    /// The lamp beside somebody's name changes while they are in a call.
    func dialog(_ state: String, of call: SimulatedCall, messageID: String) -> SimulatedEvent {
        var text = EventText(capacity: 640)
        text.add("presence_id", "\(call.callee.extensionNumber)@\(account.realm)")
        text.add("from", "sip:\(call.caller.extensionNumber)@\(account.realm)")
        text.add("to", "sip:\(call.callee.extensionNumber)@\(account.realm)")
        text.add("state", state)
        text.add("call_id", call.callID)
        text.add("direction", "initiator")
        text.add("expires", 3600)
        text.add("from_tag", String(call.fetchID.prefix(8)))
        text.add("to_tag", String(call.otherCallID.prefix(8)))
        text.add("switch_uri", "sip:10.26.0.\(40 + call.switchNumber):11000")
        text.addReversedTrailer(
            .init(
                messageID: messageID, name: "dialog_update", category: "presence", version: version,
                application: "ecallmgr"))
        return event("dialog.\(realm).\(RoutingKey.encode(call.callID))", "dialog_update", text)
    }

    /// The count of somebody's voicemail messages changed.
    func messagesWaiting(for person: Person, new: Int, saved: Int, messageID: String) -> SimulatedEvent {
        let address = "sip:\(person.extensionNumber)@\(account.realm)"
        var text = EventText(capacity: 480)
        text.add("to", address)
        text.add("messages_new", Int64(new))
        text.add("messages_saved", Int64(saved))
        text.add("messages_waiting", new > 0 ? "yes" : "no")
        text.add("message_account", address)
        text.addReversedTrailer(
            .init(
                messageID: messageID, name: "mwi_update", category: "presence", version: version,
                application: "callflow"))
        return event("mwi_updates.\(realm).\(person.extensionNumber)", "mwi_update", text)
    }

    private var realm: String { RoutingKey.encode(account.realm) }

    private func event(_ routingKey: String, _ name: String, _ text: consuming EventText) -> SimulatedEvent {
        SimulatedEvent(routingKey: routingKey, name: name, data: text.finish(), breaksEncoding: false)
    }
}
