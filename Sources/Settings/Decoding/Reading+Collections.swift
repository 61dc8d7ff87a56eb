extension Reading {
    /// A list, of which those items are kept that can be read.
    public static func list<Item>(_ item: Reading<Item>) -> Self where Value == [Item] {
        Self { node, findings in
            switch node.content {
            case .sequence(let nodes):
                let outcomes = nodes.map { item.read($0, &findings) }
                return .init(
                    value: outcomes.compactMap(\.value),
                    shown: YAMLNode(.sequence(outcomes.map(\.shown)), origin: node.origin))
            case .scalar where node.isEmpty:
                return .init(value: [], shown: YAMLNode(.sequence([]), origin: node.origin))
            case .scalar, .mapping, .refused:
                return .init(value: findings.refuse(node, expecting: "a list"), shown: node)
            }
        }
    }

    /// A list that is not empty, or the only item of one.
    public static func oneOrMore<Item>(_ item: Reading<Item>) -> Self where Value == [Item] {
        Self { node, findings in
            if case .sequence = node.content { return nonEmptyList(item).read(node, &findings) }
            let outcome = item.read(node, &findings)
            return .init(value: outcome.value.map { [$0] }, shown: outcome.shown)
        }
    }

    /// A list that is not empty: whether nothing or everything is meant by an empty one, nobody can tell.
    public static func nonEmptyList<Item>(_ item: Reading<Item>) -> Self where Value == [Item] {
        Self { node, findings in
            if node.content == .sequence([]) {
                findings.report(Problem("an empty list is of no use here", at: node.origin))
                return .init(value: nil, shown: node)
            }
            return list(item).read(node, &findings)
        }
    }

    /// Keys of the user's own choice, each with a value of the same type.
    public static func pairs<Item>(_ item: Reading<Item>) -> Self where Value == [(key: Located<String>, value: Item)] {
        Self { node, findings in
            guard let entries = findings.entries(of: node) else { return .init(value: nil, shown: node) }
            let outcomes = entries.map { (entry: $0, outcome: item.read($0.value, &findings)) }
            return .init(
                value: outcomes.compactMap { entry, outcome in
                    outcome.value.map { (Located(entry.key, at: entry.origin), $0) }
                },
                shown: YAMLNode(
                    .mapping(outcomes.map { .init($0.key, origin: $0.origin, value: $1.shown) }), origin: node.origin))
        }
    }
}

extension Findings {
    /// The entries of a mapping; none where nothing is written, as below a key whose values are all commented out.
    ///
    /// - Returns: `nil`, after a report, where there is something else.
    mutating func entries(of node: YAMLNode) -> [YAMLNode.Entry]? {
        switch node.content {
        case .mapping(let entries): entries
        case .scalar where node.isEmpty: []
        case .scalar, .sequence, .refused: refuse(node, expecting: "a mapping, KEY: VALUE,")
        }
    }
}
