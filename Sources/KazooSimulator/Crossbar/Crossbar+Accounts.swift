import Events

extension Crossbar {
    /// Everything under `/v2/accounts/{id}`.
    mutating func account(
        _ id: String, rest: ArraySlice<String>, request: CrossbarRequest, grant: TokenTable.Grant,
        directory: inout Directory, sockets: [BlackholeSession]
    ) -> Answer {
        guard let account = directory.account(id) else {
            let data: JSONValue = ["cause": .string(id), "message": "bad identifier"]
            return .failure(404, "bad_identifier", data: data, isAuthenticated: true)
        }
        guard directory.isInHierarchy(of: grant.account, account: id) else {
            return .failure(403, "forbidden", data: ["message": "forbidden"], isAuthenticated: true)
        }
        guard request.method == "GET" else {
            var refusal = Self.methodNotAllowed
            refusal.isAuthenticated = true
            return refusal
        }
        switch Array(rest) {
        case []:
            return .success(
                data: Self.document(of: account, in: directory), revision: "1-0123456789abcdef0123456789abcdef")
        case ["descendants"]:
            let listing = directory.descendants(of: id)
            return list(listing, of: id, request: request) { [directory] account in
                .init("tree", .array(directory.tree(of: account.id).map(JSONValue.string)))
            }
        case ["children"]:
            return list(directory.children(of: id), of: id, request: request) { _ in
                .init("descendants_count", 0)
            }
        case ["websockets"]:
            return .success(data: .array(sockets.filter { $0.account == id }.map(description)))
        case let path where path.first == "websockets":
            // Recorded for any single socket, whether it lives or not.
            return .failure(500, "init failed", data: nil, isAuthenticated: true)
        default:
            return .failure(404, "not found", data: ["message": "not found"], isAuthenticated: true)
        }
    }

    private static func document(of account: SimulatedAccount, in directory: Directory) -> JSONValue {
        [
            "name": .string(account.name), "realm": .string(account.realm), "timezone": "Europe/Berlin",
            "language": "en-us", "id": .string(account.id), "wnm_allow_additions": false,
            "superduper_admin": .bool(account.isSuperduperAdmin), "created": 63_800_000_000, "enabled": true,
            "reseller_id": .string(reseller(of: account, in: directory)), "is_reseller": .bool(account.parent == nil),
            "billing_mode": "normal",
        ]
    }

    private func description(of session: BlackholeSession) -> JSONValue {
        [
            "bindings": .array(session.subscriptions.entries.map { .string($0.clientKey) }),
            "websocket_session_id": .string(session.name),
            "timestamp": .number(String(session.opened.gregorianSeconds)),
            "destination": .string(
                session.id.node == 0 ? "kazoo.example.com" : "kazoo\(session.id.node + 1).example.com"),
            "source": .string(session.address),
        ]
    }

    /// A page of accounts, which come by name, the last first. A page ends with the key of the next, which is Erlang's
    /// external form of the account and the name to go on with.
    private mutating func list(
        _ listing: [SimulatedAccount], of id: String, request: CrossbarRequest,
        detail: (SimulatedAccount) -> JSONValue.Member
    ) -> Answer {
        var accounts = listing[...]
        var paging: [JSONValue.Member] = []
        if request.parameter("paginate") != "false" {
            let size = request.parameter("page_size").flatMap { Int($0) } ?? 50
            // Before every name comes the highest key there is.
            let start = request.parameter("start_key") ?? PageKey(account: id, name: "\u{FFF0}").text
            if let first = PageKey(start)?.name { accounts = accounts[Self.start(of: first, in: listing)...] }
            let next = accounts.dropFirst(max(size, 1)).first
            accounts = accounts.prefix(max(size, 1))
            if let next {
                let key = PageKey(account: id, name: next.name).text
                paging.append(.init("next_start_key", .string(key)))
            }
            paging += [
                .init("page_size", .number(String(accounts.count))),
                .init("start_key", .string(start)),
            ]
        }
        let data = accounts.map { account in
            JSONValue.object([
                .init("id", .string(account.id)),
                .init("name", .string(account.name)),
                .init("realm", .string(account.realm)),
                detail(account),
                .init("flags", []),
            ])
        }
        return .success(paging: paging, data: .array(data), revision: data.isEmpty ? nil : random.hex(32))
    }

    /// Where a page that begins with a name begins, found by halving: a page is asked for again and again.
    private static func start(of name: String, in listing: [SimulatedAccount]) -> Int {
        var range = listing.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = listing[middle].name <= name ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
