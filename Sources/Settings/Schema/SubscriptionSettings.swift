/// One item of `subscriptions`: bindings, and the account that they are for.
public struct SubscriptionSettings: Equatable, Sendable, SectionReadable {
    /// An account id, `descendants` or `*`; `nil` for the account of the login.
    public var account: Located<String>?
    /// The bindings.
    public var bindings: [Located<String>]

    /// Reads the keys.
    public init?(from section: inout Section) {
        let account = section.optional("account", .located(.text(.account)))
        let bindings = section.required("bindings", .oneOrMore(.located(.text(.binding(account: account?.value)))))
        guard let bindings else { return nil }
        self.account = account
        self.bindings = bindings
    }
}
