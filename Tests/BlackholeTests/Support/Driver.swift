import Events
import Testing

@testable import Blackhole

/// Drives a dialect as a session would, with a clock that stands still unless told to move.
struct Driver {
    var dialect: BlackholeDialect
    var now = ContinuousClock.now
    var batch = EventBatch()
    /// The requests that the dialect has sent.
    var sent: [JSONValue] = []
    var failures: [DialectFailure] = []
    var readiness = 0
    var closes: [UInt16] = []
    /// What the data of a successful reply is, which tells the release of Kazoo.
    private let success: JSONValue

    /// What answers.
    enum Release { case v4, v5 }

    init(_ bindings: [String], pace: Pace = .default, release: Release = .v4) throws {
        dialect = BlackholeDialect(subscriptions: try Self.subscriptions(bindings), pace: pace)
        success =
            switch release {
            case .v4: ["subscribed": []]
            case .v5: ["subscribed": [], "subscriptions": []]
            }
    }

    /// A session that is settled already.
    init(settled bindings: [String], pace: Pace = .default, release: Release = .v4) throws {
        try self.init(bindings, pace: pace, release: release)
        try open()
        try answerAll()
        #expect(readiness == 1)
    }

    static func subscriptions(_ bindings: [String]) throws -> [Subscription] {
        try bindings.map { try Subscription(account: account, binding: Binding($0)) }
    }

    static var account: AccountID {
        get throws { try AccountID("009afc511c97b2ae693c6cc4920988e8") }
    }

    mutating func open(token: String? = "TOKEN") throws {
        try execute(dialect.opened(token: token, now: now))
    }

    /// Hands a text to the dialect, and gives what the dialect sends because of it.
    @discardableResult
    mutating func receive(_ text: String) throws -> [JSONValue] {
        let before = sent.count
        let actions = Array(text.utf8).withUnsafeBytes { dialect.received($0, now: now, into: &batch) }
        try execute(actions)
        return Array(sent[before...])
    }

    @discardableResult
    mutating func succeed(_ requestID: String) throws -> [JSONValue] {
        try receive(
            #"{"action":"reply","request_id":"\#(requestID)","status":"success","data":\#(success.json)}"#)
    }

    @discardableResult
    mutating func refuse(_ requestID: String, _ error: String) throws -> [JSONValue] {
        let data: JSONValue = ["errors": [.string(error)]]
        return try receive(#"{"action":"reply","request_id":"\#(requestID)","status":"error","data":\#(data.json)}"#)
    }

    /// Answers with success what has been sent from `start` on and what follows from the answers, as fast as it comes.
    mutating func answerAll(from start: Int = 0) throws {
        var answered = start
        while dialect.requestsInFlight > 0 || dialect.deadline != nil {
            while answered < sent.count {
                try succeed(sent[answered].id)
                answered += 1
            }
            guard let deadline = dialect.deadline else { break }
            now = max(now, deadline)
            try execute(dialect.tick(now: now))
        }
    }

    /// Adds bindings, and gives what the dialect sends because of it.
    @discardableResult
    mutating func add(_ bindings: [String]) throws -> [JSONValue] {
        let before = sent.count
        try execute(dialect.add(Self.subscriptions(bindings), now: now))
        return Array(sent[before...])
    }

    mutating func remove(_ bindings: [String]) throws {
        dialect.remove(Set(try Self.subscriptions(bindings)))
    }

    /// Renews, and gives what the dialect sends because of it.
    @discardableResult
    mutating func renew(_ renewal: Renewal) throws -> [JSONValue] {
        let before = sent.count
        try execute(dialect.renew(renewal, now: now))
        return Array(sent[before...])
    }

    /// How far a subscription has come.
    func state(_ binding: String) throws -> SubscriptionState? {
        dialect.subscriptions.first { $0.subscription.binding.description == binding }?.state
    }

    /// The bindings that were confirmed at or after a moment.
    func confirmed(since moment: ContinuousClock.Instant? = nil) -> [String] {
        dialect.confirmed(since: moment).map(\.binding.description)
    }

    /// Lets time pass, and gives what the dialect sends because of it.
    @discardableResult
    mutating func wait(_ duration: Duration) throws -> [JSONValue] {
        let before = sent.count
        let end = now + duration
        while let deadline = dialect.deadline, deadline <= end {
            now = max(now, deadline)
            try execute(dialect.tick(now: now))
        }
        now = end
        try execute(dialect.tick(now: now))
        return Array(sent[before...])
    }

    private mutating func execute(_ actions: [DialectAction]) throws {
        for action in actions {
            switch action {
            case .transmit(let text): sent.append(try JSONValue(parsing: text))
            case .ready: readiness += 1
            case .failed(let failure): failures.append(failure)
            case .close(let code, _): closes.append(code)
            }
        }
    }
}

extension JSONValue {
    /// The `request_id` of a command.
    var id: String { self["request_id"]?.string ?? "" }
    /// The action of a command.
    var action: String? { self["action"]?.string }
    /// The binding of a command.
    var binding: String? { self["data"]?["binding"]?.string }
}
