import ArgumentParser
import Blackhole
import Subscriber

/// What is subscribed to.
struct SubscriptionOptions: ParsableArguments {
    @Option(
        name: [.long, .customShort("b")],
        help: ArgumentHelp("Which events; may be repeated. See BINDINGS above.", valueName: "binding"))
    var binding: [String] = []

    @Option(
        help: ArgumentHelp(
            "An account id, “descendants” for every account below the login's, or * for all; may be repeated. Default: the login's account [KAZOO_SUBSCRIBE_ACCOUNT].",
            valueName: "id"))
    var account: [String] = []

    @Flag(help: "End with exit code 69 when the connection is lost, instead of connecting again.")
    var noReconnect = false

    @Option(
        help: ArgumentHelp(
            "Keep so many connections, to different servers where several are given, and merge their events: the restart of one loses nothing. Default: 1.",
            valueName: "n"))
    var redundancy: Int?

    @Option(
        help: ArgumentHelp("Make another connection for every so many subscriptions. Default: 500.", valueName: "n"))
    var subscriptionsPerConnection: Int?

    @Option(
        help: ArgumentHelp(
            "Make the subscriptions anew so often, because Kazoo can lose one without a word; 0 for never. Default: 15m.",
            valueName: "time"))
    var renew: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "With --account descendants: look for new accounts so often. Default: 60s.", valueName: "time"))
    var follow: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Remember in this file until when nothing was missed, and declare the time until the next start as a gap [KAZOO_SUBSCRIBE_STATE_FILE].",
            valueName: "file"))
    var stateFile: String?

    func validate() throws {
        if let redundancy, redundancy < 1 {
            throw ValidationError("--redundancy wants a number of connections, at least 1")
        }
        if let subscriptionsPerConnection, subscriptionsPerConnection < 1 {
            throw ValidationError("--subscriptions-per-connection wants a number, at least 1")
        }
        if let follow, follow.duration < .seconds(1) {
            throw ValidationError("--follow wants a time of at least 1 s")
        }
        if let renew, renew.duration > .zero, renew.duration < .seconds(10) {
            throw ValidationError("--renew wants a time of at least 10 s, or 0 for never")
        }
    }

    /// When to give up.
    var policy: SessionPolicy { noReconnect ? .once : .oneShot }

    /// Puts what the command line says of connections and renewals over what is there.
    func apply(to policy: inout SessionPolicy) {
        if let redundancy { policy.redundancy = redundancy }
        if let subscriptionsPerConnection { policy.subscriptionsPerConnection = subscriptionsPerConnection }
        if let renew { policy.renewalInterval = renew.duration > .zero ? renew.duration : nil }
        if let follow { policy.accountsInterval = follow.duration }
    }

    /// Where to remember until when nothing was missed.
    var lastLive: LastLive? {
        (stateFile ?? Environment["KAZOO_SUBSCRIBE_STATE_FILE"]).map { LastLive(path: $0) }
    }

    /// Every binding for every account, checked.
    func wanted() throws(UsageError) -> [SessionConfiguration.Wanted] {
        let accounts = account.isEmpty ? Environment["KAZOO_SUBSCRIBE_ACCOUNT"].map { [$0] } ?? [] : account
        return try Self.wanted(bindings: binding, accounts: accounts)
    }

    /// Every binding for every account, checked.
    ///
    /// - Parameters:
    ///   - bindings: as they stand on the command line.
    ///   - accounts: likewise; none means the login's account.
    static func wanted(
        bindings: [String], accounts: [String] = []
    ) throws(UsageError) -> [SessionConfiguration.Wanted] {
        guard !bindings.isEmpty else {
            throw UsageError(
                "nothing to subscribe to: give --binding, such as --binding 'call.*.*' or --binding object.doc_created.user"
            )
        }
        var wanted: [SessionConfiguration.Wanted] = []
        for text in bindings {
            let binding: Binding
            do { binding = try Binding(text) } catch { throw UsageError("--binding: \(error)") }
            if accounts.isEmpty { wanted.append(SessionConfiguration.Wanted(accounts: .own, binding: binding)) }
            for account in accounts {
                wanted.append(
                    SessionConfiguration.Wanted(accounts: try Self.accounts(account, for: binding), binding: binding))
            }
        }
        return wanted
    }

    private static func accounts(
        _ text: String, for binding: Binding
    ) throws(UsageError) -> SessionConfiguration.Accounts {
        if text == "descendants" { return .descendants }
        do {
            return .account(try Subscription(account: AccountID(text), binding: binding).account)
        } catch {
            throw UsageError("--account: \(error)")
        }
    }
}
