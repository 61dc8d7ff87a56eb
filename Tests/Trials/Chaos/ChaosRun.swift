import Blackhole
import Events
import KazooSimulator
import Network
import Subscriber

/// One run of `trials chaos`: sets the scene, lets things go wrong, and has the verdict.
struct ChaosRun: Sendable {
    let seed: UInt64
    let duration: Duration
    let flavour: KazooFlavour
    let redundancy: Int
    let nodes: Int

    /// How many accounts there are below the login's at first.
    private static let accounts = 6
    /// How many subscriptions a connection carries: few, so that there are several.
    private static let subscriptionsPerConnection = 9
    /// How long the session may take to be well again, after everything was mended: the longest rest, a renewal, and some.
    private static let recovery: Duration = .seconds(150)

    private var title: String { "Kazoo \(flavour), nodes \(nodes), redundancy \(redundancy), seed \(seed)" }

    private var isStrict: Bool { redundancy > 1 && nodes > 1 }

    /// Real back-off; what happens every few minutes or hours happens every few seconds.
    private var policy: SessionPolicy {
        var policy = SessionPolicy.forever
        policy.renewalInterval = max(.seconds(5), min(.seconds(12), duration / 5))
        policy.accountsInterval = .seconds(5)
        policy.subscriptionsPerConnection = Self.subscriptionsPerConnection
        policy.redundancy = redundancy
        return policy
    }

    private var simulation: SimulatorConfiguration {
        var simulation = SimulatorConfiguration(flavour: flavour)
        simulation.nodes = nodes
        simulation.seed = seed
        simulation.accounts.removeAll { $0.parent == Scenery.own }
        simulation.accounts += (0..<Self.accounts).map(Scenery.account)
        return simulation
    }

    /// Runs, and prints what came of it.
    func passes() async throws -> Bool {
        say("chaos: \(title), for \(duration)")
        return try await SimulatedKazoo.withRunning(simulation) { kazoo, endpoints in
            try await passes(kazoo, endpoints)
        }
    }

    private func passes(_ kazoo: SimulatedKazoo, _ endpoints: SimulatorEndpoints) async throws -> Bool {
        let (arrivals, watch, control) = (Arrivals(), SessionWatch(), SessionControl())
        let publisher = Publisher(to: kazoo, arrivals: arrivals, accounts: Self.accounts, seed: seed &+ 1)
        let injector = FaultInjector(
            into: kazoo, watch: watch, publisher: publisher, ports: endpoints.websocketPorts, isRedundant: isStrict,
            renewalInterval: policy.renewalInterval ?? .zero)
        let session = try session(endpoints, arrivals, watch, control)
        let report = ChaosReport(title, arrivals: arrivals, watch: watch, injector: injector)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { watch.ended(await session.run()) }
            defer { control.stop() }
            try await Self.wait("the session is ready", within: .seconds(30)) { watch.isReady }
            group.addTask { try await report.run() }
            let isWell = try await play(injector, publisher, watch)
            control.stop()
            try await Self.wait("the session ends", within: .seconds(30)) { watch.end != nil }
            group.cancelAll()
            var ledger = Ledger()
            ledger.published = publisher.published
            ledger.arrivals = arrivals.times
            ledger.gaps = arrivals.gaps
            ledger.faults = injector.faults
            if flavour == .v5 { ledger.faults += watch.renewed.map { Ledger.Fault("recounting", $0, silence: $0) } }
            if isStrict { ledger.allowedReasons = [.accountFound] }
            return report.conclude(ledger, isWell: isWell, lanes: redundancy * Self.lanes)
        }
    }

    /// At most so many connections for each share of the subscriptions, were there all the accounts that there may be.
    private static var lanes: Int {
        let subscriptions =
            Scenery.ownBindings.count + Publisher.accountCounts.upperBound * Scenery.lowerBindings.count
        return subscriptions / subscriptionsPerConnection + 1
    }

    private func session(
        _ endpoints: SimulatorEndpoints, _ arrivals: Arrivals, _ watch: SessionWatch, _ control: SessionControl
    ) throws -> Session {
        let wanted =
            try Scenery.ownBindings.map { SessionConfiguration.Wanted(accounts: .own, binding: try Binding($0)) }
            + Scenery.lowerBindings.map {
                SessionConfiguration.Wanted(accounts: .descendants, binding: try Binding($0))
            }
        var configuration = try Scenery.configuration(
            api: endpoints.api, websockets: endpoints.websockets, wanted: wanted, policy: policy)
        // So that an attempt which hangs is known to have failed before the session is taken to be well.
        configuration.network.connectTimeout = .seconds(5)
        configuration.network.requestTimeout = .seconds(5)
        return Session(
            configuration, sink: TrialSink(arrivals: arrivals), control: control, report: watch.hear)
    }

    /// Publishes and lets things go wrong; at the end everything is well, renewed, and one event of each kind arrives.
    ///
    /// - Returns: whether the session was well again in time.
    private func play(
        _ injector: FaultInjector, _ publisher: Publisher, _ watch: SessionWatch
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await publisher.run() } catch is CancellationError {}
            }
            try await injector.run(seed: seed, until: .now.advanced(by: duration))
            let mended = Timestamp.now
            var isWell = false
            while !isWell, Timestamp.now < mended.advanced(by: Self.recovery), watch.end == nil {
                isWell = await injector.waitUntilRenewed(after: mended, until: mended.advanced(by: Self.recovery))
            }
            group.cancelAll()
            try await group.waitForAll()
            let last = Timestamp.now
            try await publisher.publishOneOfEach()
            // What does not come is the verdict's to name.
            try? await Self.wait("everything came", within: .seconds(5)) { publisher.allCame(since: last) }
            return isWell
        }
    }

    private static func wait(_ what: String, within limit: Duration, until condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            guard ContinuousClock.now < deadline else { throw TrialFailure("not within \(limit): \(what)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
