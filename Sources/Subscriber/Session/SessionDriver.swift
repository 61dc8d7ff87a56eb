import Blackhole
import Crossbar
import Events
import Network
import Secrets
import Threads

/// Executes what ``SessionMachine`` decides. Belongs to the session's thread.
struct SessionDriver: ~Copyable {
    private let configuration: SessionConfiguration
    private let interruption: Interruption
    private let report: @Sendable (SessionReport) -> Void
    private let crossbar: CrossbarClient
    private var machine: SessionMachine
    private var flow: EventFlow
    private var grant: Grant?
    private var connections = 0

    init(
        configuration: SessionConfiguration, sink: any EventSink, interruption: Interruption,
        report: @escaping @Sendable (SessionReport) -> Void
    ) throws(NetworkError) {
        self.configuration = configuration
        flow = EventFlow(sink: sink)
        self.interruption = interruption
        self.report = report
        crossbar = try CrossbarClient(
            server: configuration.server, options: configuration.network, interruption: interruption)
        machine = SessionMachine(policy: configuration.policy)
    }

    mutating func run() -> SessionEnd {
        var action = machine.proceed(now: .now)
        while !interruption.isRaised {
            switch action {
            case .logIn: action = logIn()
            case .connect(let index): action = connect(urlIndex: index)
            case .wait(let until):
                guard wait(until: until) == .more else { return .finished }
                action = machine.proceed(now: .now)
            case .end(let end): return end
            }
        }
        return .finished
    }

    private mutating func logIn() -> SessionMachine.Action {
        do {
            let grant = try Grant(configuration, crossbar: crossbar, report: report)
            self.grant = grant
            return machine.loggedIn(lifetime: grant.lifetime, urlCount: grant.urls.count, now: .now)
        } catch {
            let failure = SessionFailure(error)
            return told(failure, machine.loginFailed(failure, now: .now))
        }
    }

    private mutating func connect(urlIndex: Int) -> SessionMachine.Action {
        guard let grant else { preconditionFailure("the machine connects only after a login") }
        let url = grant.urls[urlIndex]
        report(.connecting(url))
        connections += 1
        let end: LiveConnection<BlackholeDialect>.End
        do {
            var live = LiveConnection(
                link: try WebSocketLink(to: url, options: configuration.network, interruption: interruption),
                dialect: BlackholeDialect(subscriptions: grant.subscriptions),
                url: url, number: connections, subscriptions: grant.subscriptions, report: report)
            report(.connected(url))
            end = live.run(
                token: grant.token.value.reveal(), into: &flow, until: interruption,
                onReady: { machine.becameReady(now: $0) })
            flow.lost()
        } catch {
            end = .lost(error)
        }
        switch end {
        case .finished:
            return .end(.finished)
        case .lost(let failure):
            return told(failure, machine.disconnected(failure, now: .now))
        case .tokenRefused(let failure):
            return told(failure, machine.tokenRefused(failure, now: .now))
        }
    }

    /// Reports a failure that the session survives; the one that ends it is the session's result.
    private func told(_ failure: SessionFailure, _ next: SessionMachine.Action) -> SessionMachine.Action {
        if case .end = next { return next }
        if !interruption.isRaised { report(.lost(failure)) }
        return next
    }

    /// Sleeps, while the sink's own deadlines are kept.
    private mutating func wait(until: ContinuousClock.Instant) -> SinkVerdict {
        report(.waiting(until - .now))
        while !interruption.isRaised, ContinuousClock.now < until {
            interruption.sleep(until: [flow.deadline, until].compactMap(\.self).min() ?? until)
            if let deadline = flow.deadline, ContinuousClock.now >= deadline, flow.tick(now: .now) == .enough {
                return .enough
            }
        }
        return .more
    }
}
