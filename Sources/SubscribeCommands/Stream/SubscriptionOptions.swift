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
