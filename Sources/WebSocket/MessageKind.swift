/// What a message carries (RFC 6455 §5.6).
public enum MessageKind: Hashable, Sendable {
    /// UTF-8, and checked to be so.
    case text
    /// Any bytes.
    case binary
}
