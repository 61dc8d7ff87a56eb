/// Where a simulated Kazoo listens.
public struct SimulatorEndpoints: Sendable, Equatable {
    /// The address.
    public let host: String
    /// The port of the REST API.
    public let apiPort: Int
    /// The ports of the event servers.
    public let websocketPorts: [Int]

    /// The base URL of the REST API.
    public var api: String { "http://\(host):\(apiPort)" }

    /// The port of the first event server.
    public var websocketPort: Int { websocketPorts.first ?? 0 }

    /// The URL of the first event server.
    public var websocket: String { "ws://\(host):\(websocketPort)" }

    /// The URLs of the event servers.
    public var websockets: [String] { websocketPorts.map { "ws://\(host):\($0)" } }
}
