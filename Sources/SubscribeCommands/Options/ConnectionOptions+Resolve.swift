import ArgumentParser
import Blackhole
import Crossbar
import Glibc
import Logging
import Network
import Secrets
import Subscriber

extension ConnectionOptions {
    /// Puts flags over the environment, reads the secrets, and says what is missing.
    ///
    /// - Parameter wanted: what to subscribe to.
    func resolve(
        wanted: [SessionConfiguration.Wanted], policy: SessionPolicy, logger: Logger
    ) throws(UsageError) -> SessionConfiguration {
        guard let server = server ?? Environment["KAZOO_SUBSCRIBE_SERVER"] else {
            throw UsageError(
                """
                no Kazoo server is configured
                  name one:            kazoo-subscribe --server http://kazoo.example.com:8000 --username USER --account-name ACCOUNT --binding 'call.*.*'
                  or try without one:  kazoo-subscribe demo
                """)
        }
        let websockets = websocket.isEmpty ? Environment["KAZOO_SUBSCRIBE_WEBSOCKET"].map { [$0] } ?? [] : websocket
        if insecure {
            logger.warning(
                "--insecure: no certificate is checked; anybody in between can read the credentials and invent events")
        }
        return SessionConfiguration(
            server: try Self.url(server, option: "--server", schemes: [.http, .https]),
            websockets: try websockets.map { text throws(UsageError) in
                try Self.url(text, option: "--websocket", schemes: [.ws, .wss])
            },
            authentication: try authentication(logger: logger),
            wanted: wanted, network: try networkOptions(), policy: policy)
    }

    static func url(
        _ text: String, option: String, schemes: [ServerURL.Scheme]
    ) throws(UsageError) -> ServerURL {
        do {
            return try ServerURL(parsing: text, schemes: schemes)
        } catch {
            throw UsageError("\(option): \(error)")
        }
    }

    func networkOptions() throws(UsageError) -> NetworkOptions {
        guard (certificate == nil) == (key == nil) else {
            throw UsageError("--cert and --key belong together; give both")
        }
        var options = NetworkOptions()
        options.authorities = authorities ?? Environment["SSL_CERT_FILE"]
        options.certificate = certificate
        options.key = key
        options.isInsecure = insecure
        options.proxy = proxy
        options.userAgent = "kazoo-subscribe/\(Root.version)"
        return options
    }

    private func authentication(logger: Logger) throws(UsageError) -> SessionConfiguration.Authentication {
        // A flag that says how to log in goes over every other way that the environment names.
        let isFlagged = [tokenFile, apiKeyFile, username, credentialsFile].contains { $0 != nil }
        func variable(_ name: String) -> String? { isFlagged ? nil : Environment["KAZOO_SUBSCRIBE_\(name)"] }
        let tokenFile = tokenFile ?? variable("TOKEN_FILE")
        let apiKeyFile = apiKeyFile ?? variable("API_KEY_FILE")
        let username = username ?? variable("USERNAME")
        switch (tokenFile, apiKeyFile, username, credentialsFile) {
        case (let file?, nil, nil, nil):
            // Read once now, so that a wrong path is told before anything else; a pipe can be read only once.
            let first = try SecretFile.read(file, option: "--token-file", logger: logger)
            guard SecretFile.isRereadable(file) else { return .token { AuthToken(first.reveal()) } }
            return .token { AuthToken(try SecretFile.read(file, option: "--token-file", logger: logger).reveal()) }
        case (nil, let file?, nil, nil):
            return .login(.apiKey(try SecretFile.read(file, option: "--api-key-file", logger: logger)))
        case (nil, nil, _, let file?):
            return .login(.user(try readyHash(file, logger: logger), account: try account()))
        case (nil, nil, let name?, nil):
            return .login(.user(try hash(for: name, logger: logger), account: try account()))
        case (nil, nil, nil, nil):
            throw UsageError(
                "nobody to log in as: give --username and --account-name, or --api-key-file, or --token-file")
        default:
            throw UsageError("--token-file, --api-key-file and --username exclude each other; give one of them")
        }
    }

    private func account() throws(UsageError) -> Credentials.AccountName {
        let flags: [Credentials.AccountName] = [
            accountName.map { .name($0) }, accountRealm.map { .realm($0) }, phoneNumber.map { .phoneNumber($0) },
        ].compactMap(\.self)
        let variables: [Credentials.AccountName] = [
            Environment["KAZOO_SUBSCRIBE_ACCOUNT_NAME"].map { .name($0) },
            Environment["KAZOO_SUBSCRIBE_ACCOUNT_REALM"].map { .realm($0) },
            Environment["KAZOO_SUBSCRIBE_PHONE_NUMBER"].map { .phoneNumber($0) },
        ].compactMap(\.self)
        let given = flags.isEmpty ? variables : flags
        guard let account = given.first, given.count == 1 else {
            throw UsageError(
                given.isEmpty
                    ? "which account does the user belong to? give --account-name, --account-realm or --phone-number"
                    : "--account-name, --account-realm and --phone-number exclude each other; give one of them")
        }
        return account
    }

    private func readyHash(_ file: String, logger: Logger) throws(UsageError) -> CredentialHash {
        let text = try SecretFile.read(file, option: "--credentials-file", logger: logger)
        do {
            return try CredentialHash(parsing: text.reveal())
        } catch {
            throw UsageError("--credentials-file: \(file): \(error)", exitCode: 78)
        }
    }

    private func hash(for username: String, logger: Logger) throws(UsageError) -> CredentialHash {
        let method: CredentialHash.Method
        if let variable = Environment["KAZOO_SUBSCRIBE_HASH"], hashMethod == nil {
            guard let known = CredentialHash.Method(rawValue: variable) else {
                throw UsageError("KAZOO_SUBSCRIBE_HASH: “\(variable)” is not md5 or sha1")
            }
            method = known
        } else {
            method = hashMethod ?? .sha1
        }
        do {
            return try CredentialHash(
                username: username, password: try password(for: username, logger: logger), method: method)
        } catch let error as UsageError {
            throw error
        } catch {
            throw UsageError("--hash: \(error)")
        }
    }

    private func password(for username: String, logger: Logger) throws(UsageError) -> Secret {
        if let file = passwordFile ?? Environment["KAZOO_SUBSCRIBE_PASSWORD_FILE"] {
            return try SecretFile.read(file, option: "--password-file", logger: logger)
        }
        // The directory may hold other credentials only.
        if let directory = Environment["CREDENTIALS_DIRECTORY"], access("\(directory)/password", F_OK) == 0 {
            return try SecretFile.read("\(directory)/password", option: "CREDENTIALS_DIRECTORY", logger: logger)
        }
        if let password = Environment["KAZOO_SUBSCRIBE_PASSWORD"] { return Secret(password) }
        if let password = try PasswordPrompt.ask("Password for \(username): ") { return password }
        throw UsageError("no password: give --password-file FILE (- is standard input)", exitCode: 77)
    }
}
