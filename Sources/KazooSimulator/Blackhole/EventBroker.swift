import Events

/// Where events come in and find the sessions that subscribed to them.
///
/// Two gates stand in a row, as in Kazoo: what the server as a whole listens to, counted per listener, and what each
/// session bound. A session's unsubscribe lowers the count whether or not it had subscribed, so a stranger can silence
/// everybody; the bindings stay and replies go on to say "success".
struct EventBroker: Sendable {
    /// One event's way to one session.
    struct Delivery: Equatable, Sendable {
        var session: SessionID
        /// The frame up to the part that is the same for all subscriptions.
        var head: String
    }

    private struct Responder: Sendable {
        var delivery: Delivery
        var clientKey: String
        /// A higher number for a younger subscription.
        var order: Int
    }

    private let flavour: KazooFlavour
    private var counts: [TopicPattern: Int] = [:]
    private var responders: [TopicPattern: [Responder]] = [:]
    private var order = 0

    init(flavour: KazooFlavour) { self.flavour = flavour }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { !responders.isEmpty }

    // MARK: What the server listens to

    /// One more session needs these.
    mutating func add(_ listeners: [TopicPattern]) {
        for listener in listeners { counts[listener, default: 0] += 1 }
    }

    /// One session fewer needs these; also for one that never did.
    mutating func remove(_ listeners: [TopicPattern]) {
        for listener in listeners {
            guard let count = counts[listener] else { continue }
            counts[listener] = count > 1 ? count - 1 : nil
        }
    }

    /// The server's listener starts anew and has forgotten what it listened to.
    mutating func forgetListeners() { counts.removeAll() }

    // MARK: What sessions bound

    mutating func bind(_ session: SessionID, clientKey: String, topic: String) {
        order += 1
        let head =
            "{\"action\":\"event\",\"subscribed_key\":" + JSONString.encode(clientKey)
            + ",\"subscription_key\":" + JSONString.encode(topic)
        let responder = Responder(
            delivery: Delivery(session: session, head: head), clientKey: clientKey, order: order)
        responders[TopicPattern(topic), default: []].append(responder)
    }

    mutating func unbind(_ session: SessionID, clientKey: String, topic: String) {
        let pattern = TopicPattern(topic)
        responders[pattern]?.removeAll { $0.delivery.session == session && $0.clientKey == clientKey }
        if responders[pattern]?.isEmpty == true { responders[pattern] = nil }
    }

    // MARK: Events

    /// The frames that an event brings, the youngest subscription first.
    func deliveries(of routingKey: String) -> [Delivery] {
        let copies = copies(of: routingKey)
        guard copies > 0 else { return [] }
        var own: [Responder] = []
        var forAll: [Responder] = []
        for (pattern, bound) in responders where pattern.matches(routingKey) {
            if pattern.isForAllAccounts { forAll += bound } else { own += bound }
        }
        // In 5 the account's own hook is called and then the one for all accounts is not.
        if flavour == .v4 || own.isEmpty { own += forAll }
        own.sort { $0.order > $1.order }
        return own.flatMap { repeatElement($0.delivery, count: copies) }
    }

    /// How often the event reaches the server: in 4.x a hook for one account and a hook for all call it twice. 5 hears
    /// the call events of all accounts whether or not anybody needs them.
    private func copies(of routingKey: String) -> Int {
        let isCall = routingKey.hasPrefix("call.")
        if isCall, flavour == .v5 { return 1 }
        let heard = counts.keys.filter { $0.matches(routingKey) }
        return isCall ? heard.count : min(heard.count, 1)
    }
}

extension TopicPattern {
    fileprivate var isForAllAccounts: Bool { text.hasPrefix("call.*.") }
}

/// Names one connection to the event server for as long as the simulator runs.
struct SessionID: Hashable, Sendable {
    var number: Int
}
