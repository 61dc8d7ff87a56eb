internal import ArgumentParser
internal import Blackhole
internal import Subscriber

/// What is subscribed to.
struct SubscriptionOptions: ParsableArguments {
    @Option(name: [.long, .customShort("b")], help: ArgumentHelp("Which events; may be repeated. See BINDINGS above.", valueName: "binding"))
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
        guard !binding.isEmpty else {
            throw UsageError("nothing to subscribe to: give --binding, such as --binding 'call.*.*' or --binding object.doc_created.user")
        }
        var bindings: [Binding] = []
        for text in binding {
            do { bindings.append(try Binding(text)) } catch { throw UsageError("--binding: \(error)") }
        }
        let accounts = try accounts()
        var wanted: [SessionConfiguration.Wanted] = []
        for binding in bindings {
            for account in accounts {
                if case .account(let id) = account {
                    do { _ = try Subscription(account: id, binding: binding) } catch { throw UsageError("--account: \(error)") }
                }
                wanted.append(SessionConfiguration.Wanted(accounts: account, binding: binding))
            }
        }
        return wanted
    }

    private func accounts() throws(UsageError) -> [SessionConfiguration.Accounts] {
        let given = account.isEmpty ? Environment["KAZOO_SUBSCRIBE_ACCOUNT"].map { [$0] } ?? [] : account
        guard !given.isEmpty else { return [.own] }
        var accounts: [SessionConfiguration.Accounts] = []
        for text in given {
            if text == "descendants" {
                accounts.append(.descendants)
                continue
            }
            do { accounts.append(.account(try AccountID(text))) } catch { throw UsageError("--account: \(error)") }
        }
        return accounts
    }
}
