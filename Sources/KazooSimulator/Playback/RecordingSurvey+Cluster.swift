extension RecordingSurvey {
    /// The account with most events, the first of several; `nil` when no event is of any account.
    public var mainAccount: Account? {
        accounts.reduce(nil) { best, account in account.events > best?.events ?? 0 ? account : best }
    }

    /// Lets a cluster have the accounts of the recording.
    ///
    /// The main account takes the place of Acme, with its recorded id, so that whoever logs in there hears its events. All
    /// others are below it, each with its recorded id, name and realm, and so are realms that only presence events know.
    /// The users are the usual ones.
    public func populate(_ configuration: inout SimulatorConfiguration) {
        var realms = orphanedRealms[...]
        var acme = SimulatedAccount.acme
        acme.id = mainAccount?.id ?? acme.id
        acme.realm = mainAccount?.realm ?? realms.popFirst() ?? acme.realm
        let below = accounts.filter { $0.id != acme.id }.map { account in
            SimulatedAccount(
                id: account.id, name: account.name ?? "Account \(account.id.prefix(8))",
                realm: account.realm ?? "\(account.id).sip.example.com", parent: acme.id)
        }
        var ids = NewIDs(taken: Set([acme.id] + below.map(\.id)))
        let invented = realms.map { realm in
            SimulatedAccount(id: ids.next(), name: realm, realm: realm, parent: acme.id)
        }
        var master = SimulatedAccount.master
        if ids.taken.contains(master.id) { master.id = ids.next() }
        acme.parent = master.id
        configuration.accounts = [master, acme] + below + invented
        configuration.users = SimulatedUser.recorded.map { user in
            var user = user
            user.account = user.account == SimulatedAccount.master.id ? master.id : acme.id
            return user
        }
        configuration.recordedMonths = months
    }

    /// The realms of presence events that no account is known to have, the busiest first.
    private var orphanedRealms: [String] {
        let known = Set(accounts.compactMap(\.realm))
        return presenceRealms.filter { !known.contains($0.key) }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map(\.key)
    }

    /// Ids for accounts that have none, always the same ones.
    private struct NewIDs {
        var taken: Set<String>
        private var random = RandomSource(seed: 0)

        init(taken: Set<String>) { self.taken = taken }

        mutating func next() -> String {
            while true {
                let id = random.hex(32)
                if taken.insert(id).inserted { return id }
            }
        }
    }
}
