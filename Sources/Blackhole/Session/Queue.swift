/// First in, first out.
struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var taken = 0

    init(_ elements: [Element] = []) {
        self.elements = elements
    }

    /// The element that comes out next.
    var first: Element? {
        taken < elements.count ? elements[taken] : nil
    }

    /// Adds an element at the end.
    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the next element out.
    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        taken += 1
        if taken == elements.count || taken > 1_024 {
            elements.removeFirst(taken)
            taken = 0
        }
        return first
    }
}
