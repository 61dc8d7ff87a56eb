/// The life of a session, without IO: log in → connect → subscribe → live → back off, again and again.
///
/// Each input says what happened and returns the one thing to do next; the driver does it and says what came of it.
public struct SessionMachine: Sendable {
    /// What to do next.
    public enum Action: Equatable, Sendable {
        /// Get a token, and the list of WebSocket URLs.
        case logIn
        /// Connect to this one of the URLs, subscribe, and stay until the connection is lost.
        case connect(urlIndex: Int)
        /// Do nothing until then.
        case wait(until: ContinuousClock.Instant)
        /// It is over.
        case end(SessionEnd)
    }

    private let policy: SessionPolicy
    private var generator: any RandomNumberGenerator & Sendable
    private var wasReady = false
    private var readySince: ContinuousClock.Instant?
    private var token: Token?
    private var urlCount = 1
    private var urlIndex = 0
    /// Failures in a row since the session was last stable.
    private(set) var failures = 0

    private struct Token {
        /// When a fresh one is due; `nil` when the token does not say when it ends.
        var renewal: ContinuousClock.Instant?
        /// Whether no connection has used it yet.
        var isFresh = true
    }

    /// Creates a machine that has done nothing yet.
    ///
    /// - Parameter generator: where the jitter of the back-off comes from.
    public init(policy: SessionPolicy, generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator())
    {
        self.policy = policy
        self.generator = generator
    }

    /// Begins, or goes on after ``Action/wait(until:)``.
    ///
    /// A token is used for every connection until 20 % of its life are left.
    public mutating func proceed(now: ContinuousClock.Instant) -> Action {
        if let token, token.renewal.map({ now < $0 }) ?? true { return .connect(urlIndex: urlIndex) }
        return .logIn
    }

    /// A token is there.
    ///
    /// - Parameters:
    ///   - lifetime: how long the token will last; `nil` when unknown.
    ///   - urlCount: how many WebSocket URLs there are to try in order; at least 1.
    public mutating func loggedIn(lifetime: Duration?, urlCount: Int, now: ContinuousClock.Instant) -> Action {
        precondition(urlCount > 0, "a session needs a WebSocket URL")
        token = Token(renewal: lifetime.map { now + $0 * 0.8 })
        if urlCount != self.urlCount { urlIndex = 0 }
        self.urlCount = urlCount
        return .connect(urlIndex: urlIndex)
    }

    /// There is no token.
    public mutating func loginFailed(_ failure: SessionFailure, now: ContinuousClock.Instant) -> Action {
        token = nil
        if !wasReady, policy.endsBeforeFirstReady { return .end(.failed(failure)) }
        return backOff(after: failure, now: now)
    }

    /// Every wanted subscription is confirmed or finally refused, and at least one is confirmed.
    public mutating func becameReady(now: ContinuousClock.Instant) {
        wasReady = true
        readySince = now
        token?.isFresh = false
    }

    /// The connection could not be made, or is lost.
    public mutating func disconnected(_ failure: SessionFailure, now: ContinuousClock.Instant) -> Action {
        if let since = readySince, now - since >= policy.stableAfter { failures = 0 }
        readySince = nil
        token?.isFresh = false
        let triedAll = urlIndex + 1 >= urlCount
        urlIndex = triedAll ? 0 : urlIndex + 1
        if wasReady ? policy.endsAfterLoss : policy.endsBeforeFirstReady {
            // The first readiness is worth a try of every URL; what is refused for good will be refused there too.
            if wasReady || triedAll || failure.kind.isFinal { return .end(.failed(failure)) }
            return .connect(urlIndex: urlIndex)
        }
        return backOff(after: failure, now: now)
    }

    /// The server did not accept the token: a kept one may have been revoked, a fresh one means a refusal.
    public mutating func tokenRefused(_ failure: SessionFailure, now: ContinuousClock.Instant) -> Action {
        let wasFresh = token?.isFresh ?? true
        token = nil
        readySince = nil
        if !wasFresh { return .logIn }
        if wasReady ? policy.endsAfterLoss : policy.endsBeforeFirstReady { return .end(.failed(failure)) }
        return backOff(after: failure, now: now)
    }

    private mutating func backOff(after failure: SessionFailure, now: ContinuousClock.Instant) -> Action {
        failures += 1
        let delay = policy.backoff.delay(failures: failures, using: &generator)
        return .wait(until: now + (failure.kind.isFinal ? max(delay, policy.finalPause) : delay))
    }
}
