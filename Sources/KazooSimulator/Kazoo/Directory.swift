/// The accounts and users of the cluster, and who stands above whom.
struct Directory: Sendable {
    let accounts: [SimulatedAccount]
    let users: [SimulatedUser]
    private let byID: [String: SimulatedAccount]

    init(accounts: [SimulatedAccount], users: [SimulatedUser]) {
        self.accounts = accounts
        self.users = users
        byID = Dictionary(accounts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func account(_ id: String) -> SimulatedAccount? { byID[id] }

    /// The accounts above this one, the master first.
    func tree(of id: String) -> [String] {
        var tree: [String] = []
        var next = byID[id]?.parent
        while let parent = next, !tree.contains(parent) {
            tree.insert(parent, at: 0)
            next = byID[parent]?.parent
        }
        return tree
    }

    /// Whether `account` is `ancestor` itself or stands below it.
    func isInHierarchy(of ancestor: String, account: String) -> Bool {
        account == ancestor || tree(of: account).contains(ancestor)
    }

    /// The accounts below this one, by name, the last first, as Crossbar lists them.
    func descendants(of id: String) -> [SimulatedAccount] {
        accounts.filter { tree(of: $0.id).contains(id) }.sorted { $0.name > $1.name }
    }

    /// The accounts directly below this one, by name, the last first.
    func children(of id: String) -> [SimulatedAccount] {
        accounts.filter { $0.parent == id }.sorted { $0.name > $1.name }
    }

    /// The account with this realm, in any case of letters.
    func account(realm: String) -> SimulatedAccount? {
        accounts.first { $0.realm.lowercased() == realm.lowercased() }
    }

    /// The account whose name leaves the same lower-case letters and digits.
    func account(name: String) -> SimulatedAccount? {
        accounts.first { Self.reduced($0.name) == Self.reduced(name) }
    }

    func account(phoneNumber: String) -> SimulatedAccount? {
        accounts.first { $0.phoneNumber == phoneNumber }
    }

    func account(apiKey: String) -> SimulatedAccount? {
        accounts.first { $0.apiKey == apiKey }
    }

    private static func reduced(_ name: String) -> String {
        name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
