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
        case .connecting(let url):
            logger.debug("connecting to \(url)")
        case .connected(let url):
            logger.info("connected to \(url)")
        case .ready(let url, let confirmed, let refused):
            let count = confirmed == 1 ? "1 subscription" : "\(confirmed) subscriptions"
            let rest = refused == 0 ? "" : ", \(refused) refused"
            logger.notice("\(url): \(count) confirmed\(rest); waiting for events")
        case .gap(let gap):
            logger.warning(
                "events may have been missed for \(gap.duration.formattedSeconds) s",
                metadata: .facts([
                    .from: gap.from.description, .to: gap.to.description, .reason: gap.reason.description,
                ]))
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

/// The names of facts in log lines, all in one place.
enum LogKey: String {
    case account
    case dropped
    case events
    case from
    case reason
    case subject
    case to
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

extension Duration {
    /// Seconds with one decimal.
    var formattedSeconds: String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10)"
    }
}
