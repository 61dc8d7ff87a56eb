import Glibc
import NIOCore
import NIOPosix

/// A stand-in for a Kazoo cluster, for demonstrations and tests: its REST log-in and its event server, over real
/// sockets, with everything on demand that goes wrong in the field.
///
/// A cluster has one REST API and ``SimulatorConfiguration/nodes`` event servers, counted from 0. What is told to one of
/// them by its number concerns that one alone, without a number all.
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
    private let driver: NIOLoopBoundBox<ClusterDriver>
    private let listeners: NIOLoopBoundBox<ClusterListeners>

    /// Creates a simulated Kazoo; nothing listens before ``start()``.
    public init(configuration: SimulatorConfiguration = SimulatorConfiguration()) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        driver = .makeBoxSendingValue(ClusterDriver(configuration: configuration, loop: loop), eventLoop: loop)
        listeners = .makeBoxSendingValue(ClusterListeners(configuration: configuration), eventLoop: loop)
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
        await refuseConnections()
        // The only error is that it was shut down before.
        try? await group.shutdownGracefully()
    }

    /// Where it listens; the ports are 0 before ``start()``.
    public var endpoints: SimulatorEndpoints {
        get async { await onLoop { _, listeners in listeners.endpoints } }
    }

    /// What it has done so far.
    public var statistics: SimulatorStatistics {
        get async { await onLoop { driver, _ in driver.statistics(node: nil) } }
    }

    /// What one event server has done so far.
    public func statistics(node: Int) async -> SimulatorStatistics {
        await onLoop { driver, _ in driver.statistics(node: node) }
    }

    // MARK: Events

    /// Publishes an event to whoever subscribed to it, at whichever event server: its copies have the same `msg_id`, as
    /// those of one message of Kazoo's broker have.
    ///
    /// - Returns: How many frames it became: one for each subscription that matched.
    @discardableResult
    public func publish(_ event: SimulatedEvent) async -> Int {
        await onLoop { driver, _ in driver.publish(event) }
    }

    /// Publishes that a document was created, edited or deleted just now in an account's database: faxes, voicemail messages
    /// and call recordings in that of the simulated month, all else in the account's own.
    ///
    /// - Parameters:
    ///   - action: `doc_created`, `doc_edited` or `doc_deleted`.
    ///   - type: The type of the document, such as `user` or `fax`.
    ///   - id: The id of the document, by which the event can be told from others; its `msg_id` is random.
    ///   - account: The id of the account.
    /// - Returns: How many frames it became.
    @discardableResult
    public func publishDocument(_ action: String, type: String, id: String, account: String) async -> Int {
        await onLoop { driver, _ in driver.publishDocument(action, type: type, id: id, account: account) }
    }

    // MARK: Accounts

    /// Adds an account, or changes the one with its id. `GET /v2/accounts/{id}/descendants` of those above it follows.
    ///
    /// Kazoo saves the document of a new account twice, in the account's own database and in the database `accounts`
    /// (`kzd_accounts:save/1`), and publishes a `doc_created` of type `account` for each, under the name of that database
    /// (`kzs_publish:publish/3`): `doc_created.account%2F…{the new account}.account.{id}` and
    /// `doc_created.accounts.account.{id}`. Neither names the parent, so **no subscription of an account above the new one
    /// brings them**: `object.doc_created.account` listens to the database of the account that is subscribed
    /// (`bh_object:bindings/2`), an account that does not exist yet cannot be subscribed (`bh_authz_subscribe`), and
    /// neither `*` nor `accounts` passes for an account there, as it has no database of the month. Who follows
    /// descendants has to ask for them.
    ///
    /// - Parameter announced: Whether those two events are published.
    public func addAccount(_ account: SimulatedAccount, announced: Bool) async {
        await onLoop { driver, _ in driver.add(account, announced: announced) }
    }

    /// Removes an account and all below it, with their users. What is subscribed stays so, as in Kazoo.
    public func removeAccount(_ id: String) async {
        await onLoop { driver, _ in driver.cluster.removeAccount(id) }
    }

    // MARK: What goes wrong

    /// What goes wrong now with the REST API, or with one event server.
    public func hazards(node: Int? = nil) async -> Hazards {
        await onLoop { driver, _ in node.map { driver.cluster.nodes[$0].hazards } ?? driver.cluster.apiHazards }
    }

    /// Changes what goes wrong.
    ///
    /// - Parameters:
    ///   - node: The event server with which it goes wrong; `nil` for the REST API and every event server.
    ///   - change: Is called for each of them.
    public func setHazards(node: Int? = nil, _ change: @escaping @Sendable (inout Hazards) -> Void) async {
        await onLoop { driver, _ in driver.cluster.setHazards(node: node, change) }
    }

    /// Ends the WebSocket connections of one event server, or all.
    public func dropConnections(_ end: ConnectionEnd, node: Int? = nil) async {
        await onLoop { driver, _ in driver.dropConnections(end, node: node) }
    }

    /// Stops listening: new connections are refused, as while a Kazoo restarts. Open ones live on.
    ///
    /// - Parameter node: The event server that stops; `nil` for the REST API and every event server.
    public func refuseConnections(node: Int? = nil) async {
        let closed = await onLoop { _, listeners in listeners.close(listeners.places(node: node)) }
        for channel in closed { try? await channel.closeFuture.get() }
    }

    /// Listens again, on the same ports, after ``refuseConnections(node:)``.
    ///
    /// - Parameter node: The event server that listens; `nil` for all that does not listen.
    /// - Throws: The system's error when there is no socket to be had.
    public func acceptConnections(node: Int? = nil) async throws {
        for place in await onLoop({ _, listeners in listeners.closed(of: listeners.places(node: node)) }) {
            let port = try await onLoop { _, listeners in Result { try listeners.port(of: place) } }.get()
            let socket = try await listen(on: port) { channel, driver in
                try ServerPipelines.serve(place, on: channel, driver: driver)
            }
            await onLoop { _, listeners in listeners.opened(place, socket) }
        }
    }

    /// Lets the simulated time jump: tokens expire, idle sessions are closed.
    public func advanceTime(by duration: Duration) async {
        await onLoop { driver, _ in driver.advanceTime(by: duration) }
    }

    /// Lets the calendar jump to the first second of the next month; sessions stay open and tokens good.
    ///
    /// Kazoo binds `fax.object.*`, `object.*.fax`, `object.*.mailbox_message` and half of `object.*.*` to the month's
    /// database at the moment of the subscribe: from here on those subscriptions are silent until made anew. Repeating the
    /// subscribe is enough in 4.x and in 5. `object.*.call_recording` is bound to the database of the account although
    /// recordings are kept in the month's, so that only `object.*.*` brings them.
    public func turnMonth() async {
        await onLoop { driver, _ in driver.turnMonth() }
    }

    /// Every token handed out so far is expired. Sessions that are authenticated live on, as in Kazoo.
    public func expireTokens() async {
        await onLoop { driver, _ in driver.cluster.expireTokens(now: driver.now) }
    }

    /// The listener inside Kazoo starts anew: sockets stay open, subscribes have succeeded, and nothing is delivered
    /// until a session subscribes again (4.x), comes with a new connection, or unsubscribes and subscribes (5, where call
    /// events go on). It then hears until an older session closes, which takes the count of the new one with it.
    public func restartListener(node: Int? = nil) async {
        await onLoop { driver, _ in driver.cluster.restartListener(node: node) }
    }

    /// Somebody else unsubscribes from a binding. Kazoo counts that against everybody at the same event server, so that
    /// the last subscription falls silent: repeating the subscribe heals it in 4.x; in 5 only unsubscribe and subscribe,
    /// or a new connection, which falls silent again when the old one closes. Call events of 5 are not counted.
    public func unsubscribeStranger(account: String, binding: String, node: Int? = nil) async {
        await onLoop { driver, _ in
            driver.cluster.unsubscribeStranger(account: account, binding: binding, node: node, now: driver.now)
        }
    }

    // MARK: On the loop

    /// The simulated time.
    var now: SimulatorInstant {
        get async { await onLoop { driver, _ in driver.now } }
    }

    private func listen(
        on port: HeldPort, initializer: @escaping @Sendable (any Channel, ClusterDriver) throws -> Void
    ) async throws -> ListeningSocket {
        let descriptor = try port.makeSocket()
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 4 << 20))
            .childChannelInitializer { [driver] channel in
                channel.eventLoop.makeCompletedFuture { try initializer(channel, driver.value) }
            }
            .withBoundSocket(descriptor).get()
        // SwiftNIO has it listen with a shorter queue, which a thousand clients at once would overflow.
        Glibc.listen(descriptor, 1024)
        return ListeningSocket(channel, descriptor: descriptor)
    }

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (ClusterDriver, inout ClusterListeners) -> Result
    ) async -> Result {
        let future = driver.eventLoop.submit { [driver, listeners] in body(driver.value, &listeners.value) }
        do {
            return try await future.get()
        } catch {
            preconditionFailure("A simulated Kazoo was used after its shutdown: \(error)")
        }
    }
}
