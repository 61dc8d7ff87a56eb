/// How one of Kazoo's error texts is recognised, and what it means to the user.
struct RefusalRule {
    /// What a message is made of.
    struct Facts {
        /// The variable part of Kazoo's text, without secrets.
        let detail: String
        /// The whole of Kazoo's text, without secrets.
        let text: String
        /// What had been asked for.
        let subscription: Subscription
    }

    let kind: Refusal.Kind
    let prefix: String
    let suffix: String
    let message: @Sendable (Facts) -> String

    private init(
        _ kind: Refusal.Kind, _ prefix: String, suffix: String = "", _ message: @escaping @Sendable (Facts) -> String
    ) {
        self.kind = kind
        self.prefix = prefix
        self.suffix = suffix
        self.message = message
    }

    /// The variable part of a text that the rule is for; `nil` for other texts.
    func match(_ text: String) -> String? {
        guard text.hasPrefix(prefix), text.hasSuffix(suffix), text.utf8.count >= prefix.utf8.count + suffix.utf8.count
        else { return nil }
        return String(text.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// Every text known from the recordings and from Kazoo's source (`bh_*.erl`), the most telling ones first.
    static let all: [RefusalRule] = [
        RefusalRule(.tokenRefused, "failed to authenticate token") { _ in
            "Kazoo does not accept the auth token: it has expired, or another cluster has issued it"
        },
        RefusalRule(.tokenRefused, "authentication token required") { _ in "Kazoo asks for an auth token" },
        RefusalRule(.tokenRefused, "invalid authentication token format") { _ in
            "Kazoo does not recognise the auth token as one"
        },
        RefusalRule(.rateLimited, "rate limiting threshold hit") { _ in
            "Kazoo asks for fewer messages; the subscriptions go on more slowly"
        },
        RefusalRule(.permanent, "no available subscriptions to requested binding") { facts in
            let module = facts.subscription.binding.form?.module ?? "bh_\(facts.subscription.binding.family.name)"
            return "Kazoo has nothing to offer for this binding: the module \(module) is not running there; "
                + "an administrator starts it with: sup blackhole_maintenance start_module \(module)"
        },
        RefusalRule(.forbidden, "unauthorized wildcard account id") { _ in
            "only a superduper admin may subscribe to all accounts (*); name the accounts"
        },
        RefusalRule(.forbidden, "unauthorized account id") { facts in
            "the user may not see account \(facts.subscription.account): "
                + "it is neither the user's own account nor below it, or it does not exist"
        },
        RefusalRule(.permanent, "auth_account_id not set") { _ in
            "Kazoo does not know whose session this is: its module bh_token_auth is not running; "
                + "an administrator starts it with: sup blackhole_maintenance start_module bh_token_auth"
        },
        RefusalRule(.forbidden, "unauthorized wildcard for conference id") { _ in
            "only a superduper admin may subscribe to all conferences; name the conference"
        },
        RefusalRule(.permanent, "ConferenceId required") { _ in
            "Kazoo wants the id of one conference in place of the *"
        },
        RefusalRule(.permanent, "event category ", suffix: " not supported") { facts in
            "this Kazoo has no notifications of the category \(facts.detail)"
        },
        RefusalRule(.permanent, "event ", suffix: " not supported") { facts in
            "this Kazoo does not know the event \(facts.detail); "
                + "kazoo-subscribe bindings lists what it offers"
        },
        RefusalRule(.permanent, "Unsupported ") { facts in
            "this Kazoo does not support the \(facts.detail); kazoo-subscribe bindings lists what it offers"
        },
        RefusalRule(.permanent, "invalid format for ") { facts in
            "this Kazoo expects another form of binding here (\(facts.text)); "
                + "kazoo-subscribe bindings lists what it offers"
        },
        RefusalRule(.permanent, "missing required ") { facts in
            "Kazoo misses something in the request (\(facts.text))"
        },
        RefusalRule(.permanent, "empty subscription") { _ in "Kazoo finds no binding in the request" },
    ]
}
