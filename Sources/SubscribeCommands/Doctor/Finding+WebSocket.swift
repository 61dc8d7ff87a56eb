import Blackhole
import Events
import Network
import Subscriber
import Threads
import WebSocket

extension Finding {
    // MARK: Upgrade

    /// A WebSocket that was opened.
    static let upgraded = Finding.good("the WebSocket is open").fact("status", 101)

    /// A WebSocket that was not opened.
    static func failure(_ failure: UpgradeFailure, from url: ServerURL) -> Finding {
        let kind = SessionFailure(failure, from: url).kind
        switch failure {
        case .refused(let refusal):
            let reason = refusal.reasonPhrase.isEmpty ? "" : " \(refusal.reasonPhrase)"
            return .failure(kind, "refused: \(refusal.status)\(reason)", advice: advice(for: refusal.status))
                .fact("status", .number("\(refusal.status)"))
        case .invalid(let error):
            return .failure(kind, "not a WebSocket: \(error)", advice: wrongPort)
        case .unsendable(let error):
            return .failure(kind, "\(error)", advice: "check --websocket")
        case .timedOut(let limit):
            return .failure(
                kind, "no answer within \(limit.formattedSeconds) s",
                advice: "the server or a proxy before it hangs, or the port is another service's")
        case .lost(let error):
            return Finding.failure(error)
        }
    }

    private static let wrongPort =
        "whatever answers there is not blackhole, whose ports are usually 5555 (ws), 7777 or 5556 (wss)"

    private static func advice(for status: Int) -> String {
        switch status {
        case 429:
            "this address has as many WebSockets open as blackhole's max_connections_per_ip allows: close some, or have an administrator raise it"
        case 400:
            "a proxy in between adds a header, most likely Sec-WebSocket-Protocol, of which blackhole refuses any: have it removed"
        case 401, 403, 407:
            "a proxy in between wants credentials, or adds an Authorization header that blackhole refuses"
        case 300..<400:
            "the WebSocket has moved, and redirections are not followed: name the new address with --websocket"
        case 426:
            "a proxy in between takes the Upgrade header away: have it pass WebSockets on"
        case 500...:
            "the proxy cannot reach blackhole, or blackhole fails: is it running? sup kapps_controller running_apps"
        default: wrongPort
        }
    }

    // MARK: Subscriptions

    /// What came of subscribing.
    struct Subscribing: Sendable {
        var subscriptions: [(subscription: Subscription, state: SubscriptionState)]
        /// Kazoo's words when it did not accept the token.
        var tokenRefusal: String?
        /// Whether the connection has ended meanwhile.
        var isLost = false
        /// How long was waited for the replies.
        var limit: Duration
    }

    /// Tells whether events would come.
    static func subscribing(_ outcome: Subscribing) -> Finding {
        let confirmed = outcome.subscriptions.filter { if case .confirmed = $0.state { true } else { false } }
        let total = outcome.subscriptions.count
        let finding: Finding
        if let refusal = outcome.tokenRefusal {
            finding = .failure(
                .denied, refusal,
                advice: "use a fresh token of the cluster that this WebSocket belongs to")
        } else if let (subscription, refusal) = firstRefusal(outcome) {
            finding = .failure(
                .denied, "\(subscription) is refused\(count(confirmed.count, of: total))", advice: refusal.message)
        } else if confirmed.count < total {
            finding = .failure(
                .unreachable,
                (outcome.isLost
                    ? "the server closed the connection" : "no answer within \(outcome.limit.formattedSeconds) s")
                    + count(confirmed.count, of: total),
                advice: "blackhole answers nobody, or drops replies: its log of this moment says why")
        } else {
            finding = .good(
                total == 1 ? confirmed.map { "\($0.subscription)" }.joined() : "\(total) subscriptions confirmed")
        }
        return finding.fact(
            "confirmed", .array(confirmed.map { .string($0.subscription.description) }))
    }

    private static func firstRefusal(_ outcome: Subscribing) -> (Subscription, Refusal)? {
        for (subscription, state) in outcome.subscriptions {
            if case .refused(let refusal) = state { return (subscription, refusal) }
        }
        return nil
    }

    private static func count(_ confirmed: Int, of total: Int) -> String {
        total == 1 ? "" : "; \(confirmed) of \(total) confirmed"
    }

    // MARK: Ping

    /// What came of a ping.
    ///
    /// - Parameter roundTrip: how long the pong took; `nil` when there was none.
    static func ping(_ roundTrip: Duration?, limit: Duration) -> Finding {
        guard roundTrip == nil else { return .good("the server answers") }
        return .failure(
            .unreachable, "no pong within \(limit.formattedSeconds) s",
            advice: "a proxy in between swallows WebSocket pings, or the server hangs: idle connections will be cut")
    }
}
