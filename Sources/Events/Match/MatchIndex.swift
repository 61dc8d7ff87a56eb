/// Many lists of conditions, and which of them an event meets as a whole.
///
/// A list that asks somewhere for one exact text is found by that text, so the time that an event takes does not grow
/// with the number of lists that ask for another: a thousand consumers, each for the events of one account, cost as much
/// as one. Lists of wildcards alone are compared one after the other. Equal lists are compared once.
public struct MatchIndex: Sendable {
    private struct Condition: Hashable {
        var path: Int
        var pattern: Glob
    }

    private struct List {
        /// The conditions that are still to be compared.
        var conditions: [Condition]
        var members: [Int]
    }

    /// The paths at which lists ask for one exact text.
    private var paths: [Int] = []
    /// Those texts, a set for each position in ``paths``.
    private var texts = WordTable()
    /// The lists that ask for a text, by its number.
    private var lists: [[List]] = []
    private var others: [List] = []
    private var unconditional: [Int] = []

    /// Creates an index.
    ///
    /// - Parameters:
    ///   - lists: the conditions, and the number that is found where all of them are met.
    ///   - values: what is asked later.
    public init(_ lists: [(number: Int, conditions: [EventMatch])], values: inout MatchValues) {
        var members: [Set<Condition>: [Int]] = [:]
        var order: [Set<Condition>] = []
        for (number, conditions) in lists {
            let conditions = Set(conditions.map { Condition(path: values.number(of: $0.path), pattern: $0.pattern) })
            if members[conditions] == nil { order.append(conditions) }
            members[conditions, default: []].append(number)
        }
        let variety = Self.variety(of: order)
        for conditions in order {
            add(conditions, members: members[conditions] ?? [], variety: variety)
        }
    }

    /// How many exact texts are asked for at each path: the more, the fewer lists share one.
    private static func variety(of lists: [Set<Condition>]) -> [Int: Int] {
        Set(lists.joined().filter { $0.pattern.literal != nil }).reduce(into: [:]) { $0[$1.path, default: 0] += 1 }
    }

    private mutating func add(_ conditions: Set<Condition>, members: [Int], variety: [Int: Int]) {
        guard !conditions.isEmpty else {
            unconditional = members
            return
        }
        let keys = conditions.filter { $0.pattern.literal != nil }
        let key = keys.max { (variety[$0.path] ?? 0, $0.path) < (variety[$1.path] ?? 0, $1.path) }
        guard let key, let text = key.pattern.literal else {
            others.append(List(conditions: Array(conditions), members: members))
            return
        }
        let position = paths.firstIndex(of: key.path) ?? paths.count
        if position == paths.count { paths.append(key.path) }
        let number = texts.insert(text, to: position)
        if number == lists.count { lists.append([]) }
        lists[number].append(List(conditions: Array(conditions.subtracting([key])), members: members))
    }

    /// Adds the numbers of the lists that an event meets.
    ///
    /// - Parameter bytes: those of the batch whose line it is.
    package func find(
        _ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer, values: inout MatchValues, into found: inout [Int]
    ) {
        if !unconditional.isEmpty { found += unconditional }
        for position in paths.indices {
            let number = values.withValue(paths[position], of: line, in: bytes) {
                texts.number(of: $0, in: position)
            }
            guard let number = number ?? nil else { continue }
            Self.find(lists[number], line, in: bytes, values: &values, into: &found)
        }
        if !others.isEmpty { Self.find(others, line, in: bytes, values: &values, into: &found) }
    }

    private static func find(
        _ lists: [List], _ line: EventBatch.Line, in bytes: UnsafeRawBufferPointer, values: inout MatchValues,
        into found: inout [Int]
    ) {
        for list in lists {
            let isMet = list.conditions.allSatisfy { condition in
                values.withValue(condition.path, of: line, in: bytes, condition.pattern.matches) ?? false
            }
            if isMet { found += list.members }
        }
    }
}
