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

    init(_ bindings: [String], pace: Pace = .default) throws {
        let subscriptions = try bindings.map { try Subscription(account: Self.account, binding: Binding($0)) }
        dialect = BlackholeDialect(subscriptions: subscriptions, pace: pace)
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

    mutating func succeed(_ requestID: String) throws {
        try receive(#"{"action":"reply","request_id":"\#(requestID)","status":"success","data":{"subscribed":[]}}"#)
    }

    mutating func refuse(_ requestID: String, _ error: String) throws {
        let data: JSONValue = ["errors": [.string(error)]]
        try receive(#"{"action":"reply","request_id":"\#(requestID)","status":"error","data":\#(data.json)}"#)
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
    /// The binding of a command.
    var binding: String? { self["data"]?["binding"]?.string }
}
