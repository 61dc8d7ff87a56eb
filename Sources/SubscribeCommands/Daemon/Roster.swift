import Settings
import Subscriber

/// Which consumers work, which are on their way out, and which wait for their place: a value that is told what happens, and
/// says what to do.
///
/// What is new begins only when everything that leaves has gone, for the two may write to the same file; what comes for it
/// meanwhile is kept.
struct Roster {
    /// What to do.
    enum Action {
        /// Let it deliver, and say when it has ended.
        case run(Member)
        /// Let it come to its end.
        case finish(any Outlet)
    }

    /// A consumer with its place in the list.
    struct Member {
        /// Not the number of any other, ever.
        let id: Int
        fileprivate let settings: ConsumerSettings
        fileprivate let host: String
        let outlet: any Outlet
        fileprivate var state = State.waiting

        /// Its name in the config file.
        var name: String { settings.name.value }
        /// Whether it is at work, and nobody has asked for its end.
        var isWanted: Bool { state == .working }
    }

    fileprivate enum State {
        /// What comes for it is kept, and nothing is delivered yet.
        case waiting
        case working
        /// Nothing comes any more; what is there is delivered.
        case leaving
        /// It is of no use any more.
        case ended
    }

    /// The consumers, in the order of the config file; those that leave are behind the others.
    private(set) var members: [Member] = []
    private var nextID = 0
    private var isFinishing = false

    /// Where events go.
    var routes: [Route] { members.filter { $0.state == .waiting || $0.state == .working }.compactMap(\.outlet.route) }

    /// Whether somebody is on his way out, and nothing can be changed before that.
    var isChanging: Bool { members.contains { $0.state == .leaving } }

    /// Whether nobody is left who could take events.
    var isEmpty: Bool { members.allSatisfy { $0.state == .ended } }

    /// Changes to these consumers; who is the same stays untouched. Not while ``isChanging``.
    ///
    /// - Parameters:
    ///   - host: the host of Kazoo's API, which consumers may show.
    ///   - make: makes a consumer; what it throws leaves everything as it was.
    mutating func change(
        to consumers: [ConsumerSettings], host: String,
        make: (ConsumerSettings, _ host: String) throws(UsageError) -> any Outlet
    ) throws(UsageError) -> [Action] {
        precondition(!isChanging && !isFinishing, "one change at a time")
        var next: [Member] = []
        for settings in consumers {
            if let same = members.first(where: { $0.settings == settings && $0.host == host && $0.state == .working }) {
                next.append(same)
            } else {
                next.append(Member(id: nextID, settings: settings, host: host, outlet: try make(settings, host)))
                nextID += 1
            }
        }
        let kept = Set(next.map(\.id))
        var gone = members.filter { !kept.contains($0.id) && $0.state == .working }
        for index in gone.indices { gone[index].state = .leaving }
        members = next + gone
        return gone.map { .finish($0.outlet) } + begin()
    }

    /// Lets everybody come to an end.
    mutating func finish() -> [Action] {
        isFinishing = true
        let working = members.indices.filter { members[$0].state == .working }
        for index in working { members[index].state = .leaving }
        return working.map { .finish(members[$0].outlet) } + begin()
    }

    /// Somebody has come to an end.
    mutating func ended(_ id: Int) -> [Action] {
        guard let index = members.firstIndex(where: { $0.id == id }) else { return [] }
        if members[index].state == .leaving { members.remove(at: index) } else { members[index].state = .ended }
        return begin()
    }

    private mutating func begin() -> [Action] {
        guard !isChanging else { return [] }
        var actions: [Action] = []
        for index in members.indices where members[index].state == .waiting {
            members[index].state = isFinishing ? .leaving : .working
            actions.append(.run(members[index]))
            if isFinishing { actions.append(.finish(members[index].outlet)) }
        }
        return actions
    }
}
