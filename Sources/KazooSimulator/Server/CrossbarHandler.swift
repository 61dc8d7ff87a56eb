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

    private let driver: ClusterDriver
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(driver: ClusterDriver) { self.driver = driver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body += part.readableBytesView.prefix(Self.maximumBody - body.count)
        case .end:
            guard let head, !driver.cluster.apiHazards.freezes else { return }
            respond(to: head, context: context)
        }
    }

    private func respond(to head: HTTPRequestHead, context: ChannelHandlerContext) {
        let request = CrossbarRequest(
            method: head.method.rawValue, target: head.uri, headers: Dictionary(lowercased: head.headers), body: body,
            address: context.remoteAddress?.ipAddress ?? "127.0.0.1")
        let answer = driver.cluster.respond(to: request, now: driver.now)
        let delay = driver.cluster.apiHazards.loginDelay
        guard request.isLogin, delay > .zero else {
            return send(answer, keepsAlive: head.isKeepAlive, context: context)
        }
        driver.loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            guard context.channel.isActive else { return }
            self.send(answer, keepsAlive: head.isKeepAlive, context: context)
        }
    }

    private func send(_ answer: Cluster.RESTAnswer, keepsAlive: Bool, context: ChannelHandlerContext) {
        switch answer {
        case .response(let response):
            context.respond(with: response.canned, date: driver.httpDate, keepsAlive: keepsAlive)
        case .canned(let canned):
            context.respond(with: canned, date: driver.httpDate, keepsAlive: keepsAlive)
        case .hangUp:
            context.close(promise: nil)
        case .hang:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
