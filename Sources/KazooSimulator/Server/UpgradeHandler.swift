import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Stands before the WebSocket upgrade and refuses what Kazoo refuses, with an empty body.
///
/// Belongs to its event loop and is touched nowhere else.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let driver: NodeDriver
    private var isRefused = false
    /// The account that a header of the request authenticated.
    private(set) var account: String?

    init(driver: NodeDriver) { self.driver = driver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused, !driver.node.hazards.freezes else { return }
        guard case .head(var head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        let decision = driver.node.decide(
            onUpgrade: Dictionary(lowercased: head.headers),
            address: context.remoteAddress?.ipAddress ?? "127.0.0.1", now: driver.now)
        switch decision {
        case .accept(let account):
            self.account = account
            // Kazoo takes older versions too; the upgrade that follows is strict.
            head.headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
            head.headers.replaceOrAdd(name: "Connection", value: "upgrade")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .refuse(let status):
            isRefused = true
            refuse(status, context: context)
        }
    }

    private func refuse(_ status: Int, context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("content-length", "0"), ("date", driver.httpDate), ("server", "Cowboy")])
        if status == 426 {
            headers.add(name: "connection", value: "upgrade")
            headers.add(name: "upgrade", value: "websocket")
        }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}

extension Dictionary where Key == String, Value == String {
    /// The headers by their names in lower case; of repeated ones the first.
    init(lowercased headers: HTTPHeaders) {
        self.init(headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
