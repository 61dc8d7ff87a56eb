/// A server's event protocol, spoken over one open transport, without IO.
///
/// The session driver knows only this: it opens a transport, hands every text message to the dialect, and executes the
/// actions that come back. A dialect never logs in and never sleeps; credentials and time are the driver's. One value
/// serves one connection; the next connection begins with a fresh value.
public protocol Dialect: Sendable {
    /// What a subscription is in this protocol.
    associatedtype Subscription: Hashable, Sendable

    /// The transport is open and authenticated requests may be sent.
    ///
    /// - Parameter token: the auth token to present, or `nil` where the protocol needs none.
    mutating func opened(token: String?, now: ContinuousClock.Instant) -> [DialectAction]

    /// A whole text message arrived: valid UTF-8, valid only during the call.
    ///
    /// Events are appended to `batch`, in the order in which they came; whatever else the server says becomes actions.
    mutating func received(
        _ message: UnsafeRawBufferPointer, now: ContinuousClock.Instant, into batch: inout EventBatch
    ) -> [DialectAction]

    /// Time has passed; called no later than shortly after ``deadline``.
    mutating func tick(now: ContinuousClock.Instant) -> [DialectAction]

    /// Wants these as well, from now on; those that are known already are left out.
    ///
    /// ``DialectAction/ready`` follows when all are settled: at once where there is nothing to settle.
    mutating func add(_ subscriptions: [Subscription], now: ContinuousClock.Instant) -> [DialectAction]

    /// Does not want these any longer: nothing is sent, and nothing more is asked for them.
    mutating func remove(_ subscriptions: Set<Subscription>)

    /// Makes confirmed subscriptions anew, in the running connection, and asks once more for refused ones.
    ///
    /// ``DialectAction/ready`` follows when all are settled again: at once where there is nothing to renew.
    mutating func renew(_ renewal: Renewal, now: ContinuousClock.Instant) -> [DialectAction]

    /// The connection is about to be left in an orderly way: last messages before the transport closes.
    mutating func closing(now: ContinuousClock.Instant) -> [DialectAction]

    /// When ``tick(now:)`` wants to be called next; `nil` for never.
    var deadline: ContinuousClock.Instant? { get }

    /// The subscriptions that were confirmed at or after this moment; `nil`: all that are confirmed.
    ///
    /// One that is being renewed keeps the moment of its last confirmation until it is confirmed again.
    func confirmed(since moment: ContinuousClock.Instant?) -> [Subscription]

    /// Those that were refused for good.
    var refused: [Subscription] { get }

    /// Whether repeating a subscribe is enough to renew it (Kazoo 4.x); `nil` while no reply has told.
    var isRenewedByRepeating: Bool? { get }

    /// How many subscriptions the server has confirmed; those that are being renewed count, their events flow.
    var confirmedCount: Int { get }

    /// How many subscriptions the server has refused for good.
    var refusedCount: Int { get }
}

/// What a ``Dialect`` asks of its driver.
public enum DialectAction: Equatable, Sendable {
    /// Send this as one text message.
    case transmit(String)
    /// Everything wanted is confirmed or finally refused: events flow.
    ///
    /// Emitted each time that everything has become settled: after the opening, after an addition, after a renewal; once
    /// for those that overlap.
    case ready
    /// Something was refused or went wrong; the connection goes on unless ``close(code:reason:)`` follows.
    case failed(DialectFailure)
    /// Close the transport with this WebSocket close code (RFC 6455 section 7.4).
    case close(code: UInt16, reason: String)
}

/// A refusal or fault that a ``Dialect`` reports, free of secrets.
public struct DialectFailure: Error, Equatable, Sendable {
    /// What kind of failure it is. Open to growth: compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code, as it appears in logs.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The server did not accept the auth token: log in again.
        public static let tokenRefused = Self("token_refused")
        /// One subscription was refused; the others live on.
        public static let subscriptionRefused = Self("subscription_refused")
        /// One subscription was refused because the user may not have it; the others live on.
        public static let subscriptionForbidden = Self("subscription_forbidden")
        /// The server asks for fewer requests; the dialect slows down by itself.
        public static let rateLimited = Self("rate_limited")
        /// The server did not answer a request in time; the dialect repeats it by itself.
        public static let replyMissing = Self("reply_missing")
        /// The server sent something the dialect does not know.
        public static let unexpectedMessage = Self("unexpected_message")
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened and what to do, in one line, without token, hash or password.
    public var message: String
    /// `true` when repeating the same request cannot help.
    public var isPermanent: Bool
    /// What the failure is about, such as a binding and its account; `nil` when it is about the connection.
    public var subject: String?

    /// Whether a subscription is refused for good.
    public var isRefusal: Bool { code == .subscriptionRefused || code == .subscriptionForbidden }

    /// Creates a failure.
    public init(code: Code, message: String, isPermanent: Bool, subject: String? = nil) {
        self.code = code
        self.message = message
        self.isPermanent = isPermanent
        self.subject = subject
    }
}
