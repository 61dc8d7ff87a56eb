public import Events

/// What there is in a recording: how many events, whose, and over which time.
public struct RecordingSurvey: Sendable {
    /// An account that the recording has events of.
    public struct Account: Equatable, Sendable {
        /// 32 hexadecimal digits.
        public var id: String
        /// How many events are its own.
        public internal(set) var events = 0
        /// The name, where an event says it.
        public internal(set) var name: String?
        /// The SIP realm, where an event says it.
        public internal(set) var realm: String?
    }

    /// How many events can be published.
    public private(set) var events = 0
    /// How many events lack a name, a routing key or data, and cannot be.
    public private(set) var incompleteEvents = 0
    /// How many lines the recording has, by what they are.
    public private(set) var counts = RecordingReader.Counts()
    /// For how many of the events that can be published the moment is known.
    public private(set) var timedEvents = 0
    /// How long it takes to play the recording as it was recorded.
    public private(set) var duration = Duration.zero
    /// The accounts, in the order of their first event.
    public private(set) var accounts: [Account] = []
    /// The months whose databases documents stand in, as `202611`, ascending.
    public private(set) var months: [String] = []
    /// How many presence events there are of each realm.
    private(set) var presenceRealms: [String: Int] = [:]
    private var positions: [String: Int] = [:]
    private var lastMoment: Timestamp?

    /// Reads a whole recording.
    ///
    /// - Parameters:
    ///   - recording: What is read.
    ///   - isWanted: Is told from time to time how many bytes have been read, and says whether to go on.
    ///   - complain: Is told of lines that cannot be used.
    /// - Throws: What the recording or `complain` throws.
    public init(
        _ recording: any RecordedBytes, isWanted: (Int) -> Bool = { _ in true },
        complain: (RecordingComplaint) throws -> Void = { _ in }
    ) throws {
        var lines = RecordedLines(recording)
        var offset = -1
        while let line = try lines.next() {
            switch line {
            case .event(let event, let moment): note(event, moment)
            case .other: break
            case .damaged(let complaint): try complain(complaint)
            }
            guard lines.offset != offset else { continue }
            offset = lines.offset
            guard isWanted(offset) else { break }
        }
        counts = lines.counts
    }

    private mutating func note(_ event: EventView, _ moment: Timestamp?) {
        guard SimulatedEvent.isPublishable(event), let routingKey = event.routingKey else {
            incompleteEvents += 1
            return
        }
        events += 1
        if let moment {
            timedEvents += 1
            if let lastMoment { duration += max(.zero, moment - lastMoment) }
        }
        lastMoment = moment
        let subject = RoutingKey.Subject(of: routingKey)
        if let month = subject.month, !months.contains(month) { months = (months + [month]).sorted() }
        if let account = subject.account ?? event.accountID.flatMap(RoutingKey.accountID) {
            note(account, event, realm: subject.realm)
        } else if let realm = subject.realm {
            presenceRealms[realm, default: 0] += 1
        }
    }

    private mutating func note(_ id: String, _ event: EventView, realm: String?) {
        let position = positions[id] ?? accounts.count
        if position == accounts.count {
            accounts.append(Account(id: id))
            positions[id] = position
        }
        accounts[position].events += 1
        if let realm { accounts[position].realm = realm }
        // Only calls say more, and all of them the same.
        guard event.family == .call, accounts[position].realm == nil || accounts[position].name == nil else { return }
        accounts[position].realm = accounts[position].realm ?? Self.accountRealm.flatMap(event.text)
        accounts[position].name = accounts[position].name ?? Self.accountName.flatMap(event.text)
    }

    private static let accountRealm = JSONPath("data.custom_channel_vars.account_realm")
    private static let accountName = JSONPath("data.custom_channel_vars.account_name")
}
