import Events
import FoundationEssentials

/// The auth tokens that were handed out. They look like Kazoo's JSONValue web tokens, with a readable `exp`, and are unsigned.
struct TokenTable: Sendable {
    /// Whose token it is.
    struct Grant: Equatable, Sendable {
        var account: String
        var owner: String?
        var expires: SimulatorInstant
    }

    /// What a token is worth.
    enum Verdict: Equatable, Sendable {
        case valid(Grant)
        case expired
        case unknown
        /// Shaped like a token but unreadable; Kazoo's validation crashes on it.
        case unreadable
    }

    private var grants: [String: Grant] = [:]

    /// Hands out a token.
    mutating func issue(
        account: String, owner: String?, method: String, lifetime: Duration, now: SimulatorInstant,
        random: inout RandomSource
    ) -> String {
        let expires = now.advanced(by: lifetime)
        let header: JSONValue = ["alg": "RS256", "typ": "JWT", "kid": .string(random.hex(32))]
        var claims: [JSONValue.Member] = [
            .init("iss", "kazoo"),
            .init("identity_sig", .string(Self.base64URL(Array(random.hex(32).utf8)))),
            .init("account_id", .string(account)),
        ]
        if let owner { claims.append(.init("owner_id", .string(owner))) }
        claims += [
            .init("method", .string(method)),
            .init("exp", .number(String(expires.unixSeconds))),
        ]
        let parts = [header.json, JSONValue.object(claims).json].map { Self.base64URL(Array($0.utf8)) }
        let signature = Self.base64URL(Array(random.hex(256).utf8))
        let token = (parts + [signature]).joined(separator: ".")
        grants[token] = Grant(account: account, owner: owner, expires: expires)
        return token
    }

    /// Accepts a token that was issued elsewhere.
    mutating func accept(_ token: String, grant: Grant) {
        grants[token] = grant
    }

    /// Every token handed out so far ends now.
    mutating func expireAll(now: SimulatorInstant) {
        for token in grants.keys { grants[token]?.expires = now }
    }

    /// Every token handed out so far ends later.
    mutating func prolongAll(by duration: Duration) {
        for (token, grant) in grants { grants[token]?.expires = grant.expires.advanced(by: duration) }
    }

    /// What the token is worth now.
    func verdict(on token: String, now: SimulatorInstant) -> Verdict {
        if let grant = grants[token] { return grant.expires > now ? .valid(grant) : .expired }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return .unknown }
        let isReadable = Self.decodeBase64URL(parts[0]).flatMap(JSONValue.init(reading:)) != nil
        return isReadable ? .unknown : .unreadable
    }

    /// Base 64 with `-` and `_`, without padding (RFC 4648 section 5).
    static func base64URL(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString()
        return String(text.compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }

    /// The bytes of ``base64URL(_:)``.
    static func decodeBase64URL(_ text: some StringProtocol) -> [UInt8]? {
        var plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while !plain.utf8.count.isMultiple(of: 4) { plain += "=" }
        return Data(base64Encoded: plain).map(Array.init)
    }
}
