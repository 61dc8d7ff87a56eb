import Crossbar
import Events
import Network
import Subscriber
import Threads

extension Finding {
    /// How far the clocks may be apart before it is worth a word, in seconds.
    private static let clockTolerance = 60
    /// With fewer request tokens the next login may be refused.
    private static let fewTokens = 10

    // MARK: Success

    /// A login that was granted.
    ///
    /// - Parameter now: the moment of the answer, by our clock.
    static func login(_ login: Login, now: Timestamp) -> Finding {
        let parts = [
            login.version.map { "Kazoo \($0)" }, login.accountID.map { "account \($0)" },
            login.lifetime.map { "token for \(span($0))" },
            login.remainingTokens.map { "\($0) request tokens left" },
        ]
        let skew = login.serverTime.map { $0 - now.unixSeconds }
        var finding = Finding.good(parts.compactMap(\.self).joined(separator: ", "))
            .fact("version", login.version.map(JSONValue.string))
            .fact("account_id", login.accountID.map(JSONValue.string))
            .fact("token_seconds", login.lifetime.map { .number("\($0.components.seconds)") })
            .fact("tokens_remaining", login.remainingTokens.map { .number("\($0)") })
            .fact("clock_skew_seconds", skew.map { .number("\($0)") })
            .fact("announced_websocket", login.websocketURL.map(JSONValue.string))
        if let remaining = login.remainingTokens, remaining < fewTokens {
            finding = finding.warning(
                "Kazoo's bucket of 100 requests for this address is nearly empty: find what else calls its API from here"
            )
        }
        guard let skew, abs(skew) > clockTolerance else { return finding }
        return finding.warning(
            "the server's clock is \(span(.seconds(abs(skew)))) \(skew > 0 ? "ahead of" : "behind") ours: "
                + "synchronise both (NTP); certificates and the times in events depend on it")
    }

    /// A ready token: there is no login, so nobody has checked it yet.
    static func token(_ token: AuthToken, now: Timestamp) -> Finding {
        let remaining = token.expiry.map { $0 - now.unixSeconds }
        let finding = Finding.good(
            [
                "a ready token, checked when subscribing", token.accountID.map { "account \($0)" },
                remaining.flatMap { $0 > 0 ? "good for \(span(.seconds($0)))" : nil },
            ].compactMap(\.self).joined(separator: ", ")
        )
        .fact("account_id", token.accountID.map(JSONValue.string))
        .fact("token_seconds", remaining.map { .number("\($0)") })
        guard let remaining, remaining <= 0 else { return finding }
        return finding.warning("by our clock the token has expired \(span(.seconds(-remaining))) ago: get a new one")
    }

    /// A length of time in its largest unit, rounded down.
    static func span(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let (count, unit) =
            switch seconds {
            case ..<120: (seconds, "s")
            case ..<7200: (seconds / 60, "min")
            case ..<172_800: (seconds / 3600, "h")
            default: (seconds / 86_400, "days")
            }
        return "\(count) \(unit)"
    }

    // MARK: Failure

    /// A login that was not granted, or had no answer.
    static func failure(_ error: CrossbarError, at server: ServerURL) -> Finding {
        if let network = error.network {
            var finding = failure(network)
            // The way there has been found open.
            if network.code == .timedOut { finding.advice = "the server hangs, or the port is another service's" }
            return finding
        }
        var cause = error.message
        let prefix = "\(server): "
        if cause.hasPrefix(prefix) { cause.removeFirst(prefix.count) }
        return failure(SessionFailure(error).kind, cause, advice: advice(for: error.code))
            .fact("code", .string(error.code.description))
            .fact("status", error.status.map { .number("\($0)") })
    }

    private static func advice(for code: CrossbarError.Code) -> String? {
        switch code {
        case .wrongCredentials:
            "check each of them; a cluster that keeps MD5 only wants --hash md5"
        case .unknownAPIKey:
            "the account's key may have been renewed, or belongs to another cluster"
        case .secondFactorRequired, .accountDisabled, .forbidden:
            "an administrator of the account can change that"
        case .invalidRequest:
            "check --account-name, --account-realm or --phone-number"
        case .rateLimited:
            "the limit counts per address, so whatever else calls the API from here draws on it too; stop that, or have an administrator raise it"
        case .serverFailed:
            "Crossbar's log of this moment says why"
        default:
            // The cause says it all.
            nil
        }
    }
}
