import NIOCore
import NIOHTTP1
import NIOWebSocket

/// How a connection's bytes reach the cluster.
enum ServerPipelines {
    /// Kazoo answers messages of 64 MB.
    private static let maximumFrame = 1 << 27

    /// What serves connections that come in at a place.
    static func serve(_ place: ClusterListeners.Place, on channel: any Channel, driver: ClusterDriver) throws {
        switch place {
        case .api: try serveCrossbar(on: channel, driver: driver)
        case .node(let node): try serveBlackhole(on: channel, driver: driver, node: node)
        }
    }

    /// HTTP for the REST API.
    private static func serveCrossbar(on channel: any Channel, driver: ClusterDriver) throws {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
        try channel.pipeline.syncOperations.addHandler(CrossbarHandler(driver: driver))
    }

    /// HTTP that turns into a WebSocket.
    private static func serveBlackhole(on channel: any Channel, driver: ClusterDriver, node: Int) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let gate = UpgradeHandler(driver: driver, node: node)
        let bound = NIOLoopBound((driver: driver, gate: gate), eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: maximumFrame, automaticErrorHandling: false,
            shouldUpgrade: { channel, _ in
                let headers = HTTPHeaders([("date", bound.value.driver.httpDate), ("server", "Cowboy")])
                return channel.eventLoop.makeSucceededFuture(headers)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let (driver, gate) = bound.value
                    let connection = WebSocketConnection(driver: driver, node: node, account: gate.account)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            })
        let upgrade = HTTPServerUpgradeHandler(
            upgraders: [upgrader], httpEncoder: encoder, extraHTTPHandlers: [decoder, gate],
            upgradeCompletionHandler: { _ in })
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, gate, upgrade])
    }
}
