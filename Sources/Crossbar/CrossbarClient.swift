import Events
public import Network
import Secrets
public import Threads

/// Kazoo's REST API: login, accounts, and what can be subscribed to.
///
/// Blocks while it waits for the server; belongs to one thread.
public struct CrossbarClient: ~Copyable {
    /// The address of Crossbar, without `/v2`.
    public let server: ServerURL
    private let http: HTTPClient

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - server: Crossbar's address, such as `http://kazoo.example.com:8000`; a trailing `/v2` may stand or not.
    ///   - interruption: ends a request when raised.
    public init(
        server: ServerURL, options: NetworkOptions, interruption: Interruption
    ) throws(NetworkError) {
        var server = server
        if server.path.hasSuffix("/v2") { server.path.removeLast(3) }
        if server.path.isEmpty { server.path = "/" }
        self.server = server
        http = try HTTPClient(options: options, interruption: interruption)
    }

    /// Logs in: `PUT /v2/user_auth` or `PUT /v2/api_auth`.
    public func login(_ credentials: Credentials) throws(CrossbarError) -> Login {
        let (path, data) = credentials.request
        let answer = try send(
            HTTPRequest(
                method: "PUT", url: server.appending(path: path),
                headers: [HTTPHeader(name: "Content-Type", value: "application/json"), Self.accept],
                body: Array((["data": data] as JSONValue).json.utf8)))
        return try Login(answer, from: server, with: credentials)
    }

    /// The binding templates of each family that the cluster offers: `GET /v2/websockets`, which needs no login.
    ///
    /// - Returns: families with their templates, in the server's order.
    public func bindingTemplates() throws(CrossbarError) -> [(family: String, templates: [String])] {
        let answer = try get("/v2/websockets", token: nil)
        return (answer.data?.members ?? []).map { family in
            (family.key, (family.value.array ?? []).compactMap(\.string))
        }
    }

    /// Every account below an account: `GET /v2/accounts/{id}/descendants`, page by page.
    ///
    /// - Returns: account ids, in the server's order.
    public func descendants(of account: String, token: AuthToken) throws(CrossbarError) -> [String] {
        var ids: [String] = []
        var query = "page_size=\(Self.pageSize)"
        var last: String?
        while true {
            let answer = try get("/v2/accounts/\(account)/descendants", query: query, token: token)
            ids += (answer.data?.array ?? []).compactMap { $0["id"]?.string }
            // The same page again and again would never end.
            guard let next = answer.envelope?["next_start_key"]?.string, !next.isEmpty, next != last else { return ids }
            last = next
            query = "page_size=\(Self.pageSize)&start_key=\(next)"
        }
    }

    /// How many accounts one request asks for.
    private static let pageSize = 500

    private static let accept = HTTPHeader(name: "Accept", value: "application/json")

    private func get(_ path: String, query: String? = nil, token: AuthToken?) throws(CrossbarError) -> CrossbarAnswer {
        var headers = [Self.accept]
        if let token { headers.append(HTTPHeader(name: "X-Auth-Token", value: token.value.reveal())) }
        let answer = try send(
            HTTPRequest(method: "GET", url: server.appending(path: path, query: query), headers: headers))
        guard answer.isSuccess else { throw CrossbarError(answer, from: server, at: .request(path)) }
        return answer
    }

    private func send(_ request: HTTPRequest) throws(CrossbarError) -> CrossbarAnswer {
        do {
            return CrossbarAnswer(try http.send(request))
        } catch {
            throw CrossbarError(code: .network, message: error.description, network: error)
        }
    }
}

extension Credentials {
    /// The path of the login, and the `data` of its body.
    var request: (path: String, data: JSONValue) {
        switch self {
        case .user(let hash, let account):
            (
                "/v2/user_auth",
                [
                    "credentials": .string(hash.value.reveal()),
                    "method": .string(hash.method.kazooName),
                    account.field.key: .string(account.field.value),
                ]
            )
        case .apiKey(let key):
            ("/v2/api_auth", ["api_key": .string(key.reveal())])
        }
    }
}
