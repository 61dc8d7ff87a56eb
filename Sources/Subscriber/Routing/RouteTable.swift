import Blackhole
import Events

/// The routes in the order in which an event asks for them: first those without bindings, then, binding by binding, those
/// whose bindings select it; conditions last, and only theirs.
///
/// Routes that want the same share one selection, and with it the batch that is cut out for them.
struct RouteTable: Sendable {
    /// What some routes want in common.
    private struct Selection {
        var routes: [Route]
        /// The positions in the current batch of the lines that are wanted.
        var positions: [Int] = []
    }

    private struct Wish: Hashable {
        var bindings: Set<Binding>
        var matches: Set<EventMatch>

        var isEverything: Bool { bindings.isEmpty && matches.isEmpty }
    }

    /// Those that get every batch as it is.
    private var unrestricted: [Route] = []
    private var selections: [Selection] = []
    /// The selections without bindings.
    private var unbound: MatchIndex
    private let bindings: BindingIndex
    /// The selections with bindings, by the number of the binding.
    private var bound: [MatchIndex]
    private var values: MatchValues
    private let gapRoutes: [(route: Route, selectors: [EventSelector])]
    private let isAsked: Bool

    // Kept between events, so that nothing is allocated for one.
    private var foundBindings: [Int] = []
    private var foundSelections: [Int] = []
    private var chosen: [Int] = []

    init(_ routes: [Route]) {
        var numbers: [Wish: Int] = [:]
        var wishes: [Wish] = []
        for route in routes {
            let wish = Wish(bindings: Set(route.bindings), matches: Set(route.matches))
            if wish.isEverything {
                unrestricted.append(route)
            } else if let number = numbers[wish] {
                selections[number].routes.append(route)
            } else {
                numbers[wish] = selections.count
                wishes.append(wish)
                selections.append(Selection(routes: [route]))
            }
        }
        let members = wishes.enumerated().reduce(into: [Binding: [Int]]()) { members, wish in
            for binding in wish.element.bindings { members[binding, default: []].append(wish.offset) }
        }
        var values = MatchValues()
        func index(_ numbers: [Int]) -> MatchIndex {
            MatchIndex(numbers.map { ($0, Array(wishes[$0].matches)) }, values: &values)
        }
        unbound = index(wishes.indices.filter { wishes[$0].bindings.isEmpty })
        bindings = BindingIndex(members.keys.map { EventSelector($0) })
        bound = members.values.map { index($0) }
        self.values = values
        isAsked = !wishes.isEmpty
        gapRoutes = routes.filter(\.showsGaps).map { ($0, $0.bindings.map { EventSelector($0) }) }
    }

    /// Hands a batch on, to each route what it wants of it.
    mutating func route(_ batch: EventBatch) {
        // A reader fills the same buffers again and again: one copy without the spare room serves all who keep it.
        var compact: EventBatch?
        func whole() -> EventBatch {
            let whole = compact ?? batch.compact
            compact = whole
            return whole
        }
        for route in unrestricted { route.offer(whole()) }
        guard isAsked else { return }
        choose(from: batch)
        for number in chosen {
            let positions = selections[number].positions
            let part = positions.count == batch.count ? whole() : batch.select(positions)
            for route in selections[number].routes { route.offer(part) }
            selections[number].positions.removeAll(keepingCapacity: true)
        }
        chosen.removeAll(keepingCapacity: true)
    }

    /// Notes for each line who wants it.
    private mutating func choose(from batch: EventBatch) {
        // Held once for the batch: held for each event, every array in them would be counted.
        let (unbound, bindings, isBound) = (unbound, bindings, !bound.isEmpty)
        batch.bytes.withUnsafeBytes { bytes in
            for (position, line) in batch.lines.enumerated() {
                values.removeAll()
                unbound.find(line, in: bytes, values: &values, into: &foundSelections)
                if isBound { bindings.find(line, in: bytes, into: &foundBindings) }
                if !foundBindings.isEmpty {
                    for binding in foundBindings {
                        bound[binding].find(line, in: bytes, values: &values, into: &foundSelections)
                    }
                    foundBindings.removeAll(keepingCapacity: true)
                }
                if !foundSelections.isEmpty { note(position) }
            }
        }
    }

    /// Notes a line for the selections that were found.
    private mutating func note(_ position: Int) {
        for number in foundSelections {
            // Two bindings of one route may select the same event.
            guard selections[number].positions.last != position else { continue }
            if selections[number].positions.isEmpty { chosen.append(number) }
            selections[number].positions.append(position)
        }
        foundSelections.removeAll(keepingCapacity: true)
    }

    /// Tells those routes of a gap that ask for gaps and may have missed something in this one.
    func route(_ notice: EventBatch, of gap: Gap) {
        let missing = gap.bindings.map { EventSelector($0) }
        for (route, selectors) in gapRoutes {
            let isConcerned =
                missing.isEmpty || selectors.isEmpty
                || selectors.contains { selector in missing.contains { selector.overlaps($0) } }
            if isConcerned { route.offer(notice) }
        }
    }
}
