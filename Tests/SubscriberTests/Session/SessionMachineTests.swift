import Testing

@testable import Subscriber

/// The session's life as scripts; time is a parameter.
@Suite struct SessionMachineTests {
    private static let start = ContinuousClock().now
    private static let lost = SessionFailure(.unreachable, "lost")
    private static let denied = SessionFailure(.denied, "denied")

    private func at(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    private func machine(_ policy: SessionPolicy = .oneShot, seed: UInt64 = 1) -> SessionMachine {
        SessionMachine(policy: policy, generator: SeededGenerator(seed: seed))
    }

    /// How long the machine wants to wait, in seconds; `nil` when it wants something else.
    private func wait(_ action: SessionMachine.Action, from seconds: Double) -> Double? {
        guard case .wait(let until) = action else { return nil }
        return (until - at(seconds)) / .seconds(1)
    }

    @Test func lossAndReturnWithTheKeptToken() throws {
        var machine = machine()
        #expect(machine.proceed(now: at(0)) == .logIn)
        #expect(machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(1)) == .connect(urlIndex: 0))
        machine.becameReady(now: at(2))
        let delay = try #require(wait(machine.disconnected(Self.lost, now: at(100)), from: 100))
        #expect((0...0.5).contains(delay))
        #expect(machine.proceed(now: at(101)) == .connect(urlIndex: 0))
    }

    /// 80 % of the hour are 2880 seconds, counted from the login on.
    @Test func tokenIsRenewedInTime() {
        var machine = machine()
        _ = machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(10))
        machine.becameReady(now: at(11))
        _ = machine.disconnected(Self.lost, now: at(2000))
        #expect(machine.proceed(now: at(2889)) == .connect(urlIndex: 0))
        #expect(machine.proceed(now: at(2890)) == .logIn)
        #expect(machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(2891)) == .connect(urlIndex: 0))
        #expect(machine.proceed(now: at(2892)) == .connect(urlIndex: 0))
    }

    @Test func tokenThatDoesNotSayWhenItEnds() {
        var machine = machine()
        _ = machine.loggedIn(lifetime: nil, urlCount: 1, now: at(0))
        #expect(machine.proceed(now: at(1_000_000)) == .connect(urlIndex: 0))
    }

    /// A ready token is of unknown age: it is read again for each connection.
    @Test func tokenWithoutALife() {
        var machine = machine()
        #expect(machine.loggedIn(lifetime: .zero, urlCount: 1, now: at(0)) == .connect(urlIndex: 0))
        machine.becameReady(now: at(1))
        _ = machine.disconnected(Self.lost, now: at(2))
        #expect(machine.proceed(now: at(3)) == .logIn)
    }

    /// `exp` is the server's word: the largest number there is must not end the program.
    @Test func tokenForAllTime() {
        var machine = machine()
        let action = machine.loggedIn(lifetime: .seconds(Int.max - 1_795_227_493), urlCount: 1, now: at(0))
        #expect(action == .connect(urlIndex: 0))
        #expect(machine.proceed(now: at(1)) == .connect(urlIndex: 0))
    }

    // MARK: Refused tokens

    /// A kept token may have been revoked meanwhile: a new login answers that, at once.
    @Test func keptTokenRefused() throws {
        var machine = machine()
        _ = machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(0))
        machine.becameReady(now: at(1))
        _ = machine.disconnected(Self.lost, now: at(2))
        #expect(machine.proceed(now: at(3)) == .connect(urlIndex: 0))
        #expect(machine.tokenRefused(Self.denied, now: at(4)) == .logIn)
        #expect(machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(5)) == .connect(urlIndex: 0))
        // Fresh and refused again: no hot loop.
        let delay = try #require(wait(machine.tokenRefused(Self.denied, now: at(6)), from: 6))
        #expect(delay >= 60)
        #expect(machine.proceed(now: at(67)) == .logIn)
    }

    @Test(arguments: [SessionPolicy.oneShot, .once]) func freshTokenRefusedEndsTheCommand(_ policy: SessionPolicy) {
        var machine = machine(policy)
        _ = machine.loggedIn(lifetime: .seconds(3600), urlCount: 2, now: at(0))
        #expect(machine.tokenRefused(Self.denied, now: at(1)) == .end(.failed(Self.denied)))
    }

    @Test func freshTokenRefusedInADaemon() throws {
        var machine = machine(.forever)
        _ = machine.loggedIn(lifetime: .seconds(3600), urlCount: 1, now: at(0))
        #expect(try #require(wait(machine.tokenRefused(Self.denied, now: at(1)), from: 1)) >= 60)
        #expect(machine.proceed(now: at(100)) == .logIn)
    }

    // MARK: Policies

    @Test(arguments: [
        (SessionPolicy.oneShot, true, false), (.once, true, true), (.forever, false, false),
    ])
    func whatEnds(_ policy: SessionPolicy, _ before: Bool, _ after: Bool) {
        var login = machine(policy)
        #expect((login.loginFailed(Self.lost, now: at(0)) == .end(.failed(Self.lost))) == before)
        var connect = machine(policy)
        _ = connect.loggedIn(lifetime: nil, urlCount: 1, now: at(0))
        #expect((connect.disconnected(Self.lost, now: at(1)) == .end(.failed(Self.lost))) == before)
        var loss = machine(policy)
        _ = loss.loggedIn(lifetime: nil, urlCount: 1, now: at(0))
        loss.becameReady(now: at(1))
        #expect((loss.disconnected(Self.lost, now: at(2)) == .end(.failed(Self.lost))) == after)
        var login2 = machine(policy)
        _ = login2.loggedIn(lifetime: .zero, urlCount: 1, now: at(0))
        login2.becameReady(now: at(1))
        if !after {
            _ = login2.disconnected(Self.lost, now: at(2))
            #expect(
                wait(login2.loginFailed(Self.lost, now: at(3)), from: 3) != nil, "once ready, an outage is survived")
        }
    }

    // MARK: URLs

    /// The first readiness is worth one try of each URL, without a pause.
    @Test func everyURLOnceBeforeTheFirstReadiness() {
        var machine = machine()
        #expect(machine.loggedIn(lifetime: nil, urlCount: 3, now: at(0)) == .connect(urlIndex: 0))
        #expect(machine.disconnected(Self.lost, now: at(1)) == .connect(urlIndex: 1))
        #expect(machine.disconnected(Self.lost, now: at(2)) == .connect(urlIndex: 2))
        #expect(machine.disconnected(Self.lost, now: at(3)) == .end(.failed(Self.lost)))
    }

    /// What is refused for good at one URL is refused at the next one too.
    @Test func finalRefusalTriesNoOtherURL() {
        var machine = machine()
        _ = machine.loggedIn(lifetime: nil, urlCount: 3, now: at(0))
        #expect(machine.disconnected(Self.denied, now: at(1)) == .end(.failed(Self.denied)))
    }

    @Test(arguments: [SessionPolicy.oneShot, .forever]) func nextURLAfterALoss(_ policy: SessionPolicy) {
        var machine = machine(policy)
        _ = machine.loggedIn(lifetime: nil, urlCount: 2, now: at(0))
        machine.becameReady(now: at(1))
        for (second, index) in [(2.0, 1), (4, 0), (6, 1), (8, 0)] {
            #expect(wait(machine.disconnected(Self.lost, now: at(second)), from: second) != nil)
            #expect(machine.proceed(now: at(second + 1)) == .connect(urlIndex: index))
        }
    }

    @Test func anotherListOfURLsBeginsAtItsFirst() {
        var machine = machine(.forever)
        _ = machine.loggedIn(lifetime: .zero, urlCount: 3, now: at(0))
        _ = machine.disconnected(Self.lost, now: at(1))
        #expect(machine.loggedIn(lifetime: .zero, urlCount: 3, now: at(2)) == .connect(urlIndex: 1))
        #expect(machine.loggedIn(lifetime: .zero, urlCount: 2, now: at(3)) == .connect(urlIndex: 0))
    }

    // MARK: Pauses

    @Test(arguments: [SessionFailure.Kind.denied, .rejected]) func finalRefusalsPauseLonger(_ kind: SessionFailure.Kind)
    {
        for seed in 0..<50 as Range<UInt64> {
            var machine = machine(.forever, seed: seed)
            let failure = SessionFailure(kind, "no")
            for attempt in 0..<12 {
                let now = Double(attempt) * 100
                let delay = wait(machine.loginFailed(failure, now: at(now)), from: now) ?? 0
                #expect(delay == 60, "the back-off's own bound is a minute as well")
            }
        }
    }

    @Test func failuresGrowThePause() {
        var longest = [Double](repeating: 0, count: 10)
        for seed in 0..<300 as Range<UInt64> {
            var machine = machine(.forever, seed: seed)
            for attempt in 0..<10 {
                let delay = wait(machine.loginFailed(Self.lost, now: at(0)), from: 0) ?? -1
                #expect(delay >= 0)
                #expect(delay <= min(60, 0.5 * Double(1 << attempt)))
                longest[attempt] = max(longest[attempt], delay)
            }
        }
        for (attempt, delay) in longest.enumerated() { #expect(delay > 0.9 * min(60, 0.5 * Double(1 << attempt))) }
    }

    @Test(arguments: [(29.9, 6), (30, 1), (3000, 1)]) func onlyAStableSessionForgetsFailures(
        _ stable: Double, _ failures: Int
    ) {
        var machine = machine(.forever)
        for _ in 0..<5 { _ = machine.loginFailed(Self.lost, now: at(0)) }
        #expect(machine.failures == 5)
        _ = machine.loggedIn(lifetime: nil, urlCount: 1, now: at(10))
        machine.becameReady(now: at(20))
        _ = machine.disconnected(Self.lost, now: at(20 + stable))
        #expect(machine.failures == failures)
        // A connection that was not ready again is not stable, however long it took.
        _ = machine.disconnected(Self.lost, now: at(100_000))
        #expect(machine.failures == failures + 1)
    }

    /// A thousand clients lose one server at the same instant. No tenth of the half second brings back more than its
    /// share, nor less.
    @Test func aThousandClientsDoNotReturnAsOneWave() {
        var tenths = [Int](repeating: 0, count: 10)
        for seed in 0..<1000 as Range<UInt64> {
            var machine = machine(.forever, seed: seed)
            _ = machine.loggedIn(lifetime: nil, urlCount: 1, now: at(0))
            machine.becameReady(now: at(1))
            let delay = wait(machine.disconnected(Self.lost, now: at(100)), from: 100) ?? -1
            #expect((0...0.5).contains(delay))
            tenths[max(0, min(9, Int(delay * 20)))] += 1
        }
        // A hundred each; the seeds are fixed, and five standard deviations are 47.
        for count in tenths { #expect(abs(count - 100) < 48) }
    }
}
