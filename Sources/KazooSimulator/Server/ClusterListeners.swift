import NIOCore

/// The sockets on which a cluster listens, and the ports that they keep from one opening to the next.
struct ClusterListeners {
    /// One of the sockets.
    enum Place: Hashable {
        case api
        /// An event server.
        case node(Int)
    }

    private let host: String
    private var ports: [Place: Int]
    private var channels: [Place: any Channel] = [:]
    private let nodes: Range<Int>

    init(configuration: SimulatorConfiguration) {
        host = configuration.host
        nodes = 0..<configuration.nodes
        ports = [.api: configuration.apiPort]
        for node in nodes {
            ports[.node(node)] = configuration.websocketPort == 0 ? 0 : configuration.websocketPort + node
        }
    }

    var endpoints: SimulatorEndpoints {
        SimulatorEndpoints(
            host: host, apiPort: port(of: .api), websocketPorts: nodes.map { port(of: .node($0)) })
    }

    func port(of place: Place) -> Int { ports[place, default: 0] }

    /// The places of one event server, or of all of them and the REST API.
    func places(node: Int?) -> [Place] {
        node.map { [.node($0)] } ?? [.api] + nodes.map(Place.node)
    }

    /// Those of the places at which nothing listens.
    func closed(of places: [Place]) -> [Place] { places.filter { channels[$0] == nil } }

    mutating func opened(_ place: Place, _ channel: any Channel) {
        channels[place] = channel
        ports[place] = channel.localAddress?.port ?? 0
    }

    /// Stops listening at the places and returns the channels that are closing.
    mutating func close(_ places: [Place]) -> [any Channel] {
        let closing = places.compactMap { channels.removeValue(forKey: $0) }
        for channel in closing { channel.close(promise: nil) }
        return closing
    }
}
