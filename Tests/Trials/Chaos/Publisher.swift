import Blackhole
import Events
import KazooSimulator
import Subscriber
import Synchronization
import TestSupport

/// Publishes numbered events in changing moods, and remembers when, and who should get them.
///
/// It also adds and removes accounts, between two events: so no event is on its way while it becomes wanted or unwanted.
final class Publisher: Sendable {
    private enum Order {
        case add
        case remove
    }

    private struct State {
        var generator: SeededGenerator
        var published: [Ledger.Publication] = []
        /// The accounts below the login's, with the ids of the last events that are theirs.
        var accounts: [(id: String, recent: [String])]
        var nextAccount: Int
        var orders: [Order] = []
    }

    private let kazoo: SimulatedKazoo
    private let arrivals: Arrivals
    private let state: Mutex<State>

    /// How many events of an account are looked at to tell whether it is followed.
    private static let recent = 8
    /// How few and how many accounts there may be below the login's.
    static let accountCounts = 4...12

    /// - Parameter accounts: how many accounts there are below the login's, numbered from 0.
    init(to kazoo: SimulatedKazoo, arrivals: Arrivals, accounts: Int, seed: UInt64) {
        self.kazoo = kazoo
        self.arrivals = arrivals
        state = Mutex(
            State(
                generator: SeededGenerator(seed: seed),
                accounts: (0..<accounts).map { (Scenery.account($0).id, []) }, nextAccount: accounts))
    }

    /// What was published so far.
    var published: [Ledger.Publication] { state.withLock { $0.published } }

    /// One of the accounts below the login's.
    func anyAccount(using generator: inout some RandomNumberGenerator) -> String {
        state.withLock { state in state.accounts.map(\.id) }.randomElement(using: &generator) ?? Scenery.own
    }

    /// Adds an account soon.
    func orderAccount() { state.withLock { $0.orders.append(.add) } }

    /// Removes an account that is followed, soon.
    func orderRemoval() { state.withLock { $0.orders.append(.remove) } }

    // MARK: Publishing

    /// Publishes until cancelled.
    func run() async throws {
        while !Task.isCancelled {
            let (rate, length) = state.withLock { Self.mood(using: &$0.generator) }
            let end = ContinuousClock.now + length
            while ContinuousClock.now < end {
                try await obey()
                if rate > 0 { try await publish(nextEvent()) }
                try await Task.sleep(for: rate > 0 ? .seconds(1) / rate : .milliseconds(250))
            }
        }
    }

    /// Publishes one event of each kind to every account.
    func publishOneOfEach() async throws {
        let accounts = [Scenery.own] + state.withLock { $0.accounts.map(\.id) }
        for account in accounts {
            for kind in TrialEvent.kinds where account == Scenery.own || kind != .dialog {
                try await publish(event(kind, account))
            }
        }
    }

    /// Whether everything came that was published since.
    func allCame(since moment: Timestamp) -> Bool {
        let recent = state.withLock { $0.published.reversed().prefix { $0.span.from >= moment } }
        return recent.allSatisfy { $0.subscriptions.isEmpty || arrivals.contains($0.id) }
    }

    /// Events a second, and for how long.
    private static func mood(using generator: inout SeededGenerator) -> (rate: Int, length: Duration) {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<2: (0, .seconds(Int.random(in: 2...12, using: &generator)))
        case 2..<5: (2, .seconds(Int.random(in: 5...15, using: &generator)))
        case 5..<8: (20, .seconds(Int.random(in: 5...15, using: &generator)))
        default: (150, .seconds(Int.random(in: 1...4, using: &generator)))
        }
    }

    private func nextEvent() -> TrialEvent {
        state.withLock { state in
            let kind = TrialEvent.kinds.randomElement(using: &state.generator) ?? .fax
            let lower = state.accounts.map(\.id)
            let account = kind == .dialog ? Scenery.own : (lower + [Scenery.own]).randomElement(using: &state.generator)
            return TrialEvent(number: state.published.count, kind: kind, account: account ?? Scenery.own)
        }
    }

    private func event(_ kind: TrialEvent.Kind, _ account: String) -> TrialEvent {
        TrialEvent(number: state.withLock { $0.published.count }, kind: kind, account: account)
    }

    private func publish(_ event: TrialEvent) async throws {
        let bindings = event.account == Scenery.own ? Scenery.ownBindings : Scenery.lowerBindings
        let id = try AccountID(event.account)
        let subscriptions = try event.brought(by: bindings).map {
            try Subscription(account: id, binding: try Binding($0))
        }
        let before = Timestamp.now
        await kazoo.publish(event.simulated)
        let publication = Ledger.Publication(
            id: event.id, span: Span(before, .now), subscriptions: subscriptions)
        state.withLock { state in
            state.published.append(publication)
            guard !subscriptions.isEmpty, let index = state.accounts.firstIndex(where: { $0.id == event.account })
            else { return }
            state.accounts[index].recent = state.accounts[index].recent.suffix(Self.recent - 1) + [event.id]
        }
    }

    // MARK: Accounts

    private func obey() async throws {
        let orders = state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
        for order in orders {
            switch order {
            case .add:
                let number: Int? = state.withLock { state in
                    guard state.accounts.count < Self.accountCounts.upperBound else { return nil }
                    defer { state.nextAccount += 1 }
                    return state.nextAccount
                }
                guard let number else { continue }
                let account = Scenery.account(number)
                await kazoo.addAccount(account, announced: true)
                state.withLock { $0.accounts.append((account.id, [])) }
            case .remove:
                // One that was never followed would be missed by nobody: only Kazoo knew of it.
                let gone: String? = state.withLock { state in
                    guard state.accounts.count > Self.accountCounts.lowerBound,
                        let index = state.accounts.firstIndex(where: { $0.recent.contains(where: arrivals.contains) })
                    else { return nil }
                    return state.accounts.remove(at: index).id
                }
                if let gone { await kazoo.removeAccount(gone) }
            }
        }
    }
}
