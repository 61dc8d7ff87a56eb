import Events

/// Where events come in and find the sessions that subscribed to them.
///
/// Two gates stand in a row, as in Kazoo: what the server as a whole listens to, counted per listener, and what each
/// session bound. A session's unsubscribe lowers the count whether or not it had subscribed, so a stranger can silence
/// everybody; the bindings stay and replies go on to say "success".
///
/// Facts from `blackhole_listener.erl` (`add_bh_binding`, `remove_bh_binding`), `gen_listener.erl`
/// (`maybe_remove_binding`), `kz_hooks_util.erl` and `kazoo_bindings.erl` (`maybe_add_binding`).
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
    /// How often each listener is needed, by its name.
    private var counts: [String: Int] = [:]
    /// What the server hears.
    private var heard = TopicSet()
    private var responders: [TopicPattern: [Responder]] = [:]
    /// The keys of ``responders``.
    private var topics = TopicSet()
    /// How many bindings were made so far.
    private(set) var bindingsMade = 0

    init(flavour: KazooFlavour) { self.flavour = flavour }

    /// Whether anybody is subscribed to anything.
    var hasSubscribers: Bool { !responders.isEmpty }

    // MARK: What the server listens to

    /// Somebody needs these once more. The first to need a listener binds its topic.
    mutating func add(_ listeners: some Sequence<Listener>) {
        for listener in listeners {
            counts[listener.name, default: 0] += 1
            if counts[listener.name] == 1 { heard.insert(listener.topic) }
        }
    }

    /// Somebody needs these once less, also somebody who never did: a count that falls to 0 or below is forgotten and
    /// its topic is not heard any more.
    mutating func remove(_ listeners: some Sequence<Listener>) {
        for listener in listeners {
            let count = (counts[listener.name] ?? 0) - 1
            counts[listener.name] = count > 0 ? count : nil
            // The message broker unbinds what this very listener bound, the hooks whatever goes by the topic.
            if count == 0 || (count < 0 && listener.isHook) { heard.remove(listener.topic) }
        }
    }

    /// The server's listener starts anew and has forgotten what it listened to.
    mutating func forgetListeners() {
        counts.removeAll()
        heard = TopicSet()
    }

    // MARK: What sessions bound

    /// Binds a topic; a session that has bound it for the same key already keeps the one binding.
    mutating func bind(_ session: SessionID, clientKey: String, topic: String) {
        let pattern = TopicPattern(topic)
        let bound = responders[pattern, default: []]
        guard !bound.contains(where: { $0.delivery.session == session && $0.clientKey == clientKey }) else { return }
        bindingsMade += 1
        let head =
            "{\"action\":\"event\",\"subscribed_key\":" + JSONString.encode(clientKey)
            + ",\"subscription_key\":" + JSONString.encode(topic)
        let responder = Responder(
            delivery: Delivery(session: session, head: head), clientKey: clientKey, order: bindingsMade)
        if bound.isEmpty { topics.insert(pattern) }
        responders[pattern, default: []].append(responder)
    }

    mutating func unbind(_ session: SessionID, clientKey: String, topic: String) {
        let pattern = TopicPattern(topic)
        responders[pattern]?.removeAll { $0.delivery.session == session && $0.clientKey == clientKey }
        guard responders[pattern]?.isEmpty == true else { return }
        responders[pattern] = nil
        topics.remove(pattern)
    }

    // MARK: Events

    /// The frames that an event brings, the youngest subscription first.
    func deliveries(of routingKey: String) -> [Delivery] {
        let copies = copies(of: routingKey)
        guard copies > 0 else { return [] }
        var own: [Responder] = []
        var forAll: [Responder] = []
        for pattern in topics.matches(of: routingKey) {
            let bound = responders[pattern, default: []]
            if pattern.isForAllAccounts { forAll += bound } else { own += bound }
        }
        // In 5 the account's own hook is called and then the one for all accounts is not.
        if flavour == .v4 || own.isEmpty { own += forAll }
        own.sort { $0.order > $1.order }
        return own.flatMap { repeatElement($0.delivery, count: copies) }
    }

    /// How often the event reaches the server: in 4.x a hook for one account and a hook for all call it twice.
    ///
    /// 5 hears the events of calls, and of nothing else, whether or not anybody needs them: `blackhole_listener:init/1`
    /// binds those of all accounts, and the hooks that `bh_call` asks for are counted and bring nothing. All its other
    /// modules (`bh_conference`, `bh_dialog`, `bh_fax`, `bh_live`, `bh_notifications`, `bh_object`, `bh_presence`,
    /// `bh_relay`, `bh_stream`) ask for bindings of the message broker, as those of 4.x do.
    private func copies(of routingKey: String) -> Int {
        let isCall = routingKey.hasPrefix("call.")
        if isCall, flavour == .v5 { return 1 }
        let count = heard.matches(of: routingKey).count
        return isCall ? count : min(count, 1)
    }
}

extension TopicPattern {
    fileprivate var isForAllAccounts: Bool { text.hasPrefix("call.*.") }
}

/// Names one connection to an event server for as long as the simulator runs.
struct SessionID: Hashable, Sendable {
    /// The event server.
    var node = 0
    var number: Int
}
