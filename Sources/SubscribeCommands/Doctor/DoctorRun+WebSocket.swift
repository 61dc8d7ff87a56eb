import Blackhole
import Crossbar
import Events
import Network
import Secrets
import Subscriber
import Threads

extension DoctorRun {
    /// Checks one WebSocket from DNS to ping, and leaves it as one should.
    ///
    /// Without a login everything but the subscription can be checked all the same.
    mutating func checkWebSocket(_ target: Checkup.Target, _ access: Access?) {
        report(.begins(target))
        guard let stream = connect(to: target) else { return }
        report(.doing("upgrading to WebSocket"))
        let start = ContinuousClock.now
        do throws(UpgradeFailure) {
            var link = try WebSocketLink(
                upgrading: stream, to: target.url, options: configuration.network, interruption: interruption,
                pingInterval: .zero)
            record(.upgrade, of: target, elapsed: .now - start, .upgraded)
            if let access {
                subscribe(over: &link, target, access)
            } else if !interruption.isRaised {
                report(.result(checkup.skip(.subscribe, of: target, because: loginStep)))
            }
            ping(over: &link, target)
            leave(&link)
        } catch {
            record(.upgrade, of: target, elapsed: .now - start, .failure(error, from: target.url))
            skipRest(of: target)
        }
    }

    /// The step on the way to a token that failed.
    private var loginStep: Checkup.Step {
        checkup.results.last { !$0.target.isWebSocket && $0.failure != nil }?.step ?? .login
    }

    // MARK: Subscriptions

    private mutating func subscribe(over link: inout WebSocketLink, _ target: Checkup.Target, _ access: Access) {
        report(.doing("subscribing"))
        let start = ContinuousClock.now
        let finding: Finding
        do {
            let subscriptions = try subscriptions(account: access.account)
            finding = .subscribing(
                try confirm(subscriptions, over: &link, token: access.token, until: start + limit))
        } catch {
            let failure = SessionFailure(error)
            finding = .failure(failure.kind, failure.message, advice: nil)
        }
        record(.subscribe, of: target, elapsed: .now - start, finding)
    }

    private func subscriptions(account: String?) throws -> [Subscription] {
        try configuration.wanted.map { wish in
            switch wish.accounts {
            case .account(let id): return try Subscription(account: id, binding: wish.binding)
            case .own, .descendants:
                guard let account else {
                    throw SessionFailure(.rejected, "the token does not name its account; give --account ID")
                }
                return try Subscription(account: AccountID(account), binding: wish.binding)
            }
        }
    }

    /// Subscribes, and waits for what Kazoo says to it.
    private func confirm(
        _ subscriptions: [Subscription], over link: inout WebSocketLink, token: AuthToken,
        until deadline: ContinuousClock.Instant
    ) throws(SessionFailure) -> Finding.Subscribing {
        var pace = Pace.default
        // One attempt tells: a check-up has no time for another.
        pace.attempts = 1
        pace.replyTimeout = limit
        var dialect = BlackholeDialect(subscriptions: subscriptions, pace: pace, requestIDPrefix: "doctor-")
        var outcome = Finding.Subscribing(subscriptions: [], limit: limit)
        var batch = EventBatch(connection: "doctor")
        var actions = dialect.opened(token: token.value.reveal(), now: .now)
        var isSettled = false
        while !isSettled, !outcome.isLost, !interruption.isRaised, ContinuousClock.now < deadline {
            for action in actions {
                switch action {
                case .transmit(let text): link.send(Array(text.utf8))
                case .ready, .close: isSettled = true
                case .failed(let failure) where failure.code == .tokenRefused: outcome.tokenRefusal = failure.message
                case .failed: break
                }
            }
            actions = []
            guard !isSettled else { break }
            try link.flush()
            batch.removeAll(keepingCapacity: true)
            let progress = try link.receive(now: .now) { _, message in
                actions += dialect.received(message, now: .now, into: &batch)
                return true
            }
            if case .ended = progress { outcome.isLost = true }
            actions += dialect.tick(now: .now)
            if progress == .drained, actions.isEmpty {
                link.wait(until: [dialect.deadline, deadline].compactMap(\.self).min())
            }
        }
        outcome.subscriptions = dialect.subscriptions
        return outcome
    }

    // MARK: Ping, and leaving

    private mutating func ping(over link: inout WebSocketLink, _ target: Checkup.Target) {
        report(.doing("pinging"))
        do {
            let roundTrip = try link.ping(until: .now + limit, interruption: interruption)
            record(.ping, of: target, elapsed: roundTrip, .ping(roundTrip, limit: limit))
        } catch {
            record(.ping, of: target, .failure(error.kind, error.message, advice: nil))
        }
    }

    /// Closes with 1000, and waits for the answer as long as the link does; what fails here says nothing new.
    private func leave(_ link: inout WebSocketLink) {
        link.close(now: .now)
        do {
            while true {
                try link.flush()
                let progress = try link.receive(now: .now) { _, _ in true }
                if case .ended = progress { return }
                if let deadline = link.deadline, ContinuousClock.now >= deadline {
                    link.tick(now: .now)
                } else if progress == .drained {
                    link.wait(until: link.deadline)
                }
            }
        } catch {
            return
        }
    }
}
