import Blackhole
import Events
import TestSupport
import Testing

@testable import Subscriber

/// Drives a session machine as the driver would, with a clock that is told the time in seconds.
struct Script {
    static let start = ContinuousClock().now
    static let lost = SessionFailure(.unreachable, "lost")
    static let denied = SessionFailure(.denied, "denied")
    static let crowded = SessionFailure(.crowded, "429")
    static let own = "009afc511c97b2ae693c6cc4920988e8"

    var machine: SessionMachine

    /// - Parameters:
    ///   - bindings: how many are wanted for the token's own account.
    ///   - descendants: whether they are wanted for the accounts below it instead.
    init(
        _ policy: SessionPolicy = .oneShot, bindings: Int = 1, descendants: Bool = false, seed: UInt64 = 1
    ) throws {
        let wanted = try Self.wishes(1...bindings, for: descendants ? .descendants : .own)
        machine = SessionMachine(policy: policy, wanted: wanted, generator: SeededGenerator(seed: seed))
    }

    static func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    static func binding(_ number: Int) throws -> Binding { try Binding("call.*.call\(number)") }

    /// Wishes for these bindings.
    static func wishes(
        _ numbers: some Sequence<Int>, for accounts: SessionConfiguration.Accounts = .own
    ) throws -> [SessionConfiguration.Wanted] {
        try numbers.map { SessionConfiguration.Wanted(accounts: accounts, binding: try binding($0)) }
    }

    static func account(_ number: Int) throws -> AccountID {
        let digits = String(number, radix: 16)
        return try AccountID(String(repeating: "0", count: 32 - digits.count) + digits)
    }

    /// The subscriptions to the token's own account, by their numbers.
    static func subscriptions(_ numbers: ClosedRange<Int>) throws -> [Subscription] {
        try numbers.map { try Subscription(account: AccountID(own), binding: binding($0)) }
    }

    // MARK: What happens

    mutating func begin() -> [SessionMachine.Action] { machine.start(now: Self.at(0)) }

    mutating func logIn(
        at seconds: Double, lifetime: Duration? = .seconds(3600), urls: Int = 1
    ) throws -> [SessionMachine.Action] {
        machine.loggedIn(
            account: try AccountID(Self.own), lifetime: lifetime, urlCount: urls, now: Self.at(seconds))
    }

    mutating func failLogin(_ failure: SessionFailure = Self.lost, at seconds: Double) -> [SessionMachine.Action] {
        machine.loginFailed(failure, now: Self.at(seconds))
    }

    mutating func list(_ accounts: ClosedRange<Int>, at seconds: Double) throws -> [SessionMachine.Action] {
        machine.listed(try accounts.map(Self.account), now: Self.at(seconds))
    }

    /// The subscriptions of a connection are settled.
    ///
    /// - Parameter late: how many additions and removals the connection has not seen yet.
    mutating func settle(
        _ number: Int, confirmed: Int = 1, refused: Int = 0, late: Int = 0, kazoo version: Int = 4,
        at seconds: Double
    ) -> [SessionMachine.Action] {
        let orders = machine.lanes.lazy.flatMap(\.links).first { $0.id.number == number }?.orders ?? 0
        let settlement = Settlement(
            confirmed: confirmed, refused: refused, orders: orders - late, isRenewedByRepeating: version == 4,
            failure: SessionFailure(.refused, "refused"))
        return machine.settled(ConnectionID(number), settlement, now: Self.at(seconds))
    }

    mutating func lose(
        _ number: Int, _ failure: SessionFailure = Self.lost, at seconds: Double
    ) -> [SessionMachine.Action] {
        machine.ended(ConnectionID(number), failure, isTokenRefused: false, now: Self.at(seconds))
    }

    mutating func refuseToken(_ number: Int, at seconds: Double) -> [SessionMachine.Action] {
        machine.ended(ConnectionID(number), Self.denied, isTokenRefused: true, now: Self.at(seconds))
    }

    /// Others are wanted.
    mutating func want(
        _ wanted: [SessionConfiguration.Wanted], at seconds: Double
    ) -> [SessionMachine.Action] {
        machine.want(wanted, now: Self.at(seconds))
    }

    mutating func tick(at seconds: Double) -> [SessionMachine.Action] { machine.tick(now: Self.at(seconds)) }

    /// When the machine wants to be ticked, in seconds.
    var deadline: Double? { machine.deadline.map { ($0 - Self.start) / .seconds(1) } }
}

extension [SessionMachine.Action] {
    /// The connections that are to be made: their numbers and URLs.
    var connects: [[Int]] {
        compactMap { if case .connect(let id, let urlIndex, _) = $0 { [id.number, urlIndex] } else { nil } }
    }

    /// The subscriptions that each new connection is to make.
    var loads: [Int] {
        compactMap { if case .connect(_, _, let subscriptions) = $0 { subscriptions.count } else { nil } }
    }

    /// What is renewed, by the connections' numbers.
    var renewals: [Int: Renewal] {
        reduce(into: [:]) { if case .renew(let id, let renewal) = $1 { $0[id.number] = renewal } }
    }

    /// The connections that are to be left.
    var leaves: [Int] { compactMap { if case .leave(let id) = $0 { id.number } else { nil } } }

    /// How long a rest is, in seconds from a moment on; `nil` when there is none.
    func rest(from seconds: Double) -> Double? {
        for case .rest(let until) in self { return (until - Script.at(seconds)) / .seconds(1) }
        return nil
    }

    /// Why it ends; `nil` when it does not.
    var failure: SessionFailure? {
        for case .end(.failed(let failure)) in self { return failure }
        return nil
    }
}
