import Blackhole
import Settings

extension Settings {
    /// The bindings of consumers for which no subscription brings an event.
    var idleBindings: [Located<String>] {
        let brought = subscriptions.flatMap(\.bindings).compactMap { try? Binding($0.value) }.map { EventSelector($0) }
        return consumers.flatMap(\.bindings).filter { text in
            guard let binding = try? Binding(text.value) else { return false }
            let selector = EventSelector(binding)
            return !brought.contains { selector.overlaps($0) }
        }
    }
}
