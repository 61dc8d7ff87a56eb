/// First in, first out.
struct MemoryFeedFIFO<Element: Sendable>: Sendable {
    /// What is gone is `nil`, so that nothing it refers to is held.
    private var elements: [Element?] = []
    private var gone = 0

    var isEmpty: Bool { gone == elements.count }

    /// The element that comes out next.
    var first: Element? { gone < elements.count ? elements[gone] : nil }

    /// The first element that meets a condition.
    func first(where condition: (Element) -> Bool) -> Element? {
        elements[gone...].lazy.compactMap(\.self).first(where: condition)
    }

    /// Changes the element that comes out next, where there is one.
    mutating func changeFirst<Answer>(_ change: (inout Element) -> Answer?) -> Answer? {
        guard !isEmpty, var element = elements[gone].take() else { return nil }
        defer { elements[gone] = element }
        return change(&element)
    }

    /// Adds an element at the end.
    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the next element out.
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[gone].take()
        gone += 1
        // Half of the places are given back at a time: each element is moved once on average.
        if gone * 2 > elements.count, gone > 32 || gone == elements.count {
            elements.removeFirst(gone)
            gone = 0
        }
        return element
    }
}
