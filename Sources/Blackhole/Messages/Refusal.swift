import Secrets

/// Why Kazoo refused a command, told without secrets and with what to do.
public struct Refusal: Equatable, Sendable {
    /// What kind of refusal it is.
    public enum Kind: Equatable, Sendable {
        /// The auth token is not accepted: log in again.
        case tokenRefused
        /// Too many messages: slow down and repeat.
        case rateLimited
        /// The user may not do that; repeating the same command cannot help.
        case forbidden
        /// Repeating the same command cannot help.
        case permanent
        /// A text that is not known, or one of a passing fault: a repetition may help.
        case unknown
    }

    /// What kind of refusal it is.
    public let kind: Kind
    /// What happened and what to do, in one line, free of tokens.
    public let message: String

    /// Reads the reasons that Kazoo gives.
    ///
    /// - Parameters:
    ///   - errors: the texts of the reply's `data.errors`; the most telling one counts.
    ///   - subscription: what had been asked for.
    ///   - token: the token that had been presented, which Kazoo repeats and this must not.
    public init(_ errors: [String], for subscription: Subscription, token: String? = nil) {
        let secrets = token.map { [Secret($0)] } ?? []
        for rule in RefusalRule.all {
            for error in errors {
                guard let match = rule.match(error) else { continue }
                kind = rule.kind
                message = rule.message(
                    RefusalRule.Facts(
                        detail: ServerText.clean(match, without: secrets),
                        text: ServerText.clean(error, without: secrets),
                        subscription: subscription))
                return
            }
        }
        kind = .unknown
        let texts = errors.map { "\"\(ServerText.clean($0, without: secrets))\"" }
        message = texts.isEmpty ? "Kazoo gives no reason" : "Kazoo says \(texts.joined(separator: ", "))"
    }
}
