import NIOCore

/// The sockets on which a cluster listens, and the ports that they keep from one opening to the next.
struct ClusterListeners {
    /// One of the sockets.
    enum Place: Hashable {
        case api
        /// An event server.
        case node(Int)
    }

    private let configuration: SimulatorConfiguration
    private var ports: [Place: HeldPort] = [:]
    private var sockets: [Place: ListeningSocket] = [:]
    private var nodes: Range<Int> { 0..<configuration.nodes }

    init(configuration: SimulatorConfiguration) { self.configuration = configuration }

    var endpoints: SimulatorEndpoints {
        SimulatorEndpoints(
            host: configuration.host, apiPort: number(of: .api), websocketPorts: nodes.map { number(of: .node($0)) })
    }

    private func number(of place: Place) -> Int { ports[place]?.number ?? 0 }

    /// The port of a place, which is taken when it is first asked for.
    mutating func port(of place: Place) throws -> HeldPort {
        if let port = ports[place] { return port }
        let wanted =
            switch place {
            case .api: configuration.apiPort
            case .node(let node): configuration.websocketPort == 0 ? 0 : configuration.websocketPort + node
            }
        let port = try HeldPort(host: configuration.host, port: wanted)
        ports[place] = port
        return port
    }

    /// The places of one event server, or of all of them and the REST API.
    func places(node: Int?) -> [Place] {
        node.map { [.node($0)] } ?? [.api] + nodes.map(Place.node)
    }

    /// Those of the places at which nothing listens.
    func closed(of places: [Place]) -> [Place] { places.filter { sockets[$0] == nil } }

    mutating func opened(_ place: Place, _ socket: ListeningSocket) { sockets[place] = socket }

    /// Stops listening at the places and returns the channels that are closing.
    mutating func close(_ places: [Place]) -> [any Channel] {
        let closing = places.compactMap { sockets.removeValue(forKey: $0) }
        for socket in closing { socket.close() }
        return closing.map(\.channel)
    }
}
