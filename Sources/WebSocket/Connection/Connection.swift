/// The client's end of an open WebSocket: bytes in, messages and actions out, no IO (RFC 6455 §5–§7).
///
/// Begin one when the handshake has succeeded. Whoever owns the transport reads into `withReceiveSpace`, calls `process`
/// after each read and `tick` when `deadline` has come, and carries out the actions in order.
///
/// ```swift
/// var connection = Connection(now: clock.now)
/// connection.receive(leftover)  // what followed the handshake's head
/// repeat {
///     let actions = connection.process(now: clock.now) { kind, payload in … }
///     …  // carry out the actions
///     try connection.withReceiveSpace(atLeast: 65_536) { try transport.read(into: $0) }
/// } while …
/// ```
///
/// A peer that breaks the protocol gives actions, never a trap. A caller who sends on a connection that is not open
/// traps: look at `isOpen`. Everything else may be called at any time, and does nothing once the connection is closed.
public struct Connection: ~Copyable, Sendable {
    /// A moment, as the caller's clock tells it.
    public typealias Instant = ContinuousClock.Instant

    // An instant in it would make each comparison expensive, as their size is known only at run time.
    enum Phase {
        case open
        /// This side's close frame has been sent, the peer's has not come.
        case closing
        case closed
    }

    let configuration: Configuration
    var phase = Phase.open
    /// When the peer's close frame is not waited for any longer; `nil` before this side has sent its own.
    private var closeDeadline: Instant?
    var heartbeat: Heartbeat
    /// Whether bytes have arrived since the last call of `process`.
    private var hasReceived = false
    var decoder: MessageDecoder
    /// Collected by an input until it returns them.
    var actions: [Action] = []

    private var maskingKeys: any RandomNumberGenerator & Sendable

    /// A connection on which nothing has been sent or received yet.
    ///
    /// - Parameters:
    ///   - configuration: The limits and times to keep.
    ///   - now: When it was opened; the first ping is due `pingInterval` later.
    ///   - maskingKeys: Where masking keys come from. They must be unpredictable (RFC 6455 §10.3) unless this is a test.
    public init(
        configuration: Configuration = Configuration(),
        now: Instant,
        maskingKeys: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.configuration = configuration
        self.heartbeat = Heartbeat(
            interval: configuration.pingInterval, timeout: configuration.pongTimeout, now: now)
        self.decoder = MessageDecoder(
            maximumFrameSize: configuration.maximumFrameSize, maximumMessageSize: configuration.maximumMessageSize)
        self.maskingKeys = maskingKeys
    }

    /// Whether messages may be sent: neither side has begun to close.
    public var isOpen: Bool { phase == .open }

    /// When `tick` has something to do, if nothing arrives before.
    public var deadline: Instant? {
        switch phase {
        case .open: heartbeat.deadline
        case .closing: closeDeadline
        case .closed: nil
        }
    }
}

// MARK: - Receiving

extension Connection {
    /// Lets the transport read straight into the connection's buffer.
    ///
    /// - Parameters:
    ///   - minimumCount: The least space to offer, in bytes; there may be more.
    ///   - body: Writes from the beginning of the space and returns how many bytes it wrote.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws; then nothing has been received.
    @discardableResult
    public mutating func withReceiveSpace(
        atLeast minimumCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int
    ) rethrows -> Int {
        if phase == .closed { decoder.buffer.removeAll() }
        let count = try decoder.buffer.fill(atLeast: minimumCount, body)
        if count > 0 { hasReceived = true }
        return count
    }

    /// Copies bytes that were received elsewhere, such as those that came along with the handshake's head.
    ///
    /// - Parameter bytes: What the peer sent.
    public mutating func receive(_ bytes: [UInt8]) {
        withReceiveSpace(atLeast: bytes.count) { space in
            bytes.withUnsafeBytes { space.copyMemory(from: $0) }
            return bytes.count
        }
    }

    /// Decodes everything received so far.
    ///
    /// Messages arrive whole, in order, joined from their fragments; a text is valid UTF-8. Messages are delivered until
    /// the peer's close frame, after this side's too. A broken rule is acted upon as soon as its first byte is there.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - onMessage: Is given each message. The payload lies in the connection's buffer: it is valid only during the call.
    /// - Returns: What to do: pongs, the answer to a close frame, the end.
    /// - Throws: What `onMessage` throws. The message counts as delivered; those after it are for the next call, and the
    ///   actions so far come with the next input's. So an owner who has to send an answer before the next frame is
    ///   looked at, such as an echo, throws after each message.
    public mutating func process(
        now: Instant, onMessage: (MessageKind, UnsafeRawBufferPointer) throws -> Void
    ) rethrows -> [Action] {
        if hasReceived {
            hasReceived = false
            heartbeat.hear(now: now)
        }
        while phase != .closed {
            switch try decoder.deliver(onMessage) {
            case .end: return takeActions()
            case .control(let opcode, let payload): receiveControl(opcode, payload, now: now)
            case .violation(let violation): fail(violation)
            }
        }
        return takeActions()
    }

    /// Notes that the transport has ended, by the peer's FIN or by an error.
    ///
    /// Call `process` first: messages that came before the end are not looked at any more.
    ///
    /// - Parameter now: The present.
    /// - Returns: The end, unless it was reached before.
    public mutating func endOfStream(now: Instant) -> [Action] {
        switch phase {
        case .open:
            end(Closure(code: nil, reason: "no close frame", origin: .transport, isClean: false))
        case .closing:
            end(Closure(code: nil, reason: "no close frame in answer", origin: .local, isClean: false))
        case .closed:
            break
        }
        return takeActions()
    }
}

// MARK: - Time

extension Connection {
    /// Does what is due: sends a ping, gives up a peer that does not answer.
    ///
    /// Call it after `process`, so that an answer that is here already counts, however late the caller is.
    ///
    /// - Parameter now: The present. Before `deadline` nothing happens.
    /// - Returns: What to do.
    public mutating func tick(now: Instant) -> [Action] {
        switch phase {
        case .open:
            switch heartbeat.beat(now: now) {
            case .nothing:
                break
            case .ping(let payload):
                actions.append(.transmit(encode(.ping, payload)))
            case .peerIsDead:
                end(
                    Closure(
                        code: nil, reason: "no pong within \(configuration.pongTimeout)", origin: .timeout,
                        isClean: false))
            }
        case .closing:
            guard let closeDeadline, now >= closeDeadline else { break }
            end(
                Closure(
                    code: nil, reason: "no close frame within \(configuration.closeTimeout)", origin: .timeout,
                    isClean: false))
        case .closed:
            break
        }
        return takeActions()
    }
}

// MARK: - Sending

extension Connection {
    /// Encodes a text message.
    ///
    /// - Parameter payload: The text.
    /// - Returns: The frame to transmit. The connection must be open.
    public mutating func text(_ payload: String) -> [UInt8] {
        message(.text, Array(payload.utf8))
    }

    /// Encodes a text message that is at hand as bytes.
    ///
    /// - Parameter payload: The text, valid UTF-8.
    /// - Returns: The frame to transmit. The connection must be open.
    public mutating func text(_ payload: [UInt8]) -> [UInt8] {
        precondition(payload.withUnsafeBytes(UTF8Validator.isValid), "a text message is UTF-8")
        return message(.text, payload)
    }

    /// Encodes a binary message.
    ///
    /// - Parameter payload: Any bytes.
    /// - Returns: The frame to transmit. The connection must be open.
    public mutating func binary(_ payload: [UInt8]) -> [UInt8] {
        message(.binary, payload)
    }

    /// Encodes a ping beside those that `tick` sends; its pong is not waited for.
    ///
    /// - Parameter payload: At most 125 bytes.
    /// - Returns: The frame to transmit. The connection must be open.
    public mutating func ping(_ payload: [UInt8] = []) -> [UInt8] {
        message(.ping, payload)
    }

    /// Begins to close: the peer answers with a close frame, or `closeTimeout` passes.
    ///
    /// Once either side has begun, it does nothing.
    ///
    /// - Parameters:
    ///   - code: Why; it must be valid on the wire.
    ///   - reason: For the peer's log, at most 123 bytes of UTF-8.
    ///   - now: The present.
    /// - Returns: What to do.
    public mutating func close(_ code: CloseCode = .normalClosure, reason: String = "", now: Instant) -> [Action] {
        precondition(code.isValidOnWire, "close code \(code) may not be sent")
        if phase == .open {
            actions.append(.transmit(encodeClose(code, reason: reason)))
            phase = .closing
            closeDeadline = now + configuration.closeTimeout
        }
        return takeActions()
    }

    private mutating func message(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        precondition(isOpen, "a message sent on a connection that is not open")
        return encode(opcode, payload)
    }
}

// MARK: - Shared by the inputs

extension Connection {
    mutating func encode(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        payload.withUnsafeBytes { encode(opcode, $0) }
    }

    mutating func encode(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer) -> [UInt8] {
        FrameEncoder.encode(
            opcode, payload: payload, maskingKey: UInt32(truncatingIfNeeded: maskingKeys.next()))
    }

    /// A close frame with a code, and the reason after it (RFC 6455 §5.5.1).
    mutating func encodeClose(_ code: CloseCode, reason: String = "") -> [UInt8] {
        encode(.close, withUnsafeBytes(of: code.rawValue.bigEndian) { Array($0) } + reason.utf8)
    }

    /// Ends the connection; no input has any effect from here on.
    mutating func end(_ closure: Closure) {
        phase = .closed
        decoder.buffer.removeAll()
        actions.append(.closed(closure))
    }

    private mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }
}
