import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Stands before the WebSocket upgrade and refuses what Kazoo refuses, and what is to fail.
///
/// Belongs to its event loop and is touched nowhere else.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let driver: ClusterDriver
    private let node: Int
    private var isRefused = false
    /// The address whose upgrade is granted and not settled yet.
    private var admittedAddress: String?
    /// The account that a header of the request authenticated.
    private(set) var account: String?

    init(driver: ClusterDriver, node: Int) {
        self.driver = driver
        self.node = node
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused, !driver.cluster.nodes[node].hazards.freezes else { return }
        guard case .head(var head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        let address = context.remoteAddress?.ipAddress ?? "127.0.0.1"
        let decision = driver.cluster.decide(
            onUpgrade: Dictionary(lowercased: head.headers), address: address, node: node, now: driver.now)
        switch decision {
        case .accept(let account):
            self.account = account
            admittedAddress = address
            // Kazoo takes older versions too; the upgrade that follows is strict.
            head.headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
            head.headers.replaceOrAdd(name: "Connection", value: "upgrade")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .refuse(let answer):
            isRefused = true
            context.respond(with: answer, date: driver.httpDate, keepsAlive: false, announcesClose: false)
        case .hangUp:
            isRefused = true
            context.close(promise: nil)
        case .hang:
            isRefused = true
        }
    }

    /// The upgrade is done, or the client has gone before it was.
    func handlerRemoved(context: ChannelHandlerContext) {
        guard let admittedAddress, !context.channel.isActive else { return }
        driver.cluster.settleUpgrade(address: admittedAddress, node: node)
    }
}

extension Dictionary where Key == String, Value == String {
    /// The headers by their names in lower case; of repeated ones the first.
    init(lowercased headers: HTTPHeaders) {
        self.init(headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
