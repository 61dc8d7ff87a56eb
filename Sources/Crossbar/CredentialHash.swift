import COpenSSL
public import Secrets

/// Kazoo's credential: the hash of `username:password`, which is all that the server stores and compares.
///
/// The user name is lower-cased first and the digest is written in lower-case hexadecimal, as
/// `crossbar/src/modules/cb_user_auth.erl` expects.
public struct CredentialHash: Hashable, Sendable {
    /// Which digest was taken.
    public enum Method: String, CaseIterable, Sendable {
        case md5
        case sha1

        /// Kazoo's own name for it, the value of `method`.
        public var kazooName: String { self == .md5 ? "md5" : "sha" }

        /// The number of hexadecimal digits.
        var length: Int { self == .md5 ? 32 : 40 }
    }

    /// Why there is no credential hash.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, without the text itself.
        public let description: String
    }

    /// Which digest was taken.
    public let method: Method
    /// The digest in lower-case hexadecimal.
    public let value: Secret

    /// Hashes a user name and a password.
    ///
    /// - Throws: where libcrypto is configured to refuse the digest, as FIPS does with MD5.
    public init(username: String, password: Secret, method: Method) throws(ParseError) {
        let text = "\(username.lowercased()):\(password.reveal())"
        guard let digest = Digest.hexadecimal(of: text, method: method) else {
            throw ParseError(description: "this machine's OpenSSL refuses \(method.rawValue); use another --hash")
        }
        self.method = method
        value = Secret(digest)
    }

    /// Takes a ready hash; its length tells the digest.
    public init(parsing text: String) throws(ParseError) {
        let digits = text.lowercased()
        guard let method = Method.allCases.first(where: { $0.length == digits.utf8.count }),
            digits.utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            })
        else {
            throw ParseError(
                description:
                    "a credential hash has 32 (MD5) or 40 (SHA-1) hexadecimal digits, this has \(digits.count) characters"
                    + "; `kazoo-subscribe hash` makes one")
        }
        self.method = method
        value = Secret(digits)
    }
}
