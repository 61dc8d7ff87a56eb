/// The HTTP request with which a client asks for a WebSocket.
struct UpgradeRequest: Equatable, Sendable {
    /// The headers, names in lower case.
    var headers: [String: String]
    /// How many sessions the client's address has already.
    var sessionsOfAddress = 0
    /// How many it may have; `nil` for any number.
    var maximumConnectionsPerAddress: Int?
}

/// Whether Kazoo lets a client in.
enum UpgradeDecision: Equatable, Sendable {
    /// 101; the account when a header has authenticated the session already.
    case accept(account: String?)
    /// Another answer; Kazoo's own have an empty body.
    case refuse(CannedAnswer)
    case hangUp
    case hang

    static func refuse(status: Int) -> UpgradeDecision { .refuse(CannedAnswer(status: status)) }

    /// The upgrade fails on purpose.
    init(_ failure: Hazards.RequestFailure) {
        self =
            switch failure {
            case .unauthorized: .refuse(status: 401)
            case .tooManyRequests: .refuse(status: 429)
            case .internalError, .bareInternalError: .refuse(status: 500)
            case .answer(let answer): .refuse(answer)
            case .hangUp: .hangUp
            case .hang: .hang
            }
    }
}

/// Kazoo's checks before a WebSocket opens, in its order. The path is never looked at.
///
/// Facts from `blackhole_socket_handler.erl`, recordings, and Cowboy, which takes versions 7, 8 and 13 of the protocol.
struct UpgradeGate: Sendable {
    let flavour: KazooFlavour

    func decide(on request: UpgradeRequest, tokens: TokenTable, now: SimulatorInstant) -> UpgradeDecision {
        // Any sub-protocol, and even an empty header, is refused.
        if request.headers["sec-websocket-protocol"] != nil { return .refuse(status: 400) }
        if let maximum = request.maximumConnectionsPerAddress, request.sessionsOfAddress >= maximum {
            return .refuse(status: 429)
        }
        var account: String?
        if flavour == .v5, let authorization = request.headers["authorization"] {
            switch verdict(on: authorization, tokens: tokens, now: now) {
            case .success(let found): account = found
            case .failure(let refusal): return .refuse(status: refusal.status)
            }
        }
        guard request.headers["connection"]?.lowercased().contains("upgrade") == true,
            request.headers["upgrade"]?.lowercased() == "websocket"
        else {
            let wanted = [("connection", "upgrade"), ("upgrade", "websocket")].map(CannedAnswer.Header.init)
            return .refuse(CannedAnswer(status: 426, headers: wanted))
        }
        guard request.headers["sec-websocket-key"] != nil,
            ["7", "8", "13"].contains(request.headers["sec-websocket-version"])
        else { return .refuse(status: 400) }
        return .accept(account: account)
    }

    private struct Refusal: Error {
        var status: Int
    }

    /// 5 reads `Authorization` and stumbles over what is no bearer token.
    private func verdict(
        on authorization: String, tokens: TokenTable, now: SimulatorInstant
    ) -> Result<String, Refusal> {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return .failure(Refusal(status: 400)) }
        guard parts[0].lowercased() == "bearer" else { return .failure(Refusal(status: 500)) }
        guard case .valid(let grant) = tokens.verdict(on: String(parts[1]), now: now) else {
            return .failure(Refusal(status: 403))
        }
        return .success(grant.account)
    }
}
