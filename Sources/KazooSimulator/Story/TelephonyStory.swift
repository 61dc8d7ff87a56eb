/// The day of a few offices: people call each other, park, miss calls and leave messages, fax, come and go.
///
/// An endless, deterministic stream: the same seed and accounts tell the same story, its time stamps those of the
/// moment at which each event is asked for.
public struct TelephonyStory: EventSource {
    private let version: String
    private var offices: [Office]
    private var random: RandomSource
    private var calls: [RunningCall] = []
    private var pending: ArraySlice<SimulatedEvent> = []

    /// About how many calls are going on at once.
    private static let usualCalls = 6

    /// Begins a story.
    ///
    /// - Parameters:
    ///   - accounts: Where it plays, the busiest first; each account has events of its own.
    ///   - flavour: Whose events they are.
    ///   - seed: Which story it is.
    public init(accounts: [SimulatedAccount], flavour: KazooFlavour, seed: UInt64) {
        version = flavour.version
        var random = RandomSource(seed: seed)
        offices = accounts.compactMap { account in
            guard let database = RoutingKey.database(ofAccount: account.id) else { return nil }
            let people = (1001...1012).map { Person.invented($0, random: &random) }
            return Office(account: account, database: database, people: people)
        }
        self.random = random
    }

    /// The next event; `nil` only for a story without accounts.
    public mutating func next(now: Int64) -> SimulatedEvent? {
        if let event = pending.popFirst() { return event }
        guard !offices.isEmpty else { return nil }
        switch random.number(in: 0...99) {
        case 0...2: return documentChange(now: now)
        case 3: return fax(now: now)
        case let chance:
            if calls.isEmpty || (calls.count < Self.usualCalls && chance < 30) {
                calls.append(begunCall(now: now))
                return advance(calls.count - 1, now: now)
            }
            return advance(random.number(in: 0...calls.count - 1), now: now)
        }
    }

    /// Three of four times the first office.
    private mutating func anyOffice() -> Int {
        random.oneIn(4) ? random.number(in: 0...offices.count - 1) : 0
    }

    /// A call and what its two channels say of it.
    private struct RunningCall: Sendable {
        var call: SimulatedCall
        let a: ChannelEventText
        let b: ChannelEventText
    }

    private mutating func begunCall(now: Int64) -> RunningCall {
        let office = anyOffice()
        let call = SimulatedCall.invented(office: office, people: offices[office].people, now: now, random: &random)
        let account = offices[office].account
        return RunningCall(
            call: call,
            a: ChannelEventText(leg: .a, of: call, account: account, version: version),
            b: ChannelEventText(leg: .b, of: call, account: account, version: version))
    }

    /// Tells what happens next in a call.
    private mutating func advance(_ index: Int, now: Int64) -> SimulatedEvent? {
        guard let step = calls[index].call.steps.popFirst() else { return nil }
        if case .channel("CHANNEL_ANSWER", _) = step, calls[index].call.answered == nil {
            calls[index].call.answered = now
        }
        defer { if calls[index].call.steps.isEmpty { calls.swapRemove(at: index) } }
        switch step {
        case .channel(let name, let leg):
            let channel = leg == .a ? calls[index].a : calls[index].b
            return channel.event(name, answered: calls[index].call.answered, now: now)
        case .dialog(let state):
            let call = calls[index].call
            let text = OfficeEventText(account: offices[call.office].account, version: version)
            return text.dialog(state, of: call, messageID: random.hex(16))
        case .voicemail:
            return voicemail(from: calls[index].call, now: now)
        }
    }

    /// A message was left: a document in the month's database, then the lamp on the phone.
    private mutating func voicemail(from call: SimulatedCall, now: Int64) -> SimulatedEvent {
        let text = OfficeEventText(account: offices[call.office].account, version: version)
        let month = CivilDate(unixSeconds: now).yearMonth
        pending.append(
            text.messagesWaiting(
                for: call.callee, new: random.number(in: 1...5), saved: random.number(in: 0...9),
                messageID: random.hex(16)))
        return text.document(
            "doc_created", type: "mailbox_message", id: "\(month)-\(random.hex(32))",
            database: "\(offices[call.office].database)-\(month)", created: now, revision: "1-\(random.hex(32))",
            messageID: random.hex(16), now: now)
    }

    /// Somebody joins, leaves, or changes something in a user or a device.
    private mutating func documentChange(now: Int64) -> SimulatedEvent {
        let index = anyOffice()
        let office = offices[index]
        let position = random.number(in: 0...office.people.count - 1)
        let person = office.people[position]
        let isUser = random.oneIn(2)
        var id = isUser ? person.userID : person.deviceID
        let action: String
        switch random.number(in: 0...3) {
        case 0:
            action = "doc_created"
            let newcomer = Person.invented(Int(person.extensionNumber) ?? 1001, random: &random)
            offices[index].people[position] = newcomer
            id = isUser ? newcomer.userID : newcomer.deviceID
        case 1:
            action = "doc_deleted"
        default:
            action = "doc_edited"
        }
        let text = OfficeEventText(account: office.account, version: version)
        return text.document(
            action, type: isUser ? "user" : "device", id: id, database: office.database,
            created: now - Int64(random.number(in: 100_000...50_000_000)),
            revision: "\(random.number(in: 2...9))-\(random.hex(32))", messageID: random.hex(16), now: now)
    }

    private mutating func fax(now: Int64) -> SimulatedEvent {
        let office = offices[anyOffice()]
        let jobID = "\(CivilDate(unixSeconds: now).yearMonth)-\(random.hex(32))"
        return OfficeEventText(account: office.account, version: version).fax(
            jobID: jobID, pages: random.number(in: 1...12), succeeded: !random.oneIn(5), messageID: random.hex(16))
    }
}

extension Array {
    /// Removes an element and puts the last in its place.
    fileprivate mutating func swapRemove(at index: Int) {
        swapAt(index, count - 1)
        removeLast()
    }
}
