import Events

/// What stands beside an event in the journal, so that it can be asked for.
struct EventColumns {
    var id: String?
    var account: String?
    var family: String?
    var name: String?
    var routingKey: String?

    init(_ view: EventView) {
        guard view.kind == .event else { return }
        (id, account) = (view.eventID, view.accountID)
        family = view.family.description
        name = view.name
        routingKey = view.routingKey
    }
}
