import Blackhole
import TestSupport
import Testing

@testable import Subscriber

/// Whatever happens, in whatever order: the machine is never stuck, never spins, and never asks for the same thing twice.
@Suite struct RandomLivesTests {
    /// What the machine has asked for and not heard of yet.
    private struct World {
        var script: Script
        var now = 0.0
        var generator: SeededGenerator
        var isLoggingIn = false
        var isListing = false
        /// The connections that are open or being made; those that are told to leave end soon.
        var connections: [Int: (isLeaving: Bool, load: Int)] = [:]
        var made = 0

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
                    connections[id.number] = (false, subscriptions.count)
                case .add(let id, let subscriptions):
                    #expect(connections[id.number]?.isLeaving == false)
                    connections[id.number]?.load += subscriptions.count
                case .remove(let id, let subscriptions):
                    #expect(connections[id.number]?.isLeaving == false)
                    connections[id.number]?.load -= subscriptions.count
                case .renew(let id, _): #expect(connections[id.number]?.isLeaving == false)
                case .leave(let id):
                    #expect(connections[id.number]?.isLeaving == false)
                    connections[id.number]?.isLeaving = true
                case .rest(let until): #expect(until >= Script.at(now))
                case .want, .unwant, .ready: break
                case .end: Issue.record("it never gives up")
                }
            }
        }

        mutating func step() throws {
            let connection = connections.keys.sorted().randomElement(using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0 where isLoggingIn:
                isLoggingIn = false
                let lifetimes: [Duration?] = [.zero, .seconds(30), nil, .seconds(3600)]
                let lifetime = lifetimes.randomElement(using: &generator) ?? nil
                execute(try script.logIn(at: now, lifetime: lifetime, urls: 2))
            case 1 where isLoggingIn:
                isLoggingIn = false
                execute(script.failLogin(Bool.random(using: &generator) ? Script.lost : Script.denied, at: now))
            case 2 where isListing:
                isListing = false
                let first = Int.random(in: 1...5, using: &generator)
                execute(try script.list(first...Int.random(in: first...12, using: &generator), at: now))
            case 3 where isListing:
                isListing = false
                let isTokenRefused = Bool.random(using: &generator)
                execute(
                    script.machine.listingFailed(Script.lost, isTokenRefused: isTokenRefused, now: Script.at(now)))
            case 4:
                guard let connection, let (isLeaving, load) = connections[connection], !isLeaving else { return }
                let refused = Int.random(in: 0...9, using: &generator) == 0 ? load : 0
                execute(
                    script.settle(
                        connection, confirmed: max(load - refused, 0), refused: refused,
                        kazoo: Bool.random(using: &generator) ? 4 : 5, at: now))
            case 5, 6:
                guard let connection, connections.removeValue(forKey: connection) != nil else { return }
                let failure = [Script.lost, Script.crowded, Script.denied].randomElement(using: &generator)
                execute(
                    Int.random(in: 0...3, using: &generator) == 0
                        ? script.refuseToken(connection, at: now)
                        : script.lose(connection, failure ?? Script.lost, at: now))
            case 7:
                guard let connection else { return }
                execute(script.machine.suspected(ConnectionID(connection), now: Script.at(now)))
            case 8 where Int.random(in: 0...20, using: &generator) == 0:
                execute(script.machine.monthTurned(now: Script.at(now)))
            default:
                guard let deadline = script.deadline else { return }
                // A moment after it: seconds in floating point are not exact.
                now = max(now, deadline + 0.001)
                execute(script.tick(at: now))
            }
            check()
        }

        private func check() {
            if let deadline = script.deadline {
                var later = script
                if deadline <= now { _ = later.tick(at: now) }
                #expect((later.deadline ?? .infinity) > now, "it would spin")
            }
            let isBusy = isLoggingIn || isListing || connections.values.contains { !$0.isLeaving }
            #expect(isBusy || !connections.isEmpty || script.deadline != nil, "it would be stuck for ever")
        }
    }

    @Test(arguments: [1, 2], [false, true]) func neverStuckAndNeverSpinning(
        _ redundancy: Int, _ followsDescendants: Bool
    ) throws {
        var policy = SessionPolicy.forever
        policy.redundancy = redundancy
        policy.subscriptionsPerConnection = 3
        policy.renewalInterval = .seconds(40)
        for seed in 0..<60 as Range<UInt64> {
            var world = World(
                script: try Script(
                    policy, bindings: followsDescendants ? 1 : 7, descendants: followsDescendants, seed: seed),
                generator: SeededGenerator(seed: seed &+ 1000))
            world.execute(world.script.begin())
            for _ in 0..<400 { try world.step() }
            #expect(world.made > 2, "something happened")
        }
    }
}
