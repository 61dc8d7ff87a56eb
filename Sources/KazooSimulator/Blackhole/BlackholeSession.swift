import Events

/// What a session of the event server asks of its connection.
enum BlackholeAction: Equatable, Sendable {
    /// Send this as one text message.
    case send(String)
    /// Close with this WebSocket close code.
    case close(UInt16)
}

/// One client's session with the event server, without IO: messages in, actions out.
///
/// Facts from Kazoo's `blackhole_socket_callback.erl`, `bh_context.erl` and `bh_events.erl` and from recordings.
struct BlackholeSession: Sendable {
    let id: SessionID
    /// The client's address.
    let address: String
    /// `ADDRESS:PORT` of the client, Kazoo's name for the session.
    let name: String
    let opened: SimulatorInstant
    /// When the client last sent a frame of any kind.
    var lastHeard: SimulatorInstant
    /// The account of the first command that succeeded; every later token goes unread.
    var account: String?
    var subscriptions = SubscriptionList()
    /// What the session has asked the server to listen to, and how often.
    var listeners: [Listener: Int] = [:]
    private var bucket: TokenBucket
    /// The data of the last command that succeeded, as JSON. 4.x repeats it in answer to a command that it does not know.
    private var data = "{}"

    init(
        id: SessionID, address: String, port: Int, messages: MessageLimit = .kazoo, account: String? = nil,
        now: SimulatorInstant
    ) {
        self.id = id
        self.address = address
        name = "\(address):\(port)"
        self.account = account
        opened = now
        lastHeard = now
        bucket = TokenBucket(capacity: messages.burst, perSecond: messages.perSecond, now: now)
    }

    /// A whole text message arrived.
    mutating func receive(
        _ message: [UInt8], now: SimulatorInstant, services: inout BlackholeServices, records: ClusterRecords
    ) -> [BlackholeAction] {
        guard case .command(let command) = CommandReader.read(message) else { return [.close(1011)] }
        let action = CommandReader.text(command["action"]) ?? "noop"
        let requestID = CommandReader.text(command["request_id"]) ?? services.random.hex(32)
        let outcome: Outcome
        if bucket.consume(1, now: now) {
            outcome = perform(action, command, now: now, services: &services, records: records)
        } else {
            outcome = .error("rate limiting threshold hit for \(name)!")
        }
        switch outcome {
        case .success(let data): return [.send(Self.reply(requestID, "success", data))]
        case .error(let error):
            let data: JSONValue = ["errors": [.string(error)]]
            return [.send(Self.reply(requestID, "error", data.json))]
        case .silence: return []
        case .crash: return [.close(1011)]
        }
    }

    /// The connection is gone: the session's subscriptions go with it, and it gives back all that it has asked the server
    /// to listen to, in 4.x as often as it subscribed.
    ///
    /// It does so whether or not the server still counts it: after a stranger's unsubscribe or a restart of the listener
    /// this takes away what others have asked for since, who then hear nothing more.
    mutating func close(services: inout BlackholeServices) {
        for (listener, count) in listeners { services.broker.remove(repeatElement(listener, count: count)) }
        for subscription in subscriptions.entries {
            for topic in subscription.topics {
                services.broker.unbind(id, clientKey: subscription.clientKey, topic: topic)
            }
        }
        listeners = [:]
        subscriptions = SubscriptionList()
    }

    /// What a command came to.
    enum Outcome: Equatable {
        /// The data of the reply, as JSON.
        case success(String)
        case error(String)
        case silence
        case crash
    }

    private mutating func perform(
        _ action: String, _ command: JSONValue, now: SimulatorInstant, services: inout BlackholeServices,
        records: ClusterRecords
    ) -> Outcome {
        let authenticated: String
        switch authenticate(
            CommandReader.text(command["auth_token"]), now: now, flavour: services.flavour, records: records)
        {
        case .success(let account): authenticated = account
        case .failure(let refusal): return refusal.outcome
        }
        let outcome = run(action, command, as: authenticated, now: now, services: &services, records: records)
        switch outcome {
        case .success(let data):
            account = authenticated
            self.data = data
        case .silence: account = authenticated
        case .error, .crash: break
        }
        return outcome
    }

    private struct Refusal: Error {
        var outcome: Outcome
    }

    private func authenticate(
        _ token: String?, now: SimulatorInstant, flavour: KazooFlavour, records: ClusterRecords
    ) -> Result<String, Refusal> {
        if let account { return .success(account) }
        guard let token else {
            let error = flavour == .v4 ? "authentication token required" : "failed to authenticate token "
            return .failure(Refusal(outcome: .error(error)))
        }
        return switch records.tokens.verdict(on: token, now: now) {
        case .valid(let grant): .success(grant.account)
        case .expired, .unknown: .failure(Refusal(outcome: .error("failed to authenticate token \(token)")))
        case .unreadable: .failure(Refusal(outcome: .crash))
        }
    }

    private mutating func run(
        _ action: String, _ command: JSONValue, as account: String, now: SimulatorInstant,
        services: inout BlackholeServices, records: ClusterRecords
    ) -> Outcome {
        switch action {
        case "ping" where services.loadsPing:
            return .success(#"{"response":"pong"}"#)
        case "subscribe":
            return subscribe(command["data"], as: account, now: now, services: &services, records: records)
        case "unsubscribe":
            return unsubscribe(
                command["data"], as: account, validating: true, now: now, services: &services, records: records)
        case "*", "#":
            // A wildcard reaches every command at once, none of which validates; the answer is that of unsubscribe.
            return unsubscribe(
                command["data"], as: account, validating: false, now: now, services: &services, records: records)
        case "api" where services.flavour == .v5:
            guard case .object = command["data"] else { return .error("missing required data object") }
            guard CommandReader.text(command["data"]?["endpoint"]) != nil else { return .error("missing endpoint") }
            return .silence
        default:
            return services.flavour == .v4 ? .success(data) : .silence
        }
    }

    /// Written and not composed of values: the data of 4.x can be long.
    private static func reply(_ requestID: String, _ status: String, _ data: String) -> String {
        "{\"action\":\"reply\",\"request_id\":" + JSONString.encode(requestID) + ",\"status\":\"\(status)\",\"data\":"
            + data + "}"
    }
}
