import Crossbar
import Logging
import Network
import Settings
import Subscriber

extension ConnectionOptions {
    /// Puts flags over the environment over the config file, reads the secrets, and says what is missing.
    ///
    /// - Parameters:
    ///   - wanted: what to subscribe to.
    ///   - policy: the policy of the command; what the config file says of connections and renewals goes over it.
    func resolve(
        wanted: [SessionConfiguration.Wanted], policy: SessionPolicy, logger: Logger
    ) throws(UsageError) -> SessionConfiguration {
        let loaded = try settings(logger: logger)
        if loaded.isServerMissing { throw .noServer }
        let kazoo = try loaded.usable()
        var policy = policy
        policy.apply(kazoo)
        return try SessionConfiguration(kazoo, wanted: wanted, policy: policy, logger: logger)
    }

    /// Crossbar's address and the way there, for a command that does not log in; `nil` when no server is named.
    func server(logger: Logger) throws(UsageError) -> (url: ServerURL, network: NetworkOptions)? {
        // Somebody to log in as is asked for otherwise.
        let loaded = try settings(logger: logger, over: [.tokenFile: ["/dev/null"]])
        if loaded.isServerMissing { return nil }
        let kazoo = try loaded.usable()
        return (try kazoo.serverURL(), NetworkOptions(kazoo))
    }

    /// The section `kazoo` that is in force.
    private func settings(
        logger: Logger, over others: [ConnectionKey: [String]] = [:]
    ) throws(UsageError) -> Loaded<KazooSettings> {
        let file = try configurationFile(logger: logger)
        // Files with secrets are judged when they are read.
        let loaded = KazooSettings.load(
            file?.document, layers: [SettingsReport.environment, .options(given), .options(others)],
            judge: { text, kind in kind.isFile ? .good : SettingsJudge.judge(text, kind) })
        for warning in loaded.warnings { logger.warning("\(warning)") }
        return loaded
    }

    private func configurationFile(logger: Logger) throws(UsageError) -> ConfigurationFile? {
        do throws(ConfigurationFile.ReadError) {
            let (file, unreadable) = try ConfigurationFile.find(config)
            for error in unreadable { logger.warning("\(error.path): \(error.reason)") }
            return file
        } catch {
            throw UsageError("\(error)", exitCode: 78)
        }
    }

    /// What the command line says, key by key.
    private var given: [ConnectionKey: [String]] {
        let single: [(ConnectionKey, String?)] = [
            (.server, server), (.username, username), (.passwordFile, passwordFile),
            (.credentialsFile, credentialsFile), (.hash, hashMethod?.rawValue), (.accountName, accountName),
            (.accountRealm, accountRealm), (.phoneNumber, phoneNumber), (.apiKeyFile, apiKeyFile),
            (.tokenFile, tokenFile), (.authorities, authorities), (.certificate, certificate), (.key, key),
            (.insecure, insecure ? "true" : nil), (.proxy, proxy),
        ]
        return single.reduce(into: [.websocket: websocket]) { options, entry in
            if let value = entry.1 { options[entry.0] = [value] }
        }
    }
}

extension TextKind {
    fileprivate var isFile: Bool { self == .secretFile || self == .readableFile }
}

extension Loaded<KazooSettings> {
    fileprivate var isServerMissing: Bool { shown["kazoo"]?["server"] == nil }

    /// The settings, or everything that is wrong with them.
    fileprivate func usable() throws(UsageError) -> KazooSettings {
        if let value, problems.isEmpty { return value }
        let isOfFile = problems.contains { $0.origin.position != nil }
        throw UsageError(problems.map(\.inWordsOfItsOrigin).joined(separator: "\n"), exitCode: isOfFile ? 78 : 64)
    }
}

extension Problem {
    /// Keys of the file become options where the file has nothing to do with it.
    fileprivate var inWordsOfItsOrigin: String {
        guard origin.position == nil else { return description }
        return ConnectionKey.allCases.reduce(description) { text, key in
            guard let option = key.option, let word = key.rawValue.split(separator: ".").last else { return text }
            return text.replacing("“\(word)”", with: option)
        }
    }
}

extension UsageError {
    fileprivate static let noServer = UsageError(
        """
        no Kazoo server is configured
          name one:            kazoo-subscribe --server http://kazoo.example.com:8000 --username USER --account-name ACCOUNT --binding 'call.*.*'
          or try without one:  kazoo-subscribe demo
        """)
}
