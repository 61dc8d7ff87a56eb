/// How a simulated Kazoo is set up. The defaults answer to the log-in of the recordings and publish nothing.
public struct SimulatorConfiguration: Sendable {
    /// Which generation of Kazoo.
    public var flavour: KazooFlavour
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port of the REST API; 0 takes a free one. Kazoo's own is 8000.
    public var apiPort = 0
    /// The port of the event server; 0 takes a free one. Kazoo's own is 5555. Further event servers take the ports that
    /// follow, or free ones.
    public var websocketPort = 0
    /// How many event servers there are. They share the REST API, the accounts and the tokens, and each hands every event
    /// to its own sessions.
    public var nodes = 1
    /// How many events are published each second, unless their source has a pace of its own; 0 for only those given to
    /// ``SimulatedKazoo/publish(_:)``.
    ///
    /// The story is told while somebody is subscribed to anything and pauses otherwise. It begins with the first listener,
    /// after the last of the subscriptions that this one makes in a row.
    public var eventsPerSecond = 0.0
    /// Which story is told, and all else that is random.
    public var seed: UInt64 = 1
    /// Where the events come from; `nil` for a ``TelephonyStory`` of the ``seed``.
    public var eventSource: (any EventSource)?
    /// Months, as `202611`, whose databases subscriptions are bound to beside that of the simulated month, so that the
    /// documents of recorded events are heard.
    public var recordedMonths: [String] = []
    /// The accounts of the cluster.
    public var accounts = SimulatedAccount.recorded
    /// Who may log in.
    public var users = SimulatedUser.recorded
    /// How long a token is good for.
    public var tokenLifetime: Duration = .seconds(3600)
    /// How many of the 100 request tokens of a client a log-in costs: usually 1, by configuration up to 35 and more.
    public var loginCost = 1
    /// How many WebSocket connections one address may have with each event server; `nil` for any number, as Kazoo has it
    /// by default. While it runs: ``Hazards/maximumConnectionsPerAddress``.
    public var maximumConnectionsPerAddress: Int?
    /// How many messages a client may send on one connection.
    public var messageLimit = MessageLimit.kazoo
    /// After how long without a frame from the client a session is closed with 1000. Events do not count.
    public var idleTimeout: Duration = .seconds(3600)
    /// How many frames may wait for a session that does not read before Kazoo 5 drops what comes after.
    public var mailboxLimit = 50
    /// What goes wrong from the start, with the REST API and with every event server.
    public var hazards = Hazards()

    /// The accounts in which the story plays: that of the first user, where most of it happens, then the others, as far
    /// as a hundred.
    var storyAccounts: [SimulatedAccount] {
        let first = users.first?.account
        return Array((accounts.filter { $0.id == first } + accounts.filter { $0.id != first }).prefix(100))
    }

    /// Creates a configuration.
    public init(flavour: KazooFlavour = .v4) {
        self.flavour = flavour
    }
}
