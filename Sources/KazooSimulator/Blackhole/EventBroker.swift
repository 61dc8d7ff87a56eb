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
        var session: SessionID
        var clientKey: String
        var head: String
        var order: Int
    }

    private let flavour: KazooFlavour
    private var counts: [Listener: Int] = [:]
    private var responders: [TopicPattern: [Responder]] = [:]
    private var order = 0

    init(flavour: KazooFlavour) { self.flavour = flavour }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { !responders.isEmpty }

    /// One more session needs these.
    mutating func add(_ listeners: [Listener]) {
        for listener in listeners { counts[listener, default: 0] += 1 }
    }

    /// One session fewer needs these; also for one that never did.
    mutating func remove(_ listeners: [Listener]) {
        for listener in listeners {
            counts[listener, default: 0] -= 1
            if counts[listener, default: 0] <= 0 { counts[listener] = nil }
        }
    }

    /// The server's listener starts anew and has forgotten what it listened to.
    mutating func forgetListeners() { counts.removeAll() }

    mutating func bind(_ session: SessionID, clientKey: String, topic: String) {
        order += 1
        let head =
            "{\"action\":\"event\",\"subscribed_key\":" + JSONString.encode(clientKey)
            + ",\"subscription_key\":" + JSONString.encode(topic)
        let responder = Responder(session: session, clientKey: clientKey, head: head, order: order)
        responders[TopicPattern(topic), default: []].append(responder)
    }

    mutating func unbind(_ session: SessionID, clientKey: String, topic: String) {
        let pattern = TopicPattern(topic)
        responders[pattern]?.removeAll { $0.session == session && $0.clientKey == clientKey }
        if responders[pattern]?.isEmpty == true { responders[pattern] = nil }
    }

    /// The frames that an event brings, the youngest subscription first.
    func deliveries(of routingKey: String) -> [Delivery] {
        let words = TopicPattern.words(of: routingKey)
        let copies = copies(of: words)
        guard copies > 0 else { return [] }
        var matches = responders.filter { $0.key.matches(words) }
        if flavour == .v5, words.first == "call", matches.keys.contains(where: { !$0.text.hasPrefix("call.*.") }) {
            // In 5 the account's own hook is called and the one for all accounts is not.
            matches = matches.filter { !$0.key.text.hasPrefix("call.*.") }
        }
        return matches.values.joined().sorted { $0.order > $1.order }.flatMap { responder in
            Array(repeating: Delivery(session: responder.session, head: responder.head), count: copies)
        }
    }

    /// How often the event reaches the server: in 4.x a hook for one account and a hook for all call it twice. 5 hears
    /// the call events of all accounts whether or not anybody needs them.
    private func copies(of words: [String]) -> Int {
        guard words.count == 4, words[0] == "call" else {
            let isHeard = counts.keys.contains {
                if case .topic(let pattern) = $0 { pattern.matches(words) } else { false }
            }
            return isHeard ? 1 : 0
        }
        guard flavour == .v4 else { return 1 }
        let own = counts[.hook(account: words[1], event: words[2])] == nil ? 0 : 1
        let all = BindingFamilies.callEvents.contains { counts[.hook(account: "*", event: $0)] != nil } ? 1 : 0
        return own + all
    }
}

/// Names one connection to the event server for as long as the simulator runs.
struct SessionID: Hashable, Sendable {
    var number: Int
}
