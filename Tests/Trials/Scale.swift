import ArgumentParser
import KazooSimulator

/// `trials scale`
struct Scale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Many subscriptions over several connections, at Kazoo's own pace.",
        discussion: """
            One subscription for each of many accounts below the login's, with Kazoo's limits: 100 messages a connection \
            and 10 more a second, and so many connections from one address. First the session wishes for as many \
            connections as it may have, then for a quarter more. Then each account has one event, which must come once.
            """)

    @Option(help: "How many accounts, each with one subscription.")
    var subscriptions = 10_000

    @Option(help: "How many connections the server allows.")
    var connections = 20

    @Option(help: "Which generation of Kazoo: 4 or 5.")
    var kazoo = 5

    /// Within this the first case must be ready.
    private static let limit: Duration = .seconds(90)
    private static let binding = "object.doc_edited.user"
    /// How much memory a subscription may take, in bytes.
    private static let allowance = 1024

    /// What one case has shown.
    private struct Outcome: Sendable {
        let ready: Duration
        let confirmed: Int
        let connections: Int
        let residentKilobytes: Int
        /// How many events came exactly once, of those that were published.
        let once: Int
        let published: Int
        let repeated: Int
    }

    func validate() throws {
        guard (4...5).contains(kazoo) else { throw ValidationError("--kazoo wants 4 or 5") }
        guard connections >= 4, subscriptions >= connections * 10 else {
            throw ValidationError("--connections wants 4 or more, and --subscriptions ten for each")
        }
    }

    func run() async throws {
        // As many connections with one subscription each: what more of these take is theirs.
        let bare = try await outcome(of: connections, perConnection: 1)
        let fitting = try await outcome(of: subscriptions, perConnection: divided(subscriptions, connections))
        let crowded = try await outcome(of: subscriptions, perConnection: divided(subscriptions, wished))
        var table = Table()
        table.add("", "ready after", "confirmed", "connections", "events once", "resident KB", "bytes a subscription")
        for (name, outcome) in [("bare", bare), ("as allowed", fitting), ("a quarter too many", crowded)] {
            table.add(
                name, Self.seconds(outcome.ready), "\(outcome.confirmed)", "\(outcome.connections)",
                "\(outcome.once) of \(outcome.published)", "\(outcome.residentKilobytes)",
                outcome.confirmed > connections ? "\(bytes(of: outcome, over: bare))" : "")
        }
        say(table)
        var problems: [String] = []
        for outcome in [bare, fitting, crowded] {
            if outcome.confirmed != outcome.published { problems.append("not everything is confirmed") }
            if outcome.once != outcome.published || outcome.repeated > 0 {
                problems.append("not every event came once")
            }
            // Like Kazoo, the simulator counts before it has answered: some that come together slip through.
            if outcome.connections < connections || outcome.connections >= wished {
                problems.append("not as many connections as are allowed")
            }
            if outcome.ready > Self.limit { problems.append("not ready within \(Self.limit)") }
        }
        for outcome in [fitting, crowded] where bytes(of: outcome, over: bare) > Self.allowance {
            problems.append("a subscription takes more than \(Self.allowance) bytes")
        }
        for problem in problems { say("VIOLATION: \(problem)") }
        guard problems.isEmpty else { throw ExitCode.failure }
        say("passed")
    }

    /// How many connections it wishes for, in the end.
    private var wished: Int { connections + connections / 4 }

    private func bytes(of outcome: Outcome, over bare: Outcome) -> Int {
        (outcome.residentKilobytes - bare.residentKilobytes) * 1024 / (outcome.confirmed - bare.confirmed)
    }

    private func outcome(of count: Int, perConnection: Int) async throws -> Outcome {
        var simulation = SimulatorConfiguration(flavour: kazoo == 4 ? .v4 : .v5)
        simulation.accounts.removeAll { $0.parent == Scenery.own }
        simulation.accounts += (0..<count).map(Scenery.account)
        simulation.maximumConnectionsPerAddress = connections
        return try await SimulatedKazoo.withRunning(simulation) { kazoo, endpoints in
            let begin = ContinuousClock.now
            let child = try ChildProcess(arguments: [
                "subscribe", "--api", endpoints.api, "--websocket", endpoints.websocket, "--binding", Self.binding,
                "--descendants", "--subscriptions-per-connection", "\(perConnection)",
            ])
            let ready = try await child.waitUntilReady(within: Self.limit * 3)
            let time = ContinuousClock.now - begin
            let open = await kazoo.statistics.openConnections
            let resident = try child.figures.residentKilobytes
            let times = try await events(kazoo, child, count)
            try await child.end()
            return Outcome(
                ready: time, confirmed: ready.first ?? 0, connections: open, residentKilobytes: resident,
                once: times.values.count { $0 == 1 }, published: count, repeated: times.values.count { $0 > 1 })
        }
    }

    /// Publishes one event for each account, and waits until they came or nothing more comes.
    ///
    /// - Returns: how often each came.
    private func events(_ kazoo: SimulatedKazoo, _ child: ChildProcess, _ count: Int) async throws -> [String: Int] {
        var expected: Set<String> = []
        for number in 0..<count {
            let event = TrialEvent(
                number: number, kind: .document(action: "doc_edited", type: "user"),
                account: Scenery.account(number).id)
            await kazoo.publish(event.simulated)
            expected.insert(event.id)
        }
        var times: [String: Int] = [:]
        var lastArrival = ContinuousClock.now
        while times.count < count || ContinuousClock.now - lastArrival < .milliseconds(500) {
            for line in child.takeLines() where line.hasPrefix("event ") {
                times[String(line.dropFirst(6)), default: 0] += 1
                lastArrival = .now
            }
            guard ContinuousClock.now - lastArrival < .seconds(10) else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return times.filter { expected.contains($0.key) }
    }

    private func divided(_ count: Int, _ parts: Int) -> Int { (count + parts - 1) / parts }

    private static func seconds(_ duration: Duration) -> String {
        "\((duration / .milliseconds(100)).rounded() / 10) s"
    }
}
