import Events

/// How one session of Kazoo and the sessions of strangers share listeners, as `bh_events.erl` and
/// `blackhole_listener.erl` tell it: a listener for each binding, and how many sessions need it.
struct CountingKazoo {
    let release: Driver.Release
    /// How many sessions Kazoo believes to need a listener; bound while there are any.
    private(set) var counts: [String: Int]
    /// The listeners that Kazoo believes this session to have.
    private var listeners: Set<String> = []

    /// A Kazoo where `strangers` other sessions need each of the listeners.
    init(_ release: Driver.Release, bindings: [String], strangers: Int) {
        self.release = release
        counts = Dictionary(uniqueKeysWithValues: bindings.map { ($0, strangers) })
    }

    /// Carries out a command, and gives the data of its reply.
    mutating func perform(_ command: JSONValue) -> JSONValue {
        let binding = command.binding ?? ""
        if command.action == "unsubscribe" {
            giveUp(binding)
            listeners.remove(binding)
        } else if release == .v4 || listeners.insert(binding).inserted {
            counts[binding, default: 0] += 1
        }
        return release == .v4 ? ["subscribed": []] : ["subscribed": [], "subscriptions": []]
    }

    /// The listener restarts, and knows of nobody.
    mutating func restart() { counts = [:] }

    private mutating func giveUp(_ binding: String) {
        let count = counts[binding, default: 0] - 1
        counts[binding] = count > 0 ? count : nil
    }
}
