import Events

extension BlackholeSession {
    /// What a subscribe or unsubscribe asks for.
    private struct Request {
        /// As the client gave it: an id, `*`, an empty string, nonsense.
        var account: String
        /// `false` when the account was no string at all, which 4.x lets pass and then cannot serve.
        var isAccountText: Bool
        var bindings: [String]
    }

    private enum Reading {
        case request(Request)
        case outcome(Outcome)
    }

    private static let unavailable = Outcome.error("no available subscriptions to requested binding")

    mutating func subscribe(
        _ data: JSONValue?, as auth: String, now: SimulatorInstant, services: inout BlackholeServices,
        records: ClusterRecords
    ) -> Outcome {
        let request: Request
        switch read(data, auth: auth, validating: true, flavour: services.flavour) {
        case .outcome(let outcome): return outcome
        case .request(let read): request = read
        }
        let refusal =
            validate(request, families: services.families)
            ?? authorize(request, auth: auth, flavour: services.flavour, directory: records.directory)
        if let refusal { return refusal }
        let families = services.families
        guard let offers = offers(for: request, now: now, families: families, directory: records.directory) else {
            return Self.unavailable
        }
        let added = offers.flatMap { add($0, services: &services) }
        let all = subscriptions.json
        return switch services.flavour {
        case .v4: .success("{\"subscribed\":\(all)}")
        case .v5: .success("{\"subscribed\":\(Self.list(added)),\"subscriptions\":\(all)}")
        }
    }

    mutating func unsubscribe(
        _ data: JSONValue?, as auth: String, validating: Bool, now: SimulatorInstant,
        services: inout BlackholeServices, records: ClusterRecords
    ) -> Outcome {
        let request: Request
        switch read(data, auth: auth, validating: validating, flavour: services.flavour) {
        case .outcome(let outcome): return outcome
        case .request(let read): request = read
        }
        let families = services.families
        if validating, let refusal = validate(request, families: families) { return refusal }
        guard let offers = offers(for: request, now: now, families: families, directory: records.directory) else {
            return Self.unavailable
        }
        for offer in offers { remove(offer, services: &services) }
        let gone = Self.list(offers.map(\.clientKey))
        let all = subscriptions.json
        return switch services.flavour {
        case .v4: .success("{\"unsubscribed\":\(gone),\"subscribed\":\(all)}")
        case .v5: .success("{\"unsubscribed\":\(gone),\"subscriptions\":\(all)}")
        }
    }

    private static func list(_ keys: [String]) -> String { JSONValue.array(keys.map(JSONValue.string)).json }

    // MARK: Reading the data

    private func read(_ data: JSONValue?, auth: String, validating: Bool, flavour: KazooFlavour) -> Reading {
        switch flavour {
        case .v4: readOne(data, validating: validating)
        case .v5: readList(data, auth: auth, validating: validating)
        }
    }

    /// 4.x: one binding, both keys required.
    private func readOne(_ data: JSONValue?, validating: Bool) -> Reading {
        let keys = data?.members?.map(\.key) ?? []
        if validating {
            guard !keys.isEmpty else { return .outcome(.error("missing required keys in data object")) }
            let missing = ["account_id", "binding"].filter { !keys.contains($0) }
            guard missing.isEmpty else {
                return .outcome(.error("missing required keys : \(missing.joined(separator: ", "))"))
            }
        }
        guard let binding = data?["binding"]?.string else { return .outcome(.crash) }
        let account = data?["account_id"]?.string
        return .request(Request(account: account ?? "", isAccountText: account != nil, bindings: [binding]))
    }

    /// 5: one binding or a list of them, the account that of the token unless given.
    private func readList(_ data: JSONValue?, auth: String, validating: Bool) -> Reading {
        switch data {
        case nil, .object, .array: break
        default: return .outcome(.crash)
        }
        var bindings = CommandReader.text(data?["binding"]).map { [$0] } ?? []
        if case .array(let list) = data?["bindings"] {
            bindings = list.map { CommandReader.text($0) ?? "" }
        }
        if validating, bindings.isEmpty { return .outcome(.error("empty subscription")) }
        let account = CommandReader.text(data?["account_id"]) ?? auth
        return .request(Request(account: account, isAccountText: true, bindings: bindings))
    }

    private func validate(_ request: Request, families: BindingFamilies) -> Outcome? {
        for binding in request.bindings {
            switch families.verdict(on: Binding(binding)) {
            case .valid: continue
            case .invalid(let error): return .error(error)
            case .crash: return .crash
            }
        }
        return nil
    }

    private func authorize(
        _ request: Request, auth: String, flavour: KazooFlavour, directory: Directory
    ) -> Outcome? {
        let isSuper = directory.account(auth)?.isSuperduperAdmin == true
        if request.account == "*", !isSuper { return .error("unauthorized wildcard account id") }
        // 4.x lets an empty account and one that is no string pass here.
        if request.account != "*", !request.account.isEmpty {
            let id = RoutingKey.accountID(in: request.account) ?? request.account
            guard directory.isInHierarchy(of: auth, account: id) else {
                return .error("unauthorized account id")
            }
        }
        let wildcards = request.bindings.map(Binding.init).filter { binding in
            guard flavour == .v5, binding.family == "conference" else { return false }
            return binding.keys == ["command", "*"] || (binding.keys.count == 4 && binding.keys[2] == "*")
        }
        return wildcards.isEmpty || isSuper ? nil : .error("unauthorized wildcard for conference id")
    }

    /// What the modules offer for the request; `nil` when one of its bindings has no taker.
    private func offers(
        for request: Request, now: SimulatorInstant, families: BindingFamilies, directory: Directory
    ) -> [BindingOffer]? {
        guard request.isAccountText else { return nil }
        let realm = directory.account(RoutingKey.accountID(in: request.account) ?? "")?.realm
        let yearMonth = CivilDate(unixSeconds: now.unixSeconds).yearMonth
        var offers: [BindingOffer] = []
        for binding in request.bindings {
            let found = families.offers(
                for: Binding(binding), account: request.account, realm: realm, yearMonth: yearMonth)
            guard !found.isEmpty else { return nil }
            offers += found
        }
        return offers
    }

    // MARK: Changing the subscriptions

    /// Adds what is new of an offer and returns the client keys added.
    private mutating func add(_ offer: BindingOffer, services: inout BlackholeServices) -> [String] {
        let fresh = entries(of: offer, flavour: services.flavour).filter { !subscriptions.contains($0) }
        for subscription in fresh {
            for topic in subscription.topics {
                services.broker.bind(id, clientKey: subscription.clientKey, topic: topic)
            }
        }
        // 4.x counts every subscribe, so repeating one revives what a stranger's unsubscribe hung up; 5 counts only
        // what the session does not think it has.
        let needed = services.flavour == .v4 ? offer.listeners : offer.listeners.filter { listeners[$0] == nil }
        services.broker.add(needed)
        for listener in needed { listeners[listener, default: 0] += 1 }
        subscriptions.append(fresh)
        return fresh.map(\.clientKey)
    }

    private mutating func remove(_ offer: BindingOffer, services: inout BlackholeServices) {
        let gone = entries(of: offer, flavour: services.flavour)
        for subscription in gone {
            for topic in subscription.topics {
                services.broker.unbind(id, clientKey: subscription.clientKey, topic: topic)
            }
        }
        subscriptions.remove(gone)
        services.broker.remove(offer.listeners)
        for listener in offer.listeners {
            guard let count = listeners[listener] else { continue }
            listeners[listener] = count > 1 ? count - 1 : nil
        }
    }

    /// 4.x keeps one entry per topic, so `call.*.*` stands nine times in a reply; 5 keeps one per binding, which is
    /// another one, to be bound anew, when one of its topics has changed with the month.
    private func entries(of offer: BindingOffer, flavour: KazooFlavour) -> [SubscriptionList.Entry] {
        switch flavour {
        case .v4: offer.topics.map { SubscriptionList.Entry(clientKey: offer.clientKey, topics: [$0]) }
        case .v5: [SubscriptionList.Entry(clientKey: offer.clientKey, topics: offer.topics)]
        }
    }
}
