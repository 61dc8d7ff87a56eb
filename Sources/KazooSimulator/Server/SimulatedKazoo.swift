import NIOCore
import NIOPosix

/// A stand-in for a Kazoo cluster, for demonstrations and tests: its REST log-in and its event server, over real
/// sockets, with everything on demand that goes wrong in the field.
///
/// ```swift
/// let kazoo = SimulatedKazoo(configuration: SimulatorConfiguration(flavour: .v5))
/// let endpoints = try await kazoo.start()
/// // log in at endpoints.api, subscribe at endpoints.websocket
/// await kazoo.shutdown()
/// ```
///
/// It runs on one thread of its own, from creation to ``shutdown()``, which must come in any case and after which it
/// must not be used any more; ``withRunning(_:_:)`` sees to that.
public final class SimulatedKazoo: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let driver: NIOLoopBoundBox<NodeDriver>
    private let listeners: NIOLoopBoundBox<NodeListeners>

    /// Creates a simulated Kazoo; nothing listens before ``start()``.
    public init(configuration: SimulatorConfiguration = SimulatorConfiguration()) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        driver = .makeBoxSendingValue(NodeDriver(configuration: configuration, loop: loop), eventLoop: loop)
        listeners = .makeBoxSendingValue(NodeListeners(configuration: configuration), eventLoop: loop)
    }

    /// Runs a simulated Kazoo for as long as `body` takes.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What ``start()`` or `body` throws.
    public static func withRunning<Result: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        _ body: (SimulatedKazoo, SimulatorEndpoints) async throws -> Result
    ) async throws -> Result {
        let kazoo = SimulatedKazoo(configuration: configuration)
        do {
            let result = try await body(kazoo, kazoo.start())
            await kazoo.shutdown()
            return result
        } catch {
            await kazoo.shutdown()
            throw error
        }
    }

    // MARK: Life

    /// Listens, and begins to publish.
    ///
    /// - Returns: The ports that were bound.
    /// - Throws: The system's error when a port cannot be bound.
    public func start() async throws -> SimulatorEndpoints {
        try await acceptConnections()
        return await onLoop { driver, listeners in
            driver.startTicking()
            return listeners.endpoints
        }
    }

    /// Ends every connection and gives everything back.
    public func shutdown() async {
        await onLoop { driver, _ in driver.stopTicking() }
        // The only error is that it was shut down before.
        try? await group.shutdownGracefully()
    }

    /// Where it listens; the ports are 0 before ``start()``.
    public var endpoints: SimulatorEndpoints {
        get async { await onLoop { _, listeners in listeners.endpoints } }
    }

    /// What it has done so far.
    public var statistics: SimulatorStatistics {
        get async { await onLoop { driver, _ in driver.statistics } }
    }

    // MARK: Events

    /// Publishes an event to whoever subscribed to it.
    ///
    /// - Returns: How many frames it became: one for each subscription that matched.
    @discardableResult
    public func publish(_ event: SimulatedEvent) async -> Int {
        await onLoop { driver, _ in driver.publish(event) }
    }

    // MARK: What goes wrong

    /// What goes wrong now.
    public var hazards: Hazards {
        get async { await onLoop { driver, _ in driver.node.hazards } }
    }

    /// Changes what goes wrong.
    public func setHazards(_ change: @escaping @Sendable (inout Hazards) -> Void) async {
        await onLoop { driver, _ in change(&driver.node.hazards) }
    }

    /// Ends every WebSocket connection.
    public func dropConnections(_ end: ConnectionEnd) async {
        await onLoop { driver, _ in driver.dropConnections(end) }
    }

    /// Stops listening: new connections are refused, as while a Kazoo restarts. Open ones live on.
    public func refuseConnections() async {
        let closed = await onLoop { _, listeners in listeners.close() }
        for channel in closed { try? await channel.closeFuture.get() }
    }

    /// Listens again, on the same ports, after ``refuseConnections()``.
    ///
    /// - Throws: The system's error when a port was taken meanwhile.
    public func acceptConnections() async throws {
        let wanted = await endpoints
        let api = try await bind(host: wanted.host, port: wanted.apiPort) { channel, driver in
            try NodePipelines.serveCrossbar(on: channel, driver: driver)
        }
        let websocket = try await bind(host: wanted.host, port: wanted.websocketPort) { channel, driver in
            try NodePipelines.serveBlackhole(on: channel, driver: driver)
        }
        await onLoop { _, listeners in listeners.opened(api: api, websocket: websocket) }
    }

    /// Lets the simulated time jump: tokens expire, idle sessions are closed.
    public func advanceTime(by duration: Duration) async {
        await onLoop { driver, _ in driver.advanceTime(by: duration) }
    }

    /// Lets the calendar jump to the first second of the next month; sessions stay open and tokens good.
    ///
    /// Kazoo binds faxes, voicemail messages and half of `object.*` to the month's database at the moment of the
    /// subscribe: from here on those subscriptions are silent until made anew.
    public func turnMonth() async {
        await onLoop { driver, _ in driver.turnMonth() }
    }

    /// Every token handed out so far is expired. Sessions that are authenticated live on, as in Kazoo.
    public func expireTokens() async {
        await onLoop { driver, _ in driver.node.expireTokens(now: driver.now) }
    }

    /// The listener inside Kazoo starts anew: sockets stay open, subscribes have succeeded, and nothing is delivered
    /// until a session subscribes again (4.x) or comes with a new connection (5, where call events go on).
    public func restartListener() async {
        await onLoop { driver, _ in driver.node.restartListener() }
    }

    /// Somebody else unsubscribes from a binding. Kazoo counts that against everybody, so that the last subscription
    /// falls silent: repeating the subscribe heals it in 4.x; in 5 only a new connection, or unsubscribe and subscribe.
    /// Call events of 5 are not counted.
    public func unsubscribeStranger(account: String, binding: String) async {
        await onLoop { driver, _ in
            driver.node.unsubscribeStranger(account: account, binding: binding, now: driver.now)
        }
    }

    // MARK: On the loop

    /// The simulated time.
    var now: SimulatorInstant {
        get async { await onLoop { driver, _ in driver.now } }
    }

    private func bind(
        host: String, port: Int,
        initializer: @escaping @Sendable (any Channel, NodeDriver) throws -> Void
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
            .childChannelInitializer { [driver] channel in
                channel.eventLoop.makeCompletedFuture { try initializer(channel, driver.value) }
            }
            .bind(host: host, port: port).get()
    }

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (NodeDriver, inout NodeListeners) -> Result
    ) async -> Result {
        let future = driver.eventLoop.submit { [driver, listeners] in body(driver.value, &listeners.value) }
        do {
            return try await future.get()
        } catch {
            preconditionFailure("A simulated Kazoo was used after its shutdown: \(error)")
        }
    }
}
