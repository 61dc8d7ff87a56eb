import Events

extension Crossbar {
    /// `PUT /v2/user_auth`: a hash of user name and password, and which account it is for.
    mutating func logInUser(
        _ request: CrossbarRequest, now: SimulatorInstant, records: inout ClusterRecords
    ) -> Answer {
        let data: JSONValue
        switch Self.data(of: request) {
        case .success(let read): data = read
        case .failure(let invalid): return invalid.answer
        }
        guard let credentials = data["credentials"]?.string else {
            return Self.invalid("credentials", "required", Self.missing(value: "credentials"))
        }
        let method = data["method"]?.string ?? "md5"
        guard ["md5", "sha"].contains(method) else {
            let problem: JSONValue = [
                "message": "Value not found in enumerated list of values", "target": ["md5", "sha"],
                "value": .string(method),
            ]
            return Self.invalid("method", "enum", problem)
        }
        guard let account = Self.account(named: data, in: records.directory) else { return Self.unauthorized }
        let user = records.directory.users.first {
            $0.account == account.id && (method == "md5" ? $0.md5 : $0.sha1) == credentials
        }
        guard let user else {
            var refusal = Self.unauthorized
            refusal.paging = [.init("page_size", 0)]
            return refusal
        }
        return logIn(account, owner: user.id, module: "user_auth", now: now, records: &records)
    }

    /// `PUT /v2/api_auth`: an account's own key.
    mutating func logInKey(
        _ request: CrossbarRequest, now: SimulatorInstant, records: inout ClusterRecords
    ) -> Answer {
        let data: JSONValue
        switch Self.data(of: request) {
        case .success(let read): data = read
        case .failure(let invalid): return invalid.answer
        }
        guard let key = data["api_key"]?.string else {
            return Self.invalid("api_key", "required", Self.missing(value: "api_key"))
        }
        if let extra = data.members?.map(\.key).first(where: { $0 != "api_key" }) {
            let problem: JSONValue = [
                "message": "Strict checking of data is enabled; only include schema-defined properties", "value": data,
            ]
            return Self.invalid(extra, "additionalProperties", problem)
        }
        guard key.utf8.count >= 64 else {
            let problem: JSONValue = [
                "message": "String must be at least 64 characters", "target": 64, "cause": .string(key),
                "value": .string(key),
            ]
            return Self.invalid("api_key", "minLength", problem)
        }
        guard let account = records.directory.account(apiKey: key) else {
            var unknown = Answer.failure(404, "bad identifier", data: [.string(key)])
            unknown.paging = [.init("page_size", 0)]
            return unknown
        }
        return logIn(account, owner: nil, module: "api_auth", now: now, records: &records)
    }

    private static func account(named data: JSONValue, in directory: Directory) -> SimulatedAccount? {
        if let realm = data["account_realm"]?.string { return directory.account(realm: realm) }
        if let name = data["account_name"]?.string { return directory.account(name: name) }
        if let number = data["phone_number"]?.string { return directory.account(phoneNumber: number) }
        return nil
    }

    private mutating func logIn(
        _ account: SimulatedAccount, owner: String?, module: String, now: SimulatorInstant,
        records: inout ClusterRecords
    ) -> Answer {
        let token = records.tokens.issue(
            account: account.id, owner: owner, method: "cb_\(module)", lifetime: tokenLifetime, now: now,
            random: &random)
        var data: [JSONValue.Member] = owner.map { [.init("owner_id", .string($0))] } ?? []
        data += [
            .init("account_id", .string(account.id)),
            .init("ui_config", .object([])),
            .init("capabilities", ["voicemail": ["transcription": ["default": false, "available": false]]]),
            .init("is_master_account", .bool(account.parent == nil)),
            .init("is_reseller", .bool(account.parent == nil)),
            .init("reseller_id", .string(Self.reseller(of: account, in: records.directory))),
            .init("cluster_id", "0aa2ba4f84db2f1973d3c344a5abd4f8"),
            .init("account_name", .string(account.name)),
            .init("language", "en-us"),
            .init("apps", []),
        ]
        var answer = Answer.success(
            201, paging: [.init("page_size", 1)], data: .object(data), revision: "automatic")
        answer.token = token
        answer.headers = [.init(name: "location", value: "/v2/\(module)/\(owner ?? account.id)")]
        return answer
    }

    /// The nearest account above that resells: here always the master.
    static func reseller(of account: SimulatedAccount, in directory: Directory) -> String {
        directory.tree(of: account.id).first ?? account.id
    }

    // MARK: Validation

    private struct Invalid: Error {
        var answer: Answer
    }

    private static func data(of request: CrossbarRequest) -> Result<JSONValue, Invalid> {
        let type = request.headers["content-type"] ?? "application/json"
        if request.body.isEmpty || !type.hasPrefix("application/json") { return .success(.object([])) }
        guard let body = JSONValue(reading: request.body) else {
            let problem: JSONValue = ["message": "decoder_exit around 0", "target": "body"]
            return .failure(Invalid(answer: invalid("json", "invalid", problem)))
        }
        guard let data = body["data"] else {
            return .failure(Invalid(answer: invalid("data", "required", missing(value: body))))
        }
        return .success(data)
    }

    private static func missing(value: JSONValue) -> JSONValue {
        ["message": "Field is required but missing", "value": value]
    }

    private static func invalid(_ field: String, _ rule: String, _ problem: JSONValue) -> Answer {
        let member = JSONValue.Member(field, .object([.init(rule, problem)]))
        return .failure(400, "validation error", data: .object([member]))
    }
}
