/// The accounts and users of the cluster, and who stands above whom.
///
/// Made for clusters of many thousands of accounts: nothing goes through all of them but the first look at a listing.
struct Directory: Sendable {
    private(set) var users: [SimulatedUser] = []
    private var byID: [String: SimulatedAccount] = [:]
    private var childrenOf = Index()
    private var byRealm = Index()
    private var byName = Index()
    private var byNumber = Index()
    private var byKey = Index()
    /// The listings that were asked for since the accounts last changed, by the account above.
    private var listings: [String: [SimulatedAccount]] = [:]

    init(accounts: [SimulatedAccount], users: [SimulatedUser]) {
        for account in accounts where byID[account.id] == nil { insert(account) }
        self.users = users
    }

    // MARK: Changes

    /// Adds an account, or changes the one with its id.
    mutating func add(_ account: SimulatedAccount) {
        if let former = byID[account.id] { forget(former) }
        insert(account)
        listings.removeAll()
    }

    /// Removes an account and all below it, with their users.
    mutating func remove(_ id: String) {
        var gone = Set(descendants(of: id).map(\.id))
        gone.insert(id)
        for account in gone.compactMap({ byID[$0] }) { forget(account) }
        users.removeAll { gone.contains($0.account) }
        listings.removeAll()
    }

    private mutating func insert(_ account: SimulatedAccount) {
        byID[account.id] = account
        childrenOf.insert(account.id, for: account.parent)
        byRealm.insert(account.id, for: account.realm.lowercased())
        byName.insert(account.id, for: Self.reduced(account.name))
        byNumber.insert(account.id, for: account.phoneNumber)
        byKey.insert(account.id, for: account.apiKey)
    }

    private mutating func forget(_ account: SimulatedAccount) {
        byID[account.id] = nil
        childrenOf.remove(account.id, for: account.parent)
        byRealm.remove(account.id, for: account.realm.lowercased())
        byName.remove(account.id, for: Self.reduced(account.name))
        byNumber.remove(account.id, for: account.phoneNumber)
        byKey.remove(account.id, for: account.apiKey)
    }

    // MARK: Who stands above whom

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
    mutating func descendants(of id: String) -> [SimulatedAccount] {
        if let listing = listings[id] { return listing }
        var seen: Set<String> = [id]
        var found: [SimulatedAccount] = []
        var next = [id]
        while let parent = next.popLast() {
            for child in childrenOf[parent] where seen.insert(child).inserted {
                next.append(child)
                if let account = byID[child] { found.append(account) }
            }
        }
        let listing = Self.listed(found)
        listings[id] = listing
        return listing
    }

    /// The accounts directly below this one, by name, the last first.
    func children(of id: String) -> [SimulatedAccount] { Self.listed(childrenOf[id].compactMap { byID[$0] }) }

    private static func listed(_ accounts: [SimulatedAccount]) -> [SimulatedAccount] {
        accounts.sorted { ($0.name, $0.id) > ($1.name, $1.id) }
    }

    // MARK: Who logs in

    /// The account with this realm, in any case of letters.
    func account(realm: String) -> SimulatedAccount? { first(byRealm[realm.lowercased()]) }

    /// The account whose name leaves the same lower-case letters and digits.
    func account(name: String) -> SimulatedAccount? { first(byName[Self.reduced(name)]) }

    func account(phoneNumber: String) -> SimulatedAccount? { first(byNumber[phoneNumber]) }

    func account(apiKey: String) -> SimulatedAccount? { first(byKey[apiKey]) }

    private func first(_ ids: [String]) -> SimulatedAccount? { ids.first.flatMap { byID[$0] } }

    private static func reduced(_ name: String) -> String {
        name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// Ids of accounts by something that they have, the older account first.
    private struct Index: Sendable {
        private var ids: [String: [String]] = [:]

        subscript(key: String) -> [String] { ids[key, default: []] }

        mutating func insert(_ id: String, for key: String?) {
            if let key { ids[key, default: []].append(id) }
        }

        mutating func remove(_ id: String, for key: String?) {
            guard let key else { return }
            ids[key]?.removeAll { $0 == id }
            if ids[key]?.isEmpty == true { ids[key] = nil }
        }
    }
}
