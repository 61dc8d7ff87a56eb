import Blackhole

/// What a session wants, in the words of whoever configured it, and the subscriptions that it comes to.
struct Wishes: Sendable {
    /// Since when something is wanted, which says what of it may have been missed.
    enum Occasion: Comparable, CaseIterable, Sendable {
        /// Since the session began: what came while the program was not running.
        case start
        /// Since its account was found: the account may have been there before.
        case accountFound
        /// Since somebody changed the wishes: nothing, for nobody waited for it before.
        case change
    }

    private struct Wish {
        let wanted: SessionConfiguration.Wanted
        /// The occasion of the subscriptions that it newly comes to.
        var occasion: Occasion
    }

    private var wishes: [Wish]

    /// The wishes that a session begins with.
    init(_ wanted: [SessionConfiguration.Wanted]) {
        wishes = wanted.map { Wish(wanted: $0, occasion: .start) }
    }

    /// The wishes as they were given.
    var wanted: [SessionConfiguration.Wanted] { wishes.map(\.wanted) }

    /// Whether the accounts below the login's have to be known.
    var includesDescendants: Bool { wishes.contains { $0.wanted.accounts == .descendants } }

    /// Which events tell of a new account below the login's; `nil` when nobody wants to know.
    var announcements: EventSelector? {
        guard includesDescendants else { return nil }
        return (try? Binding("object.doc_created.account")).map { EventSelector($0) }
    }

    // MARK: Changes

    /// Takes others instead; those that stay are no news.
    mutating func change(to wanted: [SessionConfiguration.Wanted]) {
        let known = Dictionary(wishes.map { ($0.wanted, $0.occasion) }, uniquingKeysWith: min)
        wishes = wanted.map { Wish(wanted: $0, occasion: known[$0] ?? .change) }
    }

    /// Takes note that the subscriptions have been laid out: what these wishes come to later is of accounts that are found.
    ///
    /// - Parameter areDescendantsKnown: whether those of the accounts below the login's were among them.
    mutating func areLaidOut(areDescendantsKnown: Bool) {
        for index in wishes.indices where areDescendantsKnown || wishes[index].wanted.accounts != .descendants {
            wishes[index].occasion = .accountFound
        }
    }

    // MARK: Subscriptions

    /// One subscription for each account and binding, each once, in the order of the wishes.
    ///
    /// Where several wishes come to the same subscription, the earliest occasion is its own: it promises the most.
    ///
    /// - Parameters:
    ///   - own: the account of the token; `nil` when the token does not say.
    ///   - descendants: the accounts below it.
    /// - Throws: a ``SessionFailure`` when the token's account is needed and unknown, or a binding is not for it.
    func subscriptions(
        own: AccountID?, descendants: [AccountID]
    ) throws(SessionFailure) -> [(subscription: Subscription, occasion: Occasion)] {
        var positions: [Subscription: Int] = [:]
        var result: [(subscription: Subscription, occasion: Occasion)] = []
        for wish in wishes {
            for account in try accounts(of: wish.wanted, own: own, descendants: descendants) {
                let subscription: Subscription
                do { subscription = try Subscription(account: account, binding: wish.wanted.binding) } catch {
                    throw SessionFailure(.rejected, "\(error)")
                }
                if let position = positions[subscription] {
                    result[position].occasion = min(result[position].occasion, wish.occasion)
                } else {
                    positions[subscription] = result.count
                    result.append((subscription, wish.occasion))
                }
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
