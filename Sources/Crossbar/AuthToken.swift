import Events
public import Secrets

/// The token that Crossbar gives at login: what REST requests and blackhole's first command present.
///
/// Kazoo's tokens are JSON Web Tokens (RFC 7519) whose claims are readable; the signature is the server's business.
public struct AuthToken: Hashable, Sendable {
    /// The token itself.
    public let value: Secret
    /// When the token ends, in seconds since the Unix epoch; `nil` when the token does not say.
    public let expiry: Int?
    /// The account of the token; `nil` when the token does not say.
    public let accountID: String?

    /// Reads the claims of a token; any other text is a token without claims.
    public init(_ text: String) {
        value = Secret(text)
        let claims = Self.claims(of: text)
        expiry = claims?["exp"]?.int
        accountID = claims?["account_id"]?.string
    }

    private static func claims(of text: String) -> JSONValue? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = decodeBase64URL(parts[1]) else { return nil }
        return try? payload.withUnsafeBytes { try JSONValue(parsing: $0) }
    }

    /// Decodes base64url without padding (RFC 4648 section 5).
    private static func decodeBase64URL(_ text: Substring) -> [UInt8]? {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "-"), UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "_"), UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="): continue
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }
}
