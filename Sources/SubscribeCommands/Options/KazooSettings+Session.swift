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
    /// Reads the secrets: now, so that a wrong path is told before anything else, and again whenever they are needed.
    fileprivate func authentication(logger: Logger) throws(UsageError) -> SessionConfiguration.Authentication {
        switch self {
        case .token(let file):
            let read = try SecretReader(file, logger: logger)
            return .token { AuthToken(try read().reveal()) }
        case .apiKey(let file):
            let read = try SecretReader(file, logger: logger)
            return .login { .apiKey(try read()) }
        case .credentials(let file, let account):
            let read = try SecretReader(file, logger: logger)
            let hash = { @Sendable () throws(UsageError) in
                do {
                    return try CredentialHash(parsing: try read().reveal())
                } catch {
                    throw UsageError("\(file.origin): \(file.value): \(error)", exitCode: 78)
                }
            }
            _ = try hash()
            return .login { .user(try hash(), account: account.name) }
        case .user(let name, let password, let account):
            let read = try password.reader(for: name, logger: logger)
            let hash = { @Sendable () throws(UsageError) in
                let secret = try read()
                do {
                    return try CredentialHash(username: name, password: secret, method: password.digest.method)
                } catch {
                    throw UsageError("--hash: \(error)")
                }
            }
            _ = try hash()
            return .login { .user(try hash(), account: account.name) }
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
    fileprivate func reader(for username: String, logger: Logger) throws(UsageError) -> SecretReader {
        if let file { return try SecretReader(file, logger: logger) }
        // The directory may hold other credentials only.
        if let directory = Environment["CREDENTIALS_DIRECTORY"], access("\(directory)/password", F_OK) == 0 {
            return try SecretReader("\(directory)/password", option: "CREDENTIALS_DIRECTORY", logger: logger)
        }
        if let password = Environment["KAZOO_SUBSCRIBE_PASSWORD"] { return SecretReader(Secret(password)) }
        if let password = try PasswordPrompt.ask("Password for \(username): ") {
            return SecretReader(password)
        }
        throw UsageError("no password: give --password-file FILE (- is standard input)", exitCode: 77)
    }
}
