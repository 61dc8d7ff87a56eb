import ArgumentParser
import Crossbar
import Glibc
import Logging
import Network
import Secrets
import Subscriber
import Testing

@testable import SubscribeCommands

/// Flags over environment over nothing.
@Suite struct ConnectionOptionsTests {
    private func resolve(_ arguments: [String], _ variables: [String: String] = [:]) throws -> SessionConfiguration {
        let options = try ConnectionOptions.parse(arguments)
        return try Environment.$substitute.withValue(variables) {
            try options.resolve(
                wanted: [], policy: .oneShot, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    private func refusal(_ arguments: [String], _ variables: [String: String] = [:]) throws -> UsageError {
        try #require(throws: UsageError.self, performing: { try resolve(arguments, variables) })
    }

    private func credentials(_ configuration: SessionConfiguration) throws -> Credentials {
        guard case .login(let credentials) = configuration.authentication else {
            Issue.record("a token instead of a login")
            throw UsageError("no login")
        }
        return try credentials()
    }

    /// A file that only its owner can read, for as long as `body` takes.
    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        var path = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        let name = path.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        defer { unlink(name) }
        let count = write(descriptor, text, text.utf8.count)
        close(descriptor)
        try #require(count == text.utf8.count)
        return try body(name)
    }

    private static let server = ["--server", "http://kazoo:8000"]

    @Test func noServer() throws {
        let error = try refusal([])
        #expect(error.exitCode == 64)
        #expect(error.description.contains("--server"))
        #expect(error.description.contains("kazoo-subscribe demo"))
    }

    @Test(arguments: [
        ([], "nobody to log in as: give --username and --account-name, or --api-key-file, or --token-file"),
        (["--token-file", "a", "--username", "u"], "--token-file: --username and --token-file exclude each other"),
        (
            ["--token-file", "a", "--api-key-file", "b"],
            "--token-file: --api-key-file and --token-file exclude each other"
        ),
        (["--websocket", "http://kazoo"], "--websocket: the scheme “http” cannot be used here"),
        (["--server", "kazoo:8000"], "--server: “kazoo:8000” has no scheme"),
    ])
    func missingOrWrong(_ arguments: [String], _ words: String) throws {
        let error = try refusal(Self.server + arguments)
        #expect(error.description.hasPrefix(words), "\(error)")
        #expect(error.exitCode == 64)
    }

    @Test(arguments: [
        ([], "which account does the user belong to?"),
        (
            ["--account-name", "a", "--account-realm", "b"],
            "--account-realm: --account-name and --account-realm exclude each other; give one of them"
        ),
    ])
    func account(_ arguments: [String], _ words: String) throws {
        let error = try refusal(
            Self.server + ["--username", "u"] + arguments, ["KAZOO_SUBSCRIBE_PASSWORD": "secret"])
        #expect(error.description.hasPrefix(words), "\(error)")
    }

    @Test func certificateWithoutKey() throws {
        let error = try refusal(
            Self.server + ["--username", "admin", "--account-name", "Acme", "--cert", "c.pem"],
            ["KAZOO_SUBSCRIBE_PASSWORD": "secret"])
        #expect(error.description == "--cert: --cert and --key belong together; give both")
    }

    @Test func everythingFromTheEnvironment() throws {
        let configuration = try resolve(
            [],
            [
                "KAZOO_SUBSCRIBE_SERVER": "https://kazoo:8443", "KAZOO_SUBSCRIBE_WEBSOCKET": "wss://kazoo:7777",
                "KAZOO_SUBSCRIBE_USERNAME": "Admin", "KAZOO_SUBSCRIBE_PASSWORD": "secret",
                "KAZOO_SUBSCRIBE_ACCOUNT_REALM": "acme.sip.example.com", "KAZOO_SUBSCRIBE_HASH": "md5",
                "SSL_CERT_FILE": "/ca.pem",
            ])
        #expect(configuration.server.description == "https://kazoo:8443")
        #expect(configuration.websockets.map(\.description) == ["wss://kazoo:7777"])
        let hash = try CredentialHash(parsing: "2d1e4f91dae49cd08eaba2293e422273")
        #expect(try credentials(configuration) == .user(hash, account: .realm("acme.sip.example.com")))
        #expect(configuration.network.authorities == "/ca.pem")
    }

    @Test func everythingFromAFile() throws {
        let text = """
            kazoo:
              server: https://kazoo:8443
              websocket: [wss://a:7777, wss://b:7777]
              username: Admin
              account_realm: acme.sip.example.com
              hash: md5
              redundancy: 2
              renew: 5m
            consumers:
              - {name: nobody, type: asks}
            """
        try withFile(text) { file in
            let configuration = try resolve(["--config", file], ["KAZOO_SUBSCRIBE_PASSWORD": "secret"])
            #expect(configuration.server.description == "https://kazoo:8443")
            #expect(configuration.websockets.map(\.description) == ["wss://a:7777", "wss://b:7777"])
            let hash = try CredentialHash(parsing: "2d1e4f91dae49cd08eaba2293e422273")
            #expect(try credentials(configuration) == .user(hash, account: .realm("acme.sip.example.com")))
            #expect(configuration.policy.redundancy == 2)
            #expect(configuration.policy.renewalInterval == .seconds(300))
            // The environment goes over it, and a flag over both.
            let other = try resolve(
                ["--config", file, "--websocket", "ws://c"],
                ["KAZOO_SUBSCRIBE_PASSWORD": "secret", "KAZOO_SUBSCRIBE_SERVER": "https://other"])
            #expect(other.server.description == "https://other:443")
            #expect(other.websockets.map(\.description) == ["ws://c:80"])
        }
    }

    @Test func aWrongFileNamesThePlace() throws {
        try withFile("kazoo:\n  server: https://kazoo:8443\n  usrename: admin\n") { file in
            let error = try refusal(["--config", file])
            #expect(error.exitCode == 78)
            #expect(
                error.description.contains("\(file):3:3: unknown key “usrename” (did you mean “username”?)"), "\(error)"
            )
        }
        let missing = try refusal(["--config", "/nonexistent.yaml"])
        #expect(missing.exitCode == 78)
        #expect(missing.description.contains("/nonexistent.yaml: No such file or directory"), "\(missing)")
    }

    @Test func flagsGoOverTheEnvironment() throws {
        let environment = [
            "KAZOO_SUBSCRIBE_SERVER": "https://other:1", "KAZOO_SUBSCRIBE_USERNAME": "other",
            "KAZOO_SUBSCRIBE_PASSWORD": "secret", "KAZOO_SUBSCRIBE_ACCOUNT_NAME": "other",
            "KAZOO_SUBSCRIBE_HASH": "md5",
        ]
        let user = try resolve(
            Self.server + ["--username", "admin", "--phone-number", "+4930123456", "--hash", "sha1"], environment)
        let hash = try CredentialHash(parsing: "7efaf6701fdf8c6780897f20d5a1a1526dd92029")
        #expect(user.server.description == "http://kazoo:8000")
        #expect(try credentials(user) == .user(hash, account: .phoneNumber("+4930123456")))
        // Another way to log in, too.
        let key = try withFile("8f936c000c70\n") {
            try credentials(resolve(Self.server + ["--api-key-file", $0], environment))
        }
        #expect(key == .apiKey(Secret("8f936c000c70")))
    }

    /// Whoever mends a wrong password need not restart what runs for years.
    @Test func credentialsAreReadAgain() throws {
        let user = ["--username", "admin", "--account-name", "a"]
        try withFile("one\n") { file in
            let configuration = try resolve(Self.server + user + ["--password-file", file])
            func hash(_ password: String) throws -> Credentials {
                .user(
                    try CredentialHash(username: "admin", password: Secret(password), method: .sha1),
                    account: .name("a"))
            }
            #expect(try credentials(configuration) == hash("one"))
            let descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC)
            #expect(write(descriptor, "two\n", 4) == 4)
            close(descriptor)
            #expect(try credentials(configuration) == hash("two"))
        }
    }

    @Test func tokenIsReadAgain() throws {
        try withFile("one\n") { file in
            let configuration = try resolve(Self.server + ["--token-file", file])
            guard case .token(let read) = configuration.authentication else {
                Issue.record("a login instead of a token")
                return
            }
            #expect(try read().value.reveal() == "one")
            let descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC)
            #expect(write(descriptor, "two\n", 4) == 4)
            close(descriptor)
            #expect(try read().value.reveal() == "two")
        }
    }

    /// As with `--token-file <(get-token)`: what can be read only once is kept.
    @Test func tokenFromAPipe() throws {
        var ends: [Int32] = [-1, -1]
        let status = pipe(&ends)
        try #require(status == 0)
        defer { close(ends[0]) }
        #expect(write(ends[1], "one\n", 4) == 4)
        close(ends[1])
        let configuration = try resolve(Self.server + ["--token-file", "/dev/fd/\(ends[0])"])
        guard case .token(let read) = configuration.authentication else {
            Issue.record("a login instead of a token")
            return
        }
        #expect(try read().value.reveal() == "one")
        #expect(try read().value.reveal() == "one")
    }

    @Test func filesThatHoldNothing() throws {
        let missing = try refusal(Self.server + ["--api-key-file", "/nonexistent"])
        #expect(missing.description == "--api-key-file: /nonexistent: No such file or directory")
        #expect(missing.exitCode == 78)
        let empty = try withFile("\nsecret\n") { try refusal(Self.server + ["--api-key-file", $0]) }
        #expect(empty.description.hasSuffix("holds no secret in its first line"))
        let hash = try withFile("secret\n") {
            try refusal(Self.server + ["--credentials-file", $0, "--account-name", "a"])
        }
        #expect(hash.description.contains("a credential hash has 32 (MD5) or 40 (SHA-1) hexadecimal digits"))
        #expect(hash.exitCode == 78)
    }
}
