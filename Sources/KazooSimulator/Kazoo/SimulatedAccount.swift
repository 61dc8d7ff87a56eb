/// An account of the simulated cluster.
public struct SimulatedAccount: Sendable, Equatable {
    /// 32 lower-case hexadecimal digits.
    public var id: String
    /// The name; log-ins may spell it in any way that leaves the same letters and digits.
    public var name: String
    /// The SIP realm.
    public var realm: String
    /// The parent account; `nil` for the master account.
    public var parent: String?
    /// The key that logs in without a user: 64 characters.
    public var apiKey: String?
    /// A phone number that belongs to the account, in E.164.
    public var phoneNumber: String?
    /// Whether its users may subscribe to every account at once.
    public var isSuperduperAdmin: Bool

    /// Creates an account.
    public init(
        id: String, name: String, realm: String, parent: String? = nil, apiKey: String? = nil,
        phoneNumber: String? = nil, isSuperduperAdmin: Bool = false
    ) {
        self.id = id
        self.name = name
        self.realm = realm
        self.parent = parent
        self.apiKey = apiKey
        self.phoneNumber = phoneNumber
        self.isSuperduperAdmin = isSuperduperAdmin
    }

    /// The master account of the recordings of real Kazoo.
    static let master = SimulatedAccount(
        id: "4a6863fd60e12a5e2ff4f2a0c7bbb7e1", name: "Master", realm: "master.sip.example.com",
        isSuperduperAdmin: true)

    /// The account in which most of the recordings of real Kazoo play.
    static let acme = SimulatedAccount(
        id: "009afc511c97b2ae693c6cc4920988e8", name: "Acme", realm: "acme.sip.example.com", parent: master.id,
        apiKey: "8f936c000c707edccbae665739f551901c284a70a10d2104d32a5d2497cd79db", phoneNumber: "+4930123456")

    /// The accounts of the recordings of real Kazoo: a master, two customers, and a sub-account of the first.
    public static let recorded: [SimulatedAccount] = [
        master, acme,
        SimulatedAccount(
            id: "b1946ac92492d2347c6235b4d2611184", name: "Acme West", realm: "west.sip.example.com", parent: acme.id),
        SimulatedAccount(
            id: "c157a79031e1c40f85931829bc5fc552", name: "Other", realm: "other.sip.example.com", parent: master.id),
    ]
}

/// A user who may log in to the simulated cluster.
///
/// Kazoo stores no password but the hashes of `username:password`, the user name in lower case; so does the simulator.
public struct SimulatedUser: Sendable, Equatable {
    /// 32 lower-case hexadecimal digits.
    public var id: String
    /// The account that the user belongs to.
    public var account: String
    /// The user name, in lower case.
    public var username: String
    /// MD5 of `username:password`, as lower-case hexadecimal digits.
    public var md5: String
    /// SHA-1 of `username:password`, as lower-case hexadecimal digits.
    public var sha1: String

    /// Creates a user.
    public init(id: String, account: String, username: String, md5: String, sha1: String) {
        self.id = id
        self.account = account
        self.username = username
        self.md5 = md5
        self.sha1 = sha1
    }

    /// The user of the recordings, `admin` of the account `Acme`, and `super` of the master account; both have the
    /// password `secret`.
    public static let recorded: [SimulatedUser] = [
        SimulatedUser(
            id: "2e9ba14a71b3e306caf5ecd8afeabaf9", account: SimulatedAccount.acme.id, username: "admin",
            md5: "2d1e4f91dae49cd08eaba2293e422273", sha1: "7efaf6701fdf8c6780897f20d5a1a1526dd92029"),
        SimulatedUser(
            id: "1c69a7d8f5a6c6b9724be2c5e74985b9", account: SimulatedAccount.master.id, username: "super",
            md5: "6b48e3976852460398c8fef412afb053", sha1: "94aef98d335c03e53dbed544c39bc1e759a3ff0e"),
    ]
}
