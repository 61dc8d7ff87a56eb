/// Where a simulated Kazoo listens.
public struct SimulatorEndpoints: Sendable, Equatable {
    /// The address.
    public let host: String
    /// The port of the REST API.
    public let apiPort: Int
    /// The port of the event server.
    public let websocketPort: Int

    /// The base URL of the REST API.
    public var api: String { "http://\(host):\(apiPort)" }

    /// The URL of the event server.
    public var websocket: String { "ws://\(host):\(websocketPort)" }
}
