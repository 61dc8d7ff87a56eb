public import Blackhole
public import Events

/// What one consumer gets of batches that somebody else has brought, such as the journal.
public struct RouteFilter: Sendable {
    private let bindings: BindingIndex?
    private let selectors: [EventSelector]
    private let matches: [EventMatch]
    private let showsGaps: Bool

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - bindings: the bindings whose events pass, whichever account they are of; empty for every line.
    ///   - matches: what every event that passes matches.
    ///   - showsGaps: whether lines pass that tell where events may have been missed, of these bindings.
    public init(bindings: [Binding], matches: [EventMatch], showsGaps: Bool) {
        selectors = bindings.map { EventSelector($0) }
        self.bindings = bindings.isEmpty ? nil : BindingIndex(selectors)
        self.matches = matches
        self.showsGaps = showsGaps
    }

    /// Whether every event passes.
    public var isOpen: Bool { bindings == nil && matches.isEmpty && showsGaps }

    /// The lines of a batch that pass, with the numbers that they have.
    public func callAsFunction(_ batch: EventBatch) -> EventBatch {
        guard !isOpen else { return batch }
        var found: [Int] = []
        let positions = batch.bytes.withUnsafeBytes { bytes in
            batch.indices.filter { position in
                let line = batch.lines[position]
                if line.kind == .notice { return showsGaps && concerns(batch[position]) }
                if let bindings {
                    found.removeAll(keepingCapacity: true)
                    bindings.find(line, in: bytes, into: &found)
                    if found.isEmpty { return false }
                }
                return matches.allMatch(line, in: bytes)
            }
        }
        return positions.count == batch.count ? batch : batch.select(positions)
    }

    /// Whether a gap may be of these bindings: it names its own, or is of any.
    private func concerns(_ notice: EventView) -> Bool {
        let text = String(decoding: notice.json, as: UTF8.self)
        guard !selectors.isEmpty, case .array(let names)? = (try? JSONValue(parsing: text))?["bindings"] else {
            return true
        }
        let missing = names.compactMap { name -> EventSelector? in
            guard case .string(let text) = name else { return nil }
            return (try? Binding(text)).map { EventSelector($0) }
        }
        return missing.isEmpty || selectors.contains { selector in missing.contains { selector.overlaps($0) } }
    }
}
