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

    /// The lists that ask for one exact text at a path.
    private struct Place {
        var path: Int
        var texts = WordTable()
        /// By the number of the text.
        var lists: [[List]] = []
    }

    private var places: [Place] = []
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
        let position = places.firstIndex { $0.path == key.path } ?? places.count
        if position == places.count { places.append(Place(path: key.path)) }
        let number = places[position].texts.insert(text)
        if number == places[position].lists.count { places[position].lists.append([]) }
        places[position].lists[number].append(
            List(conditions: Array(conditions.subtracting([key])), members: members))
    }

    /// Adds the numbers of the lists that an event meets.
    public func find(_ event: @autoclosure () -> EventView, values: inout MatchValues, into found: inout [Int]) {
        if !unconditional.isEmpty { found += unconditional }
        guard !places.isEmpty || !others.isEmpty else { return }
        let event = event()
        for place in places {
            let number = values.value(place.path, of: event).withBytes(in: event) { place.texts.number(of: $0) }
            guard let number = number ?? nil else { continue }
            Self.find(place.lists[number], event, values: &values, into: &found)
        }
        Self.find(others, event, values: &values, into: &found)
    }

    private static func find(
        _ lists: [List], _ event: EventView, values: inout MatchValues, into found: inout [Int]
    ) {
        for list in lists {
            let isMet = list.conditions.allSatisfy { condition in
                values.value(condition.path, of: event).withBytes(in: event, condition.pattern.matches) ?? false
            }
            if isMet { found += list.members }
        }
    }
}
