import Blackhole
import Events
import Logging
import Subscriber
import Threads

/// Says what a session reports, in words for a person and with the same words in a log.
struct SessionReporter: Sendable {
    let logger: Logger

    func report(_ report: SessionReport) {
        switch report {
        case .loggingIn(let server):
            logger.debug("logging in to \(server)")
        case .loggedIn(let account, let version):
            logger.info("logged in", metadata: .facts([.account: account, .version: version]))
        case .accounts(let count):
            logger.debug("following \(count) accounts below the login's")
        case .connecting(let url, let id):
            logger.debug("connecting to \(url)", metadata: .facts([.connection: id.description]))
        case .connected(let url, let id):
            logger.info("connected to \(url)", metadata: .facts([.connection: id.description]))
        case .settled(let url, let id, let confirmed, let refused):
            logger.debug(
                "\(url): \(Self.outcome(confirmed, refused))", metadata: .facts([.connection: id.description]))
        case .changed(let added, let removed):
            logger.info("what is wanted has changed: \(added) new, \(removed) gone")
        case .changeRefused(let failure):
            logger.error("\(failure.message); what is wanted stays as it was")
        case .ready(let confirmed, let refused, let connections):
            let place = connections.count == 1 ? "\(connections[0])" : "\(connections.count) connections"
            logger.notice("\(place): \(Self.outcome(confirmed, refused)); waiting for events")
        case .gap(let gap):
            reportGap(gap)
        case .renewing(let url, let id):
            logger.debug("\(url): subscribing anew", metadata: .facts([.connection: id.description]))
        case .leaving(let url, let id):
            logger.debug("\(url): leaving a connection", metadata: .facts([.connection: id.description]))
        case .state(let state):
            reportState(state)
        case .stateNotSaved(let words):
            logger.error("\(words); a gap before the next start cannot be declared")
        case .problem(let failure):
            logger.log(
                level: failure.isPermanent ? .warning : .notice, "\(failure.message)",
                metadata: .facts([.subject: failure.subject]))
        case .lost(let failure):
            logger.warning("\(failure.message)")
        case .waiting(let duration):
            logger.notice("trying again in \(duration.formattedSeconds) s")
        }
    }
}

extension SessionReporter {
    private static func outcome(_ confirmed: Int, _ refused: Int) -> String {
        let count = confirmed == 1 ? "1 subscription" : "\(confirmed) subscriptions"
        return "\(count) confirmed" + (refused == 0 ? "" : ", \(refused) refused")
    }

    private func reportState(_ state: SessionState) {
        for connection in state.connections {
            logger.notice(
                "state: \(connection.url): \(Self.outcome(connection.confirmed, connection.refused))",
                metadata: .facts([.connection: connection.id.description]))
        }
        for refusal in state.refused {
            logger.notice(
                "state: refused: \(refusal.reason)", metadata: .facts([.subject: refusal.subscription.description]))
        }
        let gaps = state.gaps.sorted { $0.key.description < $1.key.description }
        logger.notice(
            "state: \(state.wanted - state.missing) of \(state.wanted) subscriptions are live",
            metadata: .facts([
                .verified: state.verifiedUntil?.description,
                .gaps: gaps.isEmpty ? nil : gaps.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ]))
    }

    /// What was missed for certain is worth a warning; what nobody vouches for is the rule where connections are single.
    private func reportGap(_ gap: Gap) {
        let isCertain = gap.reason != .unverified
        logger.log(
            level: isCertain ? .warning : .info,
            isCertain
                ? "events may have been missed for \(gap.duration.formattedSeconds) s"
                : "nothing but Kazoo's silence vouches for the last \(gap.duration.formattedSeconds) s",
            metadata: .facts([
                .from: gap.from.description, .to: gap.to.description, .reason: gap.reason.description,
                .accounts: gap.accounts.count > 1 ? "\(gap.accounts.count)" : nil,
            ]))
    }
}

/// The names of facts in log lines, all in one place.
enum LogKey: String {
    case account
    case accounts
    case connection
    case consumer
    case delivered
    case dropped
    case events
    case from
    case gaps
    case reason
    case subject
    case to
    case verified
    case version
}

extension Logger.Metadata {
    /// Facts by their names; those that are unknown are left out.
    static func facts(_ pairs: KeyValuePairs<LogKey, String?>) -> Self {
        pairs.reduce(into: [:]) { facts, pair in
            if let value = pair.value { facts[pair.key.rawValue] = .string(value) }
        }
    }
}
