import Blackhole

/// What a session wants, in the words of whoever configured it, and the subscriptions that it comes to.
struct Wishes: Sendable {
    private let wanted: [SessionConfiguration.Wanted]

    init(_ wanted: [SessionConfiguration.Wanted]) { self.wanted = wanted }

    /// Whether the accounts below the login's have to be known.
    var includesDescendants: Bool { wanted.contains { $0.accounts == .descendants } }

    /// One subscription for each account and binding, each once, in the order of the wishes.
    ///
    /// - Parameters:
    ///   - own: the account of the token; `nil` when the token does not say.
    ///   - descendants: the accounts below it.
    /// - Throws: a ``SessionFailure`` when the token's account is needed and unknown, or a binding is not for it.
    func subscriptions(own: AccountID?, descendants: [AccountID]) throws(SessionFailure) -> [Subscription] {
        var known: Set<Subscription> = []
        var result: [Subscription] = []
        for wish in wanted {
            for account in try accounts(of: wish, own: own, descendants: descendants) {
                let subscription: Subscription
                do { subscription = try Subscription(account: account, binding: wish.binding) } catch {
                    throw SessionFailure(.rejected, "\(error)")
                }
                if known.insert(subscription).inserted { result.append(subscription) }
            }
        }
        return result
    }

    private func accounts(
        of wish: SessionConfiguration.Wanted, own: AccountID?, descendants: [AccountID]
    ) throws(SessionFailure) -> [AccountID] {
        switch wish.accounts {
        case .own:
            guard let own else {
                throw SessionFailure(.rejected, "the token does not name its account; give --account ID")
            }
            return [own]
        case .account(let id): return [id]
        case .descendants: return descendants
        }
    }
}
