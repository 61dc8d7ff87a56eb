import NIOCore

/// The two sockets on which a node listens, and the ports that they keep from one opening to the next.
struct NodeListeners {
    private(set) var endpoints: SimulatorEndpoints
    private var channels: [any Channel] = []

    init(configuration: SimulatorConfiguration) {
        endpoints = SimulatorEndpoints(
            host: configuration.host, apiPort: configuration.apiPort, websocketPort: configuration.websocketPort)
    }

    mutating func opened(api: any Channel, websocket: any Channel) {
        channels = [api, websocket]
        endpoints = SimulatorEndpoints(
            host: endpoints.host, apiPort: api.localAddress?.port ?? 0, websocketPort: websocket.localAddress?.port ?? 0
        )
    }

    /// Stops listening and returns the channels that are closing.
    mutating func close() -> [any Channel] {
        defer { channels = [] }
        for channel in channels { channel.close(promise: nil) }
        return channels
    }
}
