import NIOCore
import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One client's WebSocket: takes its frames apart, has the event server answer them, and keeps what waits to be sent.
///
/// Belongs to its event loop and is touched nowhere else.
final class WebSocketConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    /// Beyond this a client of 4.x, which buffers without bound, is cut off to protect the simulator: bytes.
    private static let maximumBacklog = 256 << 20

    private let driver: ClusterDriver
    private let node: Int
    private let account: String?
    private let mailboxLimit: Int?
    private var assembler = MessageAssembler()
    private var context: ChannelHandlerContext?
    /// Writes past the frame encoder: whole batches are encoded here.
    private var writer: ChannelHandlerContext?
    private(set) var session: SessionID?
    private var outbox = ByteBuffer()
    private var waiting = 0
    private var repliesOfBurst = 0
    private var isClosing = false
    /// Since when the client has not taken what was sent.
    private(set) var stuckSince: SimulatorInstant?

    init(driver: ClusterDriver, node: Int, account: String?) {
        self.driver = driver
        self.node = node
        self.account = account
        let configuration = driver.cluster.configuration
        mailboxLimit = configuration.flavour == .v5 ? configuration.mailboxLimit : nil
    }

    // MARK: Sending

    /// Puts an event into the outbox; ``flush()`` sends it.
    func enqueue(head: String, tail: String) {
        guard mayEnqueue() else { return }
        ServerFrame.appendText(head, tail, to: &outbox)
    }

    /// Sends what waits, as far as the client takes it.
    func flush() {
        guard let writer, outbox.readableBytes > 0 else { return }
        guard writer.channel.isWritable else {
            if outbox.readableBytes > Self.maximumBacklog { end(.reset) }
            return
        }
        let batch = outbox
        outbox = ByteBuffer()
        waiting = 0
        writer.writeAndFlush(NIOAny(batch), promise: nil)
        if !writer.channel.isWritable { stuckSince = driver.now }
    }

    /// Ends the connection.
    func end(_ end: ConnectionEnd) {
        guard !isClosing, let channel = context?.channel else { return }
        isClosing = true
        switch end {
        case .fin:
            channel.close(promise: nil)
        case .reset:
            channel.closeWithReset()
        case .close(let code):
            sendClose(code)
        }
    }

    /// In Kazoo 5 a message to a session whose mailbox is full vanishes.
    private func mayEnqueue() -> Bool {
        guard !isClosing, !driver.cluster.nodes[node].hazards.freezes, let writer else { return false }
        if writer.channel.isWritable { return true }
        guard let mailboxLimit else { return true }
        guard waiting < mailboxLimit else {
            driver.cluster.nodes[node].statistics.dropped += 1
            return false
        }
        waiting += 1
        return true
    }

    private func sendClose(_ code: UInt16?) {
        isClosing = true
        guard let writer else { return }
        ServerFrame.appendClose(code, to: &outbox)
        let channel = writer.channel
        writer.writeAndFlush(NIOAny(outbox)).whenComplete { _ in channel.close(promise: nil) }
        outbox = ByteBuffer()
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let session { driver.cluster.heard(from: session, now: driver.now) }
        guard !isClosing, !driver.cluster.nodes[node].hazards.freezes else { return }
        var frame = unwrapInboundIn(data)
        let isMasked = frame.maskKey != nil
        if let key = frame.maskKey { frame.data.webSocketUnmask(key) }
        let outcome = assembler.receive(
            MessageAssembler.Frame(
                opcode: UInt8(webSocketOpcode: frame.opcode), isFinal: frame.fin,
                hasReservedBits: frame.rsv1 || frame.rsv2 || frame.rsv3, isMasked: isMasked,
                payload: Array(buffer: frame.data)))
        switch outcome {
        case .nothing: break
        case .pong(let payload):
            guard !driver.cluster.nodes[node].hazards.withholdsPongs else { return }
            ServerFrame.appendPong(payload, to: &outbox)
        case .text(let message):
            answer(message)
        case .closed(let code):
            sendClose(code)
        case .violation(let code):
            sendClose(code)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        repliesOfBurst = 0
        flush()
    }

    private func answer(_ message: [UInt8]) {
        guard let session else { return }
        for action in driver.cluster.receive(message, from: session, now: driver.now) {
            switch action {
            case .send(let text): reply(text)
            case .close(let code): end(.close(code))
            }
        }
    }

    private func reply(_ text: String) {
        // The replies to a burst of requests stand in the same mailbox of Kazoo 5 as the events.
        repliesOfBurst += 1
        if let mailboxLimit, repliesOfBurst > mailboxLimit {
            driver.cluster.nodes[node].statistics.dropped += 1
            return
        }
        let delay = driver.cluster.nodes[node].hazards.replyDelay
        if delay > .zero {
            driver.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
                self.enqueue(head: text, tail: "")
                self.flush()
            }
        } else {
            enqueue(head: text, tail: "")
        }
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        writer = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
        let address = context.remoteAddress
        session = driver.cluster.open(
            address: address?.ipAddress ?? "127.0.0.1", port: address?.port ?? 0, account: account, node: node,
            now: driver.now)
        driver.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forget()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stuckSince = nil
            flush()
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isClosing else { return }
        if error is NIOWebSocketError {
            sendClose(1002)
        } else {
            end(.fin)
        }
    }

    private func forget() {
        isClosing = true
        context = nil
        writer = nil
        guard let session else { return }
        self.session = nil
        driver.remove(session)
    }
}

extension Channel {
    /// Closes so that the peer gets a reset instead of a FIN.
    func closeWithReset() {
        guard let options = self as? any SocketOptionProvider else { return close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in self.close(promise: nil) }
    }
}
