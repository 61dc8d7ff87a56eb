/// A rule that the peer broke, for which the connection fails (RFC 6455 §7.1.7).
///
/// The raw value is the reason that the peer and our own log are given.
enum ProtocolViolation: String, Error {
    // Frames (RFC 6455 §5.1, §5.2)
    case reservedBits = "reserved bits set"
    case reservedOpcode = "reserved opcode"
    case maskedFrame = "masked frame from a server"
    case lengthNotMinimal = "payload length not in its shortest form"
    case lengthTooLarge = "payload length of 64 bits"

    // Control frames (RFC 6455 §5.5)
    case fragmentedControlFrame = "fragmented control frame"
    case oversizedControlFrame = "control frame of more than 125 bytes"
    case truncatedCloseCode = "close frame with one byte"
    case invalidCloseCode = "close frame with an invalid code"
    case invalidCloseReason = "close reason is not UTF-8"

    // Messages (RFC 6455 §5.4, §8.1)
    case unexpectedContinuation = "continuation of no message"
    case interruptedMessage = "new message inside a fragmented one"
    case invalidText = "text is not UTF-8"

    // This side's limits
    case frameTooBig = "frame too big"
    case messageTooBig = "message too big"

    /// The code with which the connection is closed.
    var closeCode: CloseCode {
        switch self {
        case .invalidText, .invalidCloseReason: .invalidPayload
        case .frameTooBig, .messageTooBig: .messageTooBig
        default: .protocolError
        }
    }
}
