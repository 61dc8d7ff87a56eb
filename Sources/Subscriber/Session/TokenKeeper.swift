/// Knows whether there is a token to connect with, and when to ask for another one.
struct TokenKeeper: Sendable {
    private struct Token {
        let number: Int
        /// When a fresh one is due; `nil` when the token does not say when it ends.
        let renewal: ContinuousClock.Instant?
        /// Whether no connection has used it yet.
        var isFresh = true
    }

    private var token: Token?
    private var isAsking = false
    private var count = 0
    /// Before this moment, nobody asks.
    private(set) var retryAt: ContinuousClock.Instant?
    /// Failures in a row.
    private(set) var failures = 0

    /// The number of the token that is held; 0 for none.
    var number: Int { token?.number ?? 0 }

    /// Whether the held token has opened nothing yet: its refusal is a refusal of the login.
    var isFresh: Bool { token?.isFresh ?? true }

    /// Whether the token can be used until 20 % of its life are left.
    func isUsable(now: ContinuousClock.Instant) -> Bool {
        guard let token else { return false }
        return token.renewal.map { now < $0 } ?? true
    }

    /// Takes note of the time.
    mutating func tick(now: ContinuousClock.Instant) {
        if let retryAt, retryAt <= now { self.retryAt = nil }
    }

    /// Whether to ask for a token now; if so, it counts as asked for.
    mutating func ask() -> Bool {
        guard !isAsking, retryAt == nil else { return false }
        isAsking = true
        return true
    }

    /// A token is there.
    ///
    /// - Parameter lifetime: how long it lasts; `nil` when unknown.
    mutating func received(lifetime: Duration?, now: ContinuousClock.Instant) {
        count += 1
        isAsking = false
        failures = 0
        token = Token(number: count, renewal: lifetime.map { now + $0 * 0.8 })
    }

    /// There is none, and nobody asks before the moment given.
    mutating func failed(retryAt: ContinuousClock.Instant) {
        isAsking = false
        failures += 1
        token = nil
        self.retryAt = retryAt
    }

    /// A connection was made with a token.
    mutating func used(_ number: Int) {
        if token?.number == number { token?.isFresh = false }
    }

    /// A token was refused; a newer one stays.
    mutating func refused(_ number: Int) {
        if token?.number == number { token = nil }
    }
}
