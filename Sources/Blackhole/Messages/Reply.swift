public import Events

/// Kazoo's answer to one command.
public struct Reply: Equatable, Sendable {
    /// Whether the command succeeded.
    public enum Outcome: Equatable, Sendable {
        /// It did.
        case success
        /// It did not, for these reasons. They are the server's own words and may hold the auth token: they must not
        /// leave the module, ``Refusal`` is for that.
        case failure([String])
    }

    /// The `request_id` of the command, which Kazoo repeats; `nil` when the reply has none.
    public var requestID: String?
    /// Whether the command succeeded.
    public var outcome: Outcome

    /// Reads a reply.
    ///
    /// A success is not read any further: in Kazoo 4.x its `data` repeats every subscription so far, and after an
    /// unknown action that of an earlier command.
    ///
    /// - Parameters:
    ///   - message: the message's text.
    ///   - index: where its top-level values stand, as ``JSONScanner`` found them in the same bytes.
    /// - Returns: `nil` when the message is no reply.
    public init?(_ message: UnsafeRawBufferPointer, located index: JSONScanner.Index) {
        guard Self.string(index.action, in: message) == "reply" else { return nil }
        requestID = Self.string(index.requestID, in: message)
        if Self.string(index.status, in: message) == "success" {
            outcome = .success
        } else {
            outcome = .failure(Self.errors(index.data, in: message))
        }
    }

    /// Whether Kazoo counts a subscribe that is repeated, as the successful reply to a subscribe betrays.
    ///
    /// Kazoo 5, which does not, names all `subscriptions` of the session beside those `subscribed`; Kazoo 4.x has only
    /// the latter (`bh_events.erl`, add_event_bindings/2).
    ///
    /// - Returns: `nil` when the reply has neither.
    static func tellsThatRepeatingCounts(
        _ message: UnsafeRawBufferPointer, located index: JSONScanner.Index
    ) -> Bool? {
        guard let data = index.data, let all = JSONPath("subscriptions"), let new = JSONPath("subscribed") else {
            return nil
        }
        if all.find(in: message, from: data) != nil { return false }
        return new.find(in: message, from: data) != nil ? true : nil
    }

    private static func string(_ range: Range<Int>?, in message: UnsafeRawBufferPointer) -> String? {
        guard let range else { return nil }
        return JSONString.decode(UnsafeRawBufferPointer(rebasing: message[range]))
    }

    private static func errors(_ data: Range<Int>?, in message: UnsafeRawBufferPointer) -> [String] {
        guard let data, let value = try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: message[data])) else {
            return []
        }
        return value["errors"]?.array?.compactMap(\.string) ?? []
    }
}
