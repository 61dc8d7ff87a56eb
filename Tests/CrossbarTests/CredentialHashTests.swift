import Crossbar
import Secrets
import Testing

@Suite struct CredentialHashTests {
    /// What a real Kazoo accepted.
    @Test(arguments: [
        (CredentialHash.Method.md5, "2d1e4f91dae49cd08eaba2293e422273", "md5"),
        (.sha1, "7efaf6701fdf8c6780897f20d5a1a1526dd92029", "sha"),
    ])
    func recorded(_ method: CredentialHash.Method, _ digest: String, _ kazooName: String) throws {
        let hash = try CredentialHash(username: "admin", password: Secret("secret"), method: method)
        #expect(hash.value.reveal() == digest)
        #expect(hash.method.kazooName == kazooName)
        #expect(try CredentialHash(parsing: digest) == hash)
    }

    /// Kazoo hashes the user name in lower case, so `Admin` must not give the hash that the recording shows refused.
    @Test func userNameIsLowerCased() throws {
        let hash = try CredentialHash(username: "ADMIN", password: Secret("secret"), method: .md5)
        #expect(hash.value.reveal() == "2d1e4f91dae49cd08eaba2293e422273")
        #expect(hash.value.reveal() != "54b5251f31371d5ddcb8260554df0b3a")
    }

    @Test func passwordIsNotLowerCased() throws {
        let small = try CredentialHash(username: "admin", password: Secret("secret"), method: .sha1)
        let capital = try CredentialHash(username: "admin", password: Secret("Secret"), method: .sha1)
        #expect(small != capital)
    }

    /// Kazoo lower-cases bytes of UTF-8; `printf 'änne:pässwort' | md5sum` is the reference.
    @Test func textIsUTF8() throws {
        let hash = try CredentialHash(username: "änne", password: Secret("pässwort"), method: .md5)
        #expect(hash.value.reveal() == "f5faa8a7b4957361e22c75440f204839")
    }

    /// Kazoo answers 401 to upper-case digits (recorded), so they are lower-cased before they are sent.
    @Test func readyHashIsLowerCased() throws {
        let hash = try CredentialHash(parsing: "2D1E4F91DAE49CD08EABA2293E422273")
        #expect(hash.value.reveal() == "2d1e4f91dae49cd08eaba2293e422273")
        #expect(hash.method == .md5)
        #expect(try CredentialHash(parsing: String(repeating: "A", count: 40)).method == .sha1)
    }

    @Test(arguments: [
        ("", "0 characters"),
        ("secret", "6 characters"),
        (String(repeating: "a", count: 31), "31 characters"),
        (String(repeating: "a", count: 64), "64 characters"),
        (String(repeating: "g", count: 32), "32 characters"),
        (String(repeating: "a", count: 31) + " ", "32 characters"),
        (String(repeating: "ä", count: 16), "16 characters"),
    ])
    func wrongHashSaysWhatToDo(_ text: String, _ length: String) {
        let error = #expect(throws: CredentialHash.ParseError.self) { try CredentialHash(parsing: text) }
        let words = error?.description ?? ""
        #expect(words.contains(length))
        #expect(words.contains("32 (MD5) or 40 (SHA-1) hexadecimal digits"))
        #expect(words.contains("kazoo-subscribe hash"))
        #expect(text.isEmpty || !words.contains(text), "it may be the password: \(words)")
    }

    @Test func showsNothing() throws {
        let hash = try CredentialHash(username: "admin", password: Secret("secret"), method: .md5)
        var dumped = ""
        dump(hash, to: &dumped)
        for text in ["\(hash)", String(reflecting: hash), dumped] {
            #expect(!text.contains("2d1e4f91"))
        }
    }
}
