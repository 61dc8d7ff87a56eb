public import Events

/// Decides which events a binding stands for, by their routing keys.
///
/// Consumers share one connection, so each one's bindings are applied again to what comes in. The key of the
/// subscription says nothing here: it is that of whichever binding happened to bring the event.
public struct EventSelector: Sendable, Hashable {
    enum Part: Hashable {
        case exactly([UInt8])
        case oneOf([[UInt8]])
        case beginning([UInt8])
        case any
    }

    /// What each part of the routing key has to be; `nil` for a family whose routing keys are not known.
    let parts: [Part]?
    let family: EventFamily

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
        parts = form.routing.enumerated().map { place, routing in
            switch routing {
            case .word(let word): .exactly(Array(word.utf8))
            case .part(let position) where words[position] == "*":
                // The first word of a key tells the families apart: there, any word would bring other families' events.
                place == 0 ? .oneOf(form.parts[position].words.map { Array($0.utf8) }) : .any
            case .part(let position): .exactly(Array(words[position].utf8))
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

    /// Whether there can be an event that both select.
    public func overlaps(_ other: EventSelector) -> Bool {
        guard let parts, let others = other.parts else { return family == other.family }
        return parts.count == others.count && zip(parts, others).allSatisfy { $0.overlaps($1) }
    }

    private func selects(routingKey: String.UTF8View, _ parts: [Part]) -> Bool {
        var rest = routingKey[...]
        for (position, part) in parts.enumerated() {
            let end = rest.firstIndex(of: UInt8(ascii: ".")) ?? rest.endIndex
            let word = rest[..<end]
            let fits =
                switch part {
                case .exactly(let bytes): word.elementsEqual(bytes)
                case .oneOf(let words): words.contains { word.elementsEqual($0) }
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

extension EventSelector.Part {
    /// Whether there can be a word that fits both.
    fileprivate func overlaps(_ other: Self) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .any): true
        case (.oneOf(let words), let other), (let other, .oneOf(let words)):
            words.contains { Self.exactly($0).overlaps(other) }
        case (.exactly(let word), .exactly(let other)): word == other
        case (.exactly(let word), .beginning(let beginning)), (.beginning(let beginning), .exactly(let word)):
            word.starts(with: beginning)
        case (.beginning(let beginning), .beginning(let other)):
            beginning.starts(with: other) || other.starts(with: beginning)
        }
    }
}
