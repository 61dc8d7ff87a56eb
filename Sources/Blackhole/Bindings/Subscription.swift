/// What to subscribe to, and for which account.
public struct Subscription: Hashable, Sendable, CustomStringConvertible {
    /// The account whose events are wanted; its sub-accounts are not included.
    public let account: AccountID
    /// The binding.
    public let binding: Binding

    /// Creates a subscription.
    ///
    /// - Throws: when every account is asked for with a binding that is not for calls: only for those Kazoo looks up
    ///   `*` among the accounts (`bh_call.erl`), everywhere else it would never match.
    public init(account: AccountID, binding: Binding) throws(BindingError) {
        if account.isWildcard, binding.family != .known("call") {
            throw BindingError(
                code: .invalidAccount,
                message: "\(BindingError.quote(binding.description)) needs an account id; "
                    + "all accounts (*) can be subscribed to with call bindings only")
        }
        self.account = account
        self.binding = binding
    }

    /// The binding and its account, such as `call.*.* for 009afc511c97b2ae693c6cc4920988e8`.
    public var description: String { "\(binding) for \(account.isWildcard ? "all accounts" : account.description)" }
}
