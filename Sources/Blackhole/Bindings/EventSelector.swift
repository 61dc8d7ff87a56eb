public import Events

/// Decides which events a binding stands for, by their routing keys.
///
/// Consumers share one connection, so each one's bindings are applied again to what comes in. The key of the
/// subscription says nothing here: it is that of whichever binding happened to bring the event.
public struct EventSelector: Sendable, Hashable {
    private enum Part: Hashable {
        case exactly([UInt8])
        case beginning([UInt8])
        case any
    }

    /// What each part of the routing key has to be; `nil` for a family whose routing keys are not known.
    private let parts: [Part]?
    private let family: EventFamily

    /// Creates a selector for a binding.
    ///
    /// - Parameters:
    ///   - binding: the binding.
    ///   - account: the account whose events are wanted; `nil` or `*` for any. Presence events name no account, but a
    ///     realm, and are taken whatever the account is.
    public init(_ binding: Binding, account: AccountID? = nil) {
        family = EventFamily(binding.family.name)
        guard let form = binding.form else {
            parts = nil
            return
        }
        let account = account.flatMap { $0.isWildcard ? nil : $0 }
        let words = binding.description.split(separator: ".", omittingEmptySubsequences: false)
        parts = form.routing.map { routing in
            switch routing {
            case .word(let word): .exactly(Array(word.utf8))
            case .part(let position): words[position] == "*" ? .any : .exactly(Array(words[position].utf8))
            case .account: account.map { .exactly(Array($0.description.utf8)) } ?? .any
            case .database: account?.encodedDatabase.map { .beginning(Array($0.utf8)) } ?? .any
            case .any: .any
            }
        }
    }

    /// Creates a selector for a subscription.
    public init(_ subscription: Subscription) {
        self.init(subscription.binding, account: subscription.account)
    }

    /// Whether the binding stands for an event.
    ///
    /// An event of a family whose routing keys are not known is taken by that family's bindings.
    public func selects(_ event: EventView) -> Bool {
        guard event.kind == .event else { return false }
        guard let parts else { return event.family == family }
        guard let routingKey = event.routingKey else { return false }
        return selects(routingKey: routingKey.utf8, parts)
    }

    private func selects(routingKey: String.UTF8View, _ parts: [Part]) -> Bool {
        var rest = routingKey[...]
        for (position, part) in parts.enumerated() {
            let end = rest.firstIndex(of: UInt8(ascii: ".")) ?? rest.endIndex
            let word = rest[..<end]
            let fits =
                switch part {
                case .exactly(let bytes): word.elementsEqual(bytes)
                case .beginning(let bytes): word.starts(with: bytes)
                case .any: true
                }
            guard fits else { return false }
            guard end < rest.endIndex else { return position == parts.count - 1 }
            rest = rest[rest.index(after: end)...]
        }
        return false
    }
}
