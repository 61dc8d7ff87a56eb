public import Network

/// Why Crossbar did not do what it was asked.
///
/// The description is one line that says what happened and what to do; it never holds a token, hash, key or password.
public struct CrossbarError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. Open to growth: compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code, as it appears in logs.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// User, password or account do not match (401 at login); Kazoo does not say which.
        public static let wrongCredentials = Self("wrong_credentials")
        /// The API key is unknown (404 at login).
        public static let unknownAPIKey = Self("unknown_api_key")
        /// The token is not accepted, or not any more (401 elsewhere).
        public static let tokenRefused = Self("token_refused")
        /// The user may log in only with a second factor, which a daemon does not have.
        public static let secondFactorRequired = Self("second_factor_required")
        /// The account or user is disabled or has expired.
        public static let accountDisabled = Self("account_disabled")
        /// The request itself is refused (400): a field is missing or malformed.
        public static let invalidRequest = Self("invalid_request")
        /// The account may not do that (403).
        public static let forbidden = Self("forbidden")
        /// What was asked for does not exist (404).
        public static let notFound = Self("not_found")
        /// Too many requests (429); there is no `Retry-After`.
        public static let rateLimited = Self("rate_limited")
        /// Kazoo failed (5xx).
        public static let serverFailed = Self("server_failed")
        /// Whatever answers there is not Kazoo's API.
        public static let notKazoo = Self("not_kazoo")
        /// The server could not be reached: see ``CrossbarError/network``.
        public static let network = Self("network")
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened and what to do, in one line.
    public var message: String
    /// The HTTP status; `nil` when there was no answer.
    public var status: Int?
    /// Why the server could not be reached, where that is the failure.
    public var network: NetworkError?

    /// Creates an error.
    public init(code: Code, message: String, status: Int? = nil, network: NetworkError? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.network = network
    }

    /// One line.
    public var description: String { message }
}
