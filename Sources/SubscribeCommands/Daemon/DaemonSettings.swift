import Blackhole
import Logging
import Settings
import Subscriber

extension Settings {
    /// Whether there is something for a daemon to do.
    ///
    /// - Parameter file: the file that the settings are from.
    func checkForDaemon(file: String) throws(UsageError) {
        guard !consumers.isEmpty else {
            throw UsageError(
                "\(file): “subscriptions” and “consumers” are missing: there is nothing to be done", exitCode: 78)
        }
    }

    /// What is subscribed to, and for which accounts.
    func wanted() throws(UsageError) -> [SessionConfiguration.Wanted] {
        var wanted: [SessionConfiguration.Wanted] = []
        for subscription in subscriptions {
            let accounts = try Self.accounts(subscription.account)
            for binding in subscription.bindings {
                wanted.append(SessionConfiguration.Wanted(accounts: accounts, binding: try binding.binding()))
            }
        }
        return wanted
    }

    private static func accounts(_ text: Located<String>?) throws(UsageError) -> SessionConfiguration.Accounts {
        guard let text else { return .own }
        if text.value == "descendants" { return .descendants }
        do {
            return .account(try AccountID(text.value))
        } catch {
            throw UsageError("\(text.origin): \(error)", exitCode: 78)
        }
    }
}

extension SessionConfiguration {
    /// The session of a daemon: it never gives up, and remembers until when nothing was missed.
    init(_ settings: Settings, logger: Logger) throws(UsageError) {
        var policy = SessionPolicy.forever
        policy.apply(settings.kazoo)
        try self.init(settings.kazoo, wanted: settings.wanted(), policy: policy, logger: logger)
        lastLive = LastLive(path: StateDirectory(of: settings).lastLive)
    }
}

extension Diagnostics.Manner {
    /// How to write, as a config file says it.
    convenience init(_ log: LogSettings) {
        self.init(log.form.option, level: log.level.level)
    }

    /// From now on as a config file says it.
    func change(to log: LogSettings) {
        change(to: Self.form(log.form.option, .auto), level: log.level.level)
    }
}

extension LogSettings.Form {
    fileprivate var option: LoggingOptions.Form { self == .json ? .json : .text }
}

extension LogSettings.Level {
    fileprivate var level: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        case .critical: .critical
        }
    }
}
