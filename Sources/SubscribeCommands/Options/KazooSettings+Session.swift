import Crossbar
import Glibc
import Logging
import Network
import Secrets
import Settings
import Subscriber

extension SessionConfiguration {
    /// What a config file, the environment and the command line have come to.
    ///
    /// - Parameter logger: told what should be looked at, such as a secret that others can read.
    init(
        _ kazoo: KazooSettings, wanted: [Wanted], policy: SessionPolicy, logger: Logger
    ) throws(UsageError) {
        self.init(
            server: try kazoo.serverURL(), websockets: try kazoo.websocketURLs(),
            authentication: try kazoo.login.authentication(logger: logger), wanted: wanted,
            network: NetworkOptions(kazoo), policy: policy)
    }
}

extension SessionPolicy {
    /// Takes over what the settings say of connections and renewals.
    mutating func apply(_ kazoo: KazooSettings) {
        redundancy = kazoo.redundancy
        subscriptionsPerConnection = kazoo.subscriptionsPerConnection
        renewalInterval = kazoo.renewal
        accountsInterval = kazoo.descendantsInterval
    }
}

extension NetworkOptions {
    /// TLS and proxy of the settings.
    init(_ kazoo: KazooSettings) {
        self.init()
        authorities = kazoo.tls.authorities?.value ?? Environment["SSL_CERT_FILE"]
        certificate = kazoo.tls.certificate?.value
        key = kazoo.tls.key?.value
        isInsecure = kazoo.tls.isInsecure
        proxy = kazoo.proxy?.value
        userAgent = "kazoo-subscribe/\(Root.version)"
    }
}

extension KazooSettings {
    /// Crossbar's address; its text has been judged.
    func serverURL() throws(UsageError) -> ServerURL { try Self.url(server, [.http, .https]) }

    /// Blackhole's addresses; their texts have been judged.
    func websocketURLs() throws(UsageError) -> [ServerURL] {
        try websockets.map { text throws(UsageError) in try Self.url(text, [.ws, .wss]) }
    }

    private static func url(_ text: Located<String>, _ schemes: [ServerURL.Scheme]) throws(UsageError) -> ServerURL {
        do {
            return try ServerURL(parsing: text.value, schemes: schemes)
        } catch {
            throw UsageError("\(text.origin): \(error)")
        }
    }
}

extension LoginSettings {
    /// Reads the secrets.
    fileprivate func authentication(logger: Logger) throws(UsageError) -> SessionConfiguration.Authentication {
        switch self {
        case .token(let file):
            let option = file.origin.description
            // Read once now, so that a wrong path is told before anything else; a pipe can be read only once.
            let first = try SecretFile.read(file.value, option: option, logger: logger)
            guard SecretFile.isRereadable(file.value) else { return .token { AuthToken(first.reveal()) } }
            return .token {
                AuthToken(try SecretFile.read(file.value, option: option, logger: logger).reveal())
            }
        case .apiKey(let file):
            return .login(
                .apiKey(try SecretFile.read(file.value, option: file.origin.description, logger: logger)))
        case .credentials(let file, let account):
            let text = try SecretFile.read(file.value, option: file.origin.description, logger: logger)
            do {
                return .login(.user(try CredentialHash(parsing: text.reveal()), account: account.name))
            } catch {
                throw UsageError("\(file.origin): \(file.value): \(error)", exitCode: 78)
            }
        case .user(let name, let password, let account):
            let secret = try password.read(for: name, logger: logger)
            do {
                let hash = try CredentialHash(username: name, password: secret, method: password.digest.method)
                return .login(.user(hash, account: account.name))
            } catch {
                throw UsageError("--hash: \(error)")
            }
        }
    }
}

extension LoginSettings.Account {
    fileprivate var name: Credentials.AccountName {
        switch self {
        case .name(let name): .name(name)
        case .realm(let realm): .realm(realm)
        case .phoneNumber(let number): .phoneNumber(number)
        }
    }
}

extension LoginSettings.Digest {
    fileprivate var method: CredentialHash.Method { self == .md5 ? .md5 : .sha1 }
}

extension LoginSettings.Password {
    /// From the file, systemd's credentials, the environment, or a prompt.
    fileprivate func read(for username: String, logger: Logger) throws(UsageError) -> Secret {
        if let file { return try SecretFile.read(file.value, option: file.origin.description, logger: logger) }
        // The directory may hold other credentials only.
        if let directory = Environment["CREDENTIALS_DIRECTORY"], access("\(directory)/password", F_OK) == 0 {
            return try SecretFile.read("\(directory)/password", option: "CREDENTIALS_DIRECTORY", logger: logger)
        }
        if let password = Environment["KAZOO_SUBSCRIBE_PASSWORD"] { return Secret(password) }
        if let password = try PasswordPrompt.ask("Password for \(username): ") { return password }
        throw UsageError("no password: give --password-file FILE (- is standard input)", exitCode: 77)
    }
}
