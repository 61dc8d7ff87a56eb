import Events
import Testing

@testable import KazooSimulator

/// The simulator's REST API says what real Crossbar said.
@Suite struct RecordedCrossbarTests {
    /// Exchanges that are not compared, by the beginning of their names, and why.
    static let exclusions: [(prefix: String, reason: String)] = [
        ("users ", "a subscriber reads no users"),
        ("change user", "the simulator's documents change by its story only"),
        ("patch user", "the simulator's documents change by its story only"),
        ("new user", "the simulator's documents change by its story only"),
        ("delete user", "the simulator's documents change by its story only"),
        ("rate limited GET", "the cluster charged every request 60 tokens; the simulator charges only log-ins more"),
        ("rate limited login", "recorded with an empty bucket; see `a log-in that costs more than is left is refused`"),
    ]

    /// Exchanges recorded before the cluster had indexed its accounts: they see accounts without parents.
    static let unindexed: Set<String> = [
        "descendants", "children", "descendants paginate=false", "descendants page_size=1",
    ]

    /// Recorded before the event server ran, which is when a list of its sockets fails.
    private static func isPremature(_ exchange: CrossbarExchange) -> Bool {
        exchange.name == "websockets of account" && exchange.status == 500
    }

    @Test func `answers as recorded`() throws {
        let (exchanges, began) = try CrossbarExchange.recorded()
        var clusters = [SimulatorConfiguration(flavour: .v4), Self.configurationWithoutParents()].map(Cluster.init)
        let now = SimulatorInstant(nanoseconds: began * 1_000_000_000)
        var compared = 0
        for exchange in exchanges where !Self.isPremature(exchange) {
            if Self.exclusions.contains(where: { exchange.name.hasPrefix($0.prefix) }) { continue }
            let index = Self.unindexed.contains(exchange.name) ? 1 : 0
            let response = answer(exchange, by: &clusters[index], now: now)
            #expect(response?.status == exchange.status, "\(exchange.name)")
            #expect(
                CrossbarExchange.normalise(response?.body)?.json == CrossbarExchange.normalise(exchange.body)?.json,
                "\(exchange.name)")
            #expect(response?.headers.first { $0.name == "location" }?.value == exchange.location, "\(exchange.name)")
            compared += 1
        }
        #expect(compared == 57)
        #expect(exchanges.count == 73)
    }

    @Test func `a log-in that costs more than is left is refused`() throws {
        let exchanges = try CrossbarExchange.recorded().exchanges.filter { $0.name.hasPrefix("rate limited login") }
        var configuration = SimulatorConfiguration(flavour: .v4)
        configuration.loginCost = 60
        var cluster = Cluster(configuration: configuration)
        let now = SimulatorInstant(nanoseconds: 0)
        for exchange in exchanges {
            var request = exchange.request
            request.address = "127.0.0.1"
            guard case .response(let response) = cluster.respond(to: request, now: now) else { continue }
            // The first empties the bucket; the recorded ones found it so.
            if exchange.name == exchanges.first?.name {
                #expect(response.status == 201)
            } else {
                #expect(response.status == exchange.status)
                #expect(CrossbarExchange.normalise(response.body) == CrossbarExchange.normalise(exchange.body))
            }
        }
        #expect(exchanges.count == 3)
    }

    private func answer(
        _ exchange: CrossbarExchange, by cluster: inout Cluster, now: SimulatorInstant
    ) -> CrossbarResponse? {
        for token in exchange.tokens {
            if let grant = TokenTable.Grant(readingToken: token) { cluster.accept(token: String(token), grant: grant) }
        }
        guard case .response(let response) = cluster.respond(to: exchange.request, now: now) else { return nil }
        return response
    }

    private static func configurationWithoutParents() -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration(flavour: .v4)
        for index in configuration.accounts.indices { configuration.accounts[index].parent = nil }
        return configuration
    }
}
