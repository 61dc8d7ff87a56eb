import Blackhole
import TestSupport
import Testing

@testable import Subscriber

/// Whatever happens, in whatever order: the machine is never stuck, never spins, never asks for the same thing twice, and
/// each connection is told exactly what its share holds.
@Suite struct RandomLivesTests {
    /// A connection that is open or being made, as the driver would know it.
    fileprivate struct Connection {
        var subscriptions: Set<Subscription>
        /// Those that are told to leave end soon.
        var isLeaving = false
        /// How many additions and removals it has been told.
        var orders = 0
        /// How many of them it has seen.
        var seen = 0
        var isSettled = false
    }

    /// What the machine has asked for and not heard of yet.
    private struct World {
        var script: Script
        var now = 0.0
        var generator: SeededGenerator
        var isLoggingIn = false
        var isListing = false
        var connections: [Int: Connection] = [:]
        var made = 0
        /// What is wanted, as the coverage would know it.
        var wanted: Set<Subscription> = []

        mutating func execute(_ actions: [SessionMachine.Action]) {
            for action in actions {
                switch action {
                case .logIn:
                    #expect(!isLoggingIn, "one login at a time")
                    isLoggingIn = true
                case .listAccounts:
                    #expect(!isListing, "one question at a time")
                    isListing = true
                case .connect(let id, _, let subscriptions):
                    made += 1
                    #expect(id.number == made, "every connection has a number of its own")
                    #expect(!subscriptions.isEmpty, "there is something to connect for")
                    connections[id.number] = Connection(subscriptions: Set(subscriptions))
                case .add(let id, let subscriptions): tell(id) { $0.subscriptions.formUnion(subscriptions) }
                case .remove(let id, let subscriptions): tell(id) { $0.subscriptions.subtract(subscriptions) }
                case .renew(let id, _): #expect(connections[id.number]?.isLeaving == false)
                case .leave(let id):
                    #expect(connections[id.number]?.isLeaving == false)
                    connections[id.number]?.isLeaving = true
                case .rest(let until): #expect(until >= Script.at(now))
                case .want(let subscriptions, _):
                    #expect(wanted.isDisjoint(with: subscriptions))
                    wanted.formUnion(subscriptions)
                case .unwant(let subscriptions):
                    #expect(wanted.isSuperset(of: subscriptions))
                    wanted.subtract(subscriptions)
                case .ready, .changed, .changeRefused: break
                case .end: Issue.record("it never gives up")
                }
            }
        }

        private mutating func tell(_ id: ConnectionID, _ change: (inout Connection) -> Void) {
            guard var connection = connections[id.number], !connection.isLeaving else {
                Issue.record("\(id) is not there to be told")
                return
            }
            change(&connection)
            connection.orders += 1
            connections[id.number] = connection
        }

        mutating func step() throws {
            let connection = connections.keys.sorted().randomElement(using: &generator)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0 where isLoggingIn:
                let lifetimes: [Duration?] = [.zero, .seconds(30), nil, .seconds(3600)]
                try logIn(lifetime: lifetimes.randomElement(using: &generator) ?? nil)
            case 1 where isLoggingIn:
                isLoggingIn = false
                execute(script.failLogin(Bool.random(using: &generator) ? Script.lost : Script.denied, at: now))
            case 2 where isListing:
                let first = Int.random(in: 1...5, using: &generator)
                try list(first...Int.random(in: first...12, using: &generator))
            case 3 where isListing:
                isListing = false
                let isTokenRefused = Bool.random(using: &generator)
                execute(
                    script.machine.listingFailed(Script.lost, isTokenRefused: isTokenRefused, now: Script.at(now)))
            case 4, 5:
                guard let connection, connections[connection]?.isLeaving == false else { return }
                settle(
                    connection, isRefused: Int.random(in: 0...9, using: &generator) == 0,
                    isLate: Int.random(in: 0...2, using: &generator) == 0)
            case 6, 7:
                guard let connection, connections.removeValue(forKey: connection) != nil else { return }
                let failure = [Script.lost, Script.crowded, Script.denied].randomElement(using: &generator)
                execute(
                    Int.random(in: 0...3, using: &generator) == 0
                        ? script.refuseToken(connection, at: now)
                        : script.lose(connection, failure ?? Script.lost, at: now))
            case 8:
                guard let connection else { return }
                execute(script.machine.suspected(ConnectionID(connection), now: Script.at(now)))
            case 9 where Int.random(in: 0...20, using: &generator) == 0:
                execute(script.machine.monthTurned(now: Script.at(now)))
            case 10 where Int.random(in: 0...3, using: &generator) == 0:
                execute(script.want(try wishes(), at: now))
            default: tick()
            }
            check()
        }

        // MARK: What happens

        private mutating func logIn(lifetime: Duration?) throws {
            isLoggingIn = false
            execute(try script.logIn(at: now, lifetime: lifetime, urls: 2))
        }

        private mutating func list(_ accounts: ClosedRange<Int>) throws {
            isListing = false
            execute(try script.list(accounts, at: now))
        }

        /// - Parameter isLate: whether it may not have seen everything yet that it has been told.
        private mutating func settle(_ number: Int, isRefused: Bool, isLate: Bool) {
            guard let connection = connections[number] else { return }
            let seen =
                isLate ? Int.random(in: connection.seen...connection.orders, using: &generator) : connection.orders
            connections[number]?.seen = seen
            connections[number]?.isSettled = true
            let load = connection.subscriptions.count
            execute(
                script.settle(
                    number, confirmed: isRefused ? 0 : load, refused: isRefused ? load : 0,
                    late: connection.orders - seen, kazoo: Bool.random(using: &generator) ? 4 : 5, at: now))
        }

        private mutating func tick() {
            guard let deadline = script.deadline else { return }
            // A moment after it: seconds in floating point are not exact.
            now = max(now, deadline + 0.001)
            execute(script.tick(at: now))
        }

        /// Some of each kind, none at all, or one that is not possible.
        private mutating func wishes() throws -> [SessionConfiguration.Wanted] {
            let impossible = SessionConfiguration.Wanted(
                accounts: .account(try AccountID("*")), binding: try Binding("object.*.*"))
            if Int.random(in: 0...9, using: &generator) == 0 { return [impossible] }
            let kinds: [SessionConfiguration.Accounts] = [.own, .account(try Script.account(3)), .descendants]
            return try kinds.flatMap { accounts in
                try Script.wishes(
                    (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                        Int.random(in: 1...9, using: &generator)
                    }, for: accounts)
            }
        }

        // MARK: What holds at all times

        private func check() {
            let machine = script.machine
            if let deadline = script.deadline {
                var later = script
                if deadline <= now { _ = later.tick(at: now) }
                #expect((later.deadline ?? .infinity) > now, "it would spin")
            }
            let isBusy = isLoggingIn || isListing || connections.values.contains { !$0.isLeaving }
            #expect(
                isBusy || !connections.isEmpty || script.deadline != nil || machine.wishes.wanted.isEmpty,
                "it would be stuck for ever")
            #expect(wanted == Set(machine.plan.shares.flatMap(\.subscriptions)))
            for lane in machine.lanes {
                for link in lane.links {
                    let connection = connections[link.id.number]
                    #expect(connection?.subscriptions == Set(machine.plan[share: lane.share]))
                    #expect(connection?.orders == link.orders)
                }
            }
        }

        // MARK: How it ends

        /// From now on all goes well; sooner or later the machine is ready, and what it wants is carried.
        mutating func calmDown() throws {
            for _ in 0..<500 where !isWell {
                let numbers = connections.keys.sorted()
                if isLoggingIn {
                    try logIn(lifetime: .seconds(3600))
                } else if isListing {
                    try list(1...4)
                } else if let number = numbers.first(where: { connections[$0]?.isLeaving == true }) {
                    connections[number] = nil
                    execute(script.lose(number, at: now))
                } else if let number = numbers.first(where: { connections[$0]?.isQuiet == false }) {
                    settle(number, isRefused: false, isLate: false)
                } else {
                    tick()
                }
                check()
            }
            let machine = script.machine
            #expect(isWell, "it would never be ready")
            let possible = try machine.wishes.subscriptions(
                own: machine.ownAccount, descendants: machine.descendants ?? [])
            #expect(wanted == Set(possible.map(\.subscription)))
            // Nothing changes, and that is told at once.
            let actions = script.want(machine.wishes.wanted, at: now)
            #expect(
                actions.starts(with: [
                    .changed(added: 0, removed: 0), .ready(confirmed: wanted.count, refused: 0),
                ]))
        }

        private var isWell: Bool {
            script.machine.isReady && !script.machine.lanes.contains(where: \.isRefused)
                && !isLoggingIn && !isListing && connections.values.allSatisfy(\.isQuiet)
        }
    }

    @Test(arguments: [1, 2], [false, true]) func neverStuckAndNeverSpinning(
        _ redundancy: Int, _ followsDescendants: Bool
    ) throws {
        var policy = SessionPolicy.forever
        policy.subscriptionsPerConnection = 3
        policy.redundancy = redundancy
        policy.renewalInterval = .seconds(40)
        for seed in 0..<30 as Range<UInt64> {
            var world = World(
                script: try Script(
                    policy, bindings: followsDescendants ? 1 : 7, descendants: followsDescendants, seed: seed),
                generator: SeededGenerator(seed: seed &+ 1000))
            world.execute(world.script.begin())
            for _ in 0..<400 { try world.step() }
            #expect(world.made > 2, "something happened")
            try world.calmDown()
        }
    }
}

extension RandomLivesTests.Connection {
    /// Whether there is nothing that it has to tell.
    fileprivate var isQuiet: Bool { isSettled && !isLeaving && seen == orders }
}
