/// Turns received bytes into messages and control frames: RFC 6455 §5, without time and without answers.
///
/// It stands apart from `Connection` for speed as well: nothing in it is of a type whose size only the runtime knows, as
/// the clock's instants are.
struct MessageDecoder: ~Copyable {
    /// Why the delivery of messages has paused.
    enum Pause {
        /// Every frame that is here in full has been consumed.
        case end
        /// A control frame has been consumed; its payload lies in the buffer until the next change.
        case control(Opcode, UnsafeRawBufferPointer)
        /// The bytes break the protocol. There is no way on.
        case violation(ProtocolViolation)
    }

    /// What came of the frame at the front of the buffer.
    private enum Step {
        case message(MessageKind, UnsafeRawBufferPointer)
        case fragment
        case pause(Pause)
    }

    var buffer = ReceiveBuffer()

    private let maximumFrameSize: Int
    private let maximumMessageSize: Int
    /// The kind of the message of which at least one fragment has been assembled.
    private var fragmentedKind: MessageKind?
    /// Has seen the text that is arriving: the fragments assembled, and `validatedCount` bytes more.
    private var validator = UTF8Validator()
    /// How many bytes of the payload of the frame at the front of the buffer have been validated already.
    private var validatedCount = 0

    init(maximumFrameSize: Int, maximumMessageSize: Int) {
        self.maximumFrameSize = maximumFrameSize
        self.maximumMessageSize = maximumMessageSize
    }

    /// Consumes frames, and delivers each message that they complete, until there is something else to look at.
    mutating func deliver(
        _ onMessage: (MessageKind, UnsafeRawBufferPointer) throws -> Void
    ) rethrows -> Pause {
        while true {
            let step: Step
            do throws(ProtocolViolation) {
                step = try decodeFrame()
            } catch {
                return .violation(error)
            }
            switch step {
            case .message(let kind, let payload): try onMessage(kind, payload)
            case .fragment: continue
            case .pause(let pause): return pause
            }
        }
    }

    @inline(__always)
    private mutating func decodeFrame() throws(ProtocolViolation) -> Step {
        let unread = buffer.unread
        guard let header = try FrameHeader.parse(unread) else { return .pause(.end) }
        let arrivedCount = min(header.payloadCount, unread.count - header.headerCount)
        let isWhole = arrivedCount == header.payloadCount
        let payload = UnsafeRawBufferPointer(
            rebasing: unread[header.headerCount..<header.headerCount + arrivedCount])

        if header.opcode.isControl {
            guard isWhole else { return .pause(.end) }
            buffer.consume(header.headerCount + header.payloadCount)
            return .pause(.control(header.opcode, payload))
        }
        let kind = try admit(header)
        if kind == .text {
            // Each byte is looked at once, as soon as it is here, in however many reads the frame comes.
            guard validator.validate(UnsafeRawBufferPointer(rebasing: payload[validatedCount...])) else {
                throw .invalidText
            }
        }
        guard isWhole else {
            validatedCount = arrivedCount
            return .pause(.end)
        }
        validatedCount = 0
        // A fragment may end inside a sequence of UTF-8, a message may not.
        guard !header.isFinal || validator.isAtBoundary else { throw .invalidText }

        if header.isFinal, fragmentedKind == nil {
            buffer.consume(header.headerCount + header.payloadCount)
            return .message(kind, payload)
        }
        buffer.assemble(header)
        guard header.isFinal else {
            fragmentedKind = kind
            return .fragment
        }
        fragmentedKind = nil
        return .message(kind, buffer.takeAssembled())
    }

    /// Checks a data frame's place among the others, and its size.
    ///
    /// - Returns: The kind of the message it belongs to.
    @inline(__always)
    private func admit(_ header: FrameHeader) throws(ProtocolViolation) -> MessageKind {
        guard header.payloadCount <= maximumFrameSize else { throw .frameTooBig }
        guard header.payloadCount <= maximumMessageSize - buffer.assembledCount else { throw .messageTooBig }
        if header.opcode == .continuation {
            guard let fragmentedKind else { throw .unexpectedContinuation }
            return fragmentedKind
        }
        guard fragmentedKind == nil else { throw .interruptedMessage }
        return header.opcode == .text ? .text : .binary
    }
}
