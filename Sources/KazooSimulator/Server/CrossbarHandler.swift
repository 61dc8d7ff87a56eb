import Events
import NIOCore
import NIOHTTP1

/// Serves the REST API on one connection.
///
/// Belongs to its event loop and is touched nowhere else.
final class CrossbarHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// A longer body is cut off: bytes.
    private static let maximumBody = 1 << 20

    private let driver: NodeDriver
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(driver: NodeDriver) { self.driver = driver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body += part.readableBytesView.prefix(Self.maximumBody - body.count)
        case .end:
            guard let head, !driver.node.hazards.freezes else { return }
            respond(to: head, context: context)
        }
    }

    private func respond(to head: HTTPRequestHead, context: ChannelHandlerContext) {
        let request = CrossbarRequest(
            method: head.method.rawValue, target: head.uri, headers: Dictionary(lowercased: head.headers), body: body,
            address: context.remoteAddress?.ipAddress ?? "127.0.0.1")
        let answer = driver.node.respond(to: request, now: driver.now)
        let delay = driver.node.hazards.loginDelay
        guard request.isLogin, delay > .zero else {
            return send(answer, keepsAlive: head.isKeepAlive, context: context)
        }
        driver.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            guard context.channel.isActive else { return }
            self.send(answer, keepsAlive: head.isKeepAlive, context: context)
        }
    }

    private func send(_ answer: KazooNode.RESTAnswer, keepsAlive: Bool, context: ChannelHandlerContext) {
        guard case .response(let response) = answer else { return context.close(promise: nil) }
        let text = response.body?.json ?? ""
        var headers = HTTPHeaders([
            ("content-length", String(text.utf8.count)), ("date", driver.httpDate), ("server", "Cowboy"),
        ])
        if response.body != nil { headers.add(name: "content-type", value: "application/json") }
        for header in response.headers { headers.add(name: header.name, value: header.value) }
        if !keepsAlive { headers.add(name: "connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: response.status)
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        if !text.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil) }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !keepsAlive { channel.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
