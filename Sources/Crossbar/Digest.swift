import COpenSSL

/// Message digests, by libcrypto.
public enum Digest {
    /// The SHA-1 digest: what RFC 6455 section 4.2.2 asks of a WebSocket handshake.
    @Sendable public static func sha1(_ message: [UInt8]) -> [UInt8] {
        guard let digest = digest(message, EVP_sha1()) else { preconditionFailure("libcrypto has no SHA-1") }
        return digest
    }

    /// The digest of a text, in lower-case hexadecimal; `nil` where libcrypto is configured to refuse it.
    static func hexadecimal(of text: String, method: CredentialHash.Method) -> String? {
        let digits = Array("0123456789abcdef".utf8)
        return digest(Array(text.utf8), method == .md5 ? EVP_md5() : EVP_sha1()).map { bytes in
            String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    private static func digest(_ message: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8]? {
        var length: UInt32 = 0
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        guard EVP_Digest(message, message.count, &result, &length, algorithm, nil) == 1 else { return nil }
        return Array(result.prefix(Int(length)))
    }
}
