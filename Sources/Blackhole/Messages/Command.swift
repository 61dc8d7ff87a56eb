import Events
import Secrets

/// A message to blackhole: one action on one binding.
///
/// One binding a message, because Kazoo 4.x knows no `bindings` list and Kazoo 5 refuses a whole list for one bad entry
/// (recorded: `transcripts/v5/sub_errors.jsonl`).
public struct Command: Equatable, Sendable {
    /// What is asked for.
    public enum Action: String, Sendable {
        /// Send the binding's events.
        case subscribe
        /// Send them no longer. Kazoo unbinds for every session that shares the binding, so mind whom it hurts.
        case unsubscribe
    }

    /// What is asked for.
    public var action: Action
    /// The word that Kazoo repeats in its reply.
    public var requestID: String
    /// What it is about.
    public var subscription: Subscription
    /// The token, until the session is authenticated.
    private let authToken: Secret?

    /// Creates a command.
    ///
    /// - Parameters:
    ///   - action: what is asked for.
    ///   - subscription: what it is about.
    ///   - requestID: the word that Kazoo repeats in its reply.
    ///   - authToken: the token, until the session is authenticated; `nil` after that.
    public init(_ action: Action, _ subscription: Subscription, requestID: String, authToken: String? = nil) {
        self.action = action
        self.subscription = subscription
        self.requestID = requestID
        self.authToken = authToken.map(Secret.init)
    }

    /// The message's JSON text, the token included.
    public var json: String {
        var members = [JSONValue.Member("action", .string(action.rawValue))]
        if let authToken { members.append(JSONValue.Member("auth_token", .string(authToken.reveal()))) }
        members.append(JSONValue.Member("request_id", .string(requestID)))
        members.append(
            JSONValue.Member(
                "data",
                [
                    "account_id": .string(subscription.account.description),
                    "binding": .string(subscription.binding.description),
                ]))
        return JSONValue.object(members).json
    }
}
