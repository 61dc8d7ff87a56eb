import Testing

@testable import Settings

/// Options over environment over file.
@Suite struct ConnectionLayerTests {
    private static let file = """
        kazoo:
          server: http://file:8000
          websocket: [ws://file:1, ws://file:2]
          username: file
          password_file: /file/password
          account_name: file
          hash: md5
          tls: {cert: /file/cert, key: /file/key, cacert: /file/ca}

        """

    private func load(
        _ variables: [String: String] = [:], _ options: [ConnectionKey: [String]] = [:], file: String? = file,
        hasPasswordCredential: Bool = false
    ) -> Loaded<KazooSettings> {
        KazooSettings.load(
            file.map { YAMLDocument($0, file: "FILE") },
            layers: [
                .environment(hasPasswordCredential: hasPasswordCredential) {
                    variables["KAZOO_SUBSCRIBE_" == $0.prefix(16) ? String($0.dropFirst(16)) : ""]
                },
                .options(options),
            ], judge: { _, _ in .good })
    }

    private func settings(
        _ variables: [String: String] = [:], _ options: [ConnectionKey: [String]] = [:], file: String? = file
    ) throws -> KazooSettings {
        let loaded = load(variables, options, file: file)
        #expect(loaded.problems == [])
        return try #require(loaded.value)
    }

    private func user(_ settings: KazooSettings) throws -> (String, LoginSettings.Password, LoginSettings.Account) {
        guard case .user(let name, let password, let account) = settings.login else {
            Issue.record("\(settings.login)")
            throw Mismatch("no user")
        }
        return (name, password, account)
    }

    @Test func theFileAlone() throws {
        let settings = try settings()
        #expect(settings.server.value == "http://file:8000")
        let (name, password, account) = try user(settings)
        #expect(
            (name, password.file?.value, password.digest, account) == ("file", "/file/password", .md5, .name("file")))
    }

    @Test func theEnvironmentOverTheFile() throws {
        let settings = try settings([
            "SERVER": "http://env", "WEBSOCKET": "ws://env", "HASH": "sha1", "USERNAME": "env",
        ])
        #expect(settings.server.at(.environment("KAZOO_SUBSCRIBE_SERVER")) == "http://env")
        #expect(settings.websockets.map(\.value) == ["ws://env"])
        let (name, password, account) = try user(settings)
        #expect(
            (name, password.file?.value, password.digest, account) == ("env", "/file/password", .sha1, .name("file")))
        #expect(settings.tls.certificate?.value == "/file/cert")
    }

    @Test func optionsOverTheEnvironment() throws {
        let settings = try settings(
            ["SERVER": "http://env", "ACCOUNT_REALM": "env"],
            [.server: ["http://option"], .websocket: ["ws://a", "ws://b"], .phoneNumber: ["0123"]])
        #expect(settings.server.at(.option("--server")) == "http://option")
        #expect(settings.websockets.map(\.value) == ["ws://a", "ws://b"])
        #expect(try user(settings).2 == .phoneNumber("0123"))
    }

    @Test func everythingWithoutAFile() throws {
        let settings = try settings(
            ["SERVER": "http://env", "TOKEN_FILE": "token"], [.authorities: ["ca"], .insecure: ["true"]], file: nil)
        guard case .token(let file) = settings.login else {
            Issue.record("\(settings.login)")
            return
        }
        #expect(file.value == "token", "an option or a variable may name a relative path")
        #expect(settings.tls.authorities?.at(.option("--cacert")) == "ca")
        #expect(settings.tls.isInsecure)
    }

    @Test func oneWayToLogInReplacesAnother() throws {
        guard case .token = try settings(["TOKEN_FILE": "/t"]).login else {
            Issue.record("a token in the environment goes over a user in the file")
            return
        }
        guard
            case .credentials(let file, .name("file")) = try settings(["TOKEN_FILE": "/t"], [.credentialsFile: ["/c"]])
                .login
        else {
            Issue.record("credentials on the command line go over a token in the environment")
            return
        }
        #expect(file.origin == .option("--credentials-file"))
        #expect(try user(settings(["TOKEN_FILE": "/t"], [.username: ["option"]])).0 == "option")
    }

    @Test func oneAccountReplacesAnother() throws {
        #expect(try user(settings(["ACCOUNT_REALM": "env"])).2 == .realm("env"))
    }

    @Test func aCertificateComesWithItsKey() {
        let loaded = load([:], [.certificate: ["/option/cert"]])
        #expect(loaded.problems.map(\.description) == ["--cert: “cert” and “key” belong together; give both"])
        #expect(loaded.value?.tls.authorities?.value == "/file/ca")
    }

    @Test func aPasswordOfTheEnvironmentReplacesTheFilesOwn() throws {
        let loaded = load(["PASSWORD": "hunter2"])
        #expect(loaded.problems == [])
        #expect(try user(#require(loaded.value)).1.file == nil)
        #expect(loaded.shown.text.contains("# environment: KAZOO_SUBSCRIBE_PASSWORD"))
        #expect(!loaded.shown.text.contains("hunter2"))

        let credential = load(["PASSWORD": "hunter2"], hasPasswordCredential: true)
        #expect(try user(#require(credential.value)).1.file == nil)
        #expect(credential.shown.text.contains("# environment: CREDENTIALS_DIRECTORY"))

        let both = try settings(["PASSWORD": "hunter2", "PASSWORD_FILE": "-"])
        #expect(try user(both).1.file?.at(.environment("KAZOO_SUBSCRIBE_PASSWORD_FILE")) == "-")
        let option = try settings(["PASSWORD": "hunter2"], [.passwordFile: ["-"]])
        #expect(try user(option).1.file?.at(.option("--password-file")) == "-")
    }

    @Test func mistakesAreSaidWhereTheyAreMade() {
        #expect(
            load(["HASH": "sha2"], [.insecure: ["perhaps"]]).problems.map(\.description) == [
                "KAZOO_SUBSCRIBE_HASH: “sha2” is not one of md5, sha1 (did you mean “sha1”?)",
                "--insecure: “perhaps” is neither true nor false",
            ])
    }

    @Test func aFileThatIsWrongStaysWrong() {
        let tls = Configuration.kazoo + "  tls: 5\n"
        #expect(
            load([:], [.insecure: ["true"]], file: tls).problems.map(\.description)
                == ["FILE:5:8: a mapping, KEY: VALUE, is expected here, not “5”"])
        #expect(
            load(["SERVER": "http://env"], file: "kazoo: [a]\n").problems.map(\.description)
                == ["FILE:1:8: a mapping, KEY: VALUE, is expected here, not a list"])
    }

    @Test func namesOfOptionsAndVariables() {
        #expect(ConnectionKey.passwordFile.option == "--password-file")
        #expect(ConnectionKey.authorities.option == "--cacert")
        #expect(ConnectionKey.password.option == nil)
        #expect(ConnectionKey.apiKeyFile.variable == "KAZOO_SUBSCRIBE_API_KEY_FILE")
        #expect(ConnectionKey.proxy.variable == nil)
    }
}

extension Located {
    /// The value, if it comes from there.
    fileprivate func at(_ origin: Origin) -> Value? { self.origin == origin ? value : nil }
}
