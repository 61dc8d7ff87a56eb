import Events

/// Kazoo's REST API, as far as a subscriber needs it: request in, response out, without IO.
///
/// Facts from recordings of real Crossbar and from `crossbar/src/modules/cb_{user_auth,api_auth,accounts,websockets}.erl`.
struct Crossbar: Sendable {
    let flavour: KazooFlavour
    let tokenLifetime: Duration
    let loginCost: Int
    private let node: String
    private var buckets: [String: TokenBucket] = [:]
    var random: RandomSource

    init(flavour: KazooFlavour, tokenLifetime: Duration, loginCost: Int, seed: UInt64) {
        self.flavour = flavour
        self.tokenLifetime = tokenLifetime
        self.loginCost = loginCost
        random = RandomSource(seed: seed)
        node = TokenTable.base64URL(Array(random.hex(16).utf8))
    }

    /// What an answer says besides its envelope.
    struct Answer: Equatable {
        var status: Int
        /// The members before `version`: the paging.
        var paging: [JSONValue.Member] = []
        var data: JSONValue?
        /// `error` and `message`, or the `revision`.
        var closing: [JSONValue.Member] = []
        /// Whether the request was authenticated, which is when an answer tells the version.
        var isAuthenticated = true
        /// The token that the answer shows; by default the one that the request carried.
        var token: String?
        var headers: [CannedAnswer.Header] = []

        static func success(
            _ status: Int = 200, paging: [JSONValue.Member] = [], data: JSONValue, revision: String? = nil
        ) -> Answer {
            let closing = revision.map { [JSONValue.Member("revision", .string($0))] } ?? []
            return Answer(status: status, paging: paging, data: data, closing: closing)
        }

        static func failure(
            _ status: Int, _ message: String, data: JSONValue?, isAuthenticated: Bool = false
        ) -> Answer {
            Answer(
                status: status, data: data,
                closing: [
                    .init("error", .string(String(status))),
                    .init("message", .string(message)),
                ], isAuthenticated: isAuthenticated)
        }
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - records: The accounts, and the auth tokens, which the event servers honour too.
    ///   - sockets: The live sessions of the event servers.
    mutating func respond(
        to request: CrossbarRequest, now: SimulatorInstant, records: inout ClusterRecords, sockets: [BlackholeSession]
    ) -> CrossbarResponse {
        let cost = request.isLogin ? loginCost : 1
        var bucket = buckets[request.address] ?? TokenBucket(capacity: 100, perSecond: 10, now: now)
        let isWithinLimit = bucket.consume(cost, now: now)
        buckets[request.address] = bucket
        let answer =
            isWithinLimit
            ? route(request, now: now, records: &records, sockets: sockets)
            : .failure(429, "too_many_requests", data: ["message": "too many requests"])
        let charge = Charge(consumed: cost, remaining: isWithinLimit ? bucket.remaining : 0)
        return envelope(answer, of: request, charge: charge, now: now)
    }

    private struct Charge {
        var consumed: Int
        var remaining: Int
    }

    private mutating func route(
        _ request: CrossbarRequest, now: SimulatorInstant, records: inout ClusterRecords, sockets: [BlackholeSession]
    ) -> Answer {
        let path = request.path
        guard path.first == "v2", path.count >= 2 else {
            return .failure(404, "not found", data: ["message": "not found"])
        }
        switch (path[1], path.count) {
        case ("user_auth", 2), ("api_auth", 2):
            guard request.method == "PUT" else { return Self.methodNotAllowed }
            return path[1] == "user_auth"
                ? logInUser(request, now: now, records: &records) : logInKey(request, now: now, records: &records)
        case ("websockets", 2):
            guard request.method == "GET" else { return Self.methodNotAllowed }
            var answer = Answer.success(data: BindingCatalogue.offered(by: flavour))
            answer.isAuthenticated = false
            return answer
        default:
            return authenticated(request, now: now, records: &records, sockets: sockets)
        }
    }

    private mutating func authenticated(
        _ request: CrossbarRequest, now: SimulatorInstant, records: inout ClusterRecords, sockets: [BlackholeSession]
    ) -> Answer {
        guard let token = Self.token(of: request) else { return Self.unauthorized }
        switch records.tokens.verdict(on: token, now: now) {
        case .valid(let grant):
            let path = request.path
            if path[1] == "user_auth" {
                return .failure(403, "forbidden", data: ["message": "forbidden"], isAuthenticated: true)
            }
            guard path[1] == "accounts", path.count >= 3 else {
                return .failure(404, "not found", data: ["message": "not found"], isAuthenticated: true)
            }
            return account(
                path[2], rest: path.dropFirst(3), request: request, grant: grant, directory: &records.directory,
                sockets: sockets)
        case .expired:
            return .failure(401, "invalid credentials", data: .object([]))
        case .unknown, .unreadable:
            return Self.unauthorized
        }
    }

    static let unauthorized = Answer.failure(
        401, "invalid_credentials", data: ["message": "invalid credentials"])
    static let methodNotAllowed = Answer.failure(405, "invalid_method", data: ["message": "method not allowed"])

    /// The token of a request: a header, or a parameter of the query. 4.x does not read `Authorization: Bearer` as one,
    /// though it echoes what it finds there.
    private static func token(of request: CrossbarRequest) -> String? {
        request.headers["x-auth-token"] ?? request.parameter("auth_token")
    }

    private static func echoedToken(of request: CrossbarRequest) -> String? {
        if let token = token(of: request) { return token }
        guard let value = request.headers["authorization"], value.hasPrefix("Bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    private mutating func envelope(
        _ answer: Answer, of request: CrossbarRequest, charge: Charge, now: SimulatorInstant
    ) -> CrossbarResponse {
        let requestID = random.hex(32)
        var members = answer.paging
        if answer.isAuthenticated { members.append(.init("version", .string(flavour.version))) }
        members += [
            .init("timestamp", .string(CivilDate(unixSeconds: now.unixSeconds).iso8601)),
            .init("node", .string(node)),
            .init("request_id", .string(requestID)),
            .init(
                "tokens",
                [
                    "consumed": .number(String(charge.consumed)), "remaining": .number(String(charge.remaining)),
                ]),
        ]
        if let token = answer.token ?? Self.echoedToken(of: request) {
            members.append(.init("auth_token", .string(token)))
        }
        if let data = answer.data { members.append(.init("data", data)) }
        members += answer.closing
        members.append(.init("status", answer.status < 400 ? "success" : "error"))
        var headers = answer.headers
        headers.append(.init(name: "x-request-id", value: requestID))
        if answer.status >= 400 { headers.append(.init(name: "access-control-allow-origin", value: "*")) }
        return CrossbarResponse(status: answer.status, headers: headers, body: .object(members))
    }

    /// The answer of a crash: a body that says nothing.
    mutating func crash(on request: CrossbarRequest, now: SimulatorInstant) -> CrossbarResponse {
        let answer = Answer.failure(500, "init failed", data: nil, isAuthenticated: Self.token(of: request) != nil)
        return envelope(answer, of: request, charge: Charge(consumed: 1, remaining: 100), now: now)
    }

    /// The answer to a client whose credentials or token are not known.
    mutating func refuse(_ request: CrossbarRequest, now: SimulatorInstant) -> CrossbarResponse {
        envelope(Self.unauthorized, of: request, charge: Charge(consumed: 1, remaining: 100), now: now)
    }

    /// The answer to a client whose bucket is empty.
    mutating func refuseForRate(_ request: CrossbarRequest, now: SimulatorInstant) -> CrossbarResponse {
        let answer = Answer.failure(429, "too_many_requests", data: ["message": "too many requests"])
        return envelope(answer, of: request, charge: Charge(consumed: loginCost, remaining: 0), now: now)
    }
}
