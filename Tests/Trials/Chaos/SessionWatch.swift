import Events
import Network
import Subscriber
import Synchronization

/// What a session has told about itself; looked at by several threads.
final class SessionWatch: Sendable {
    private struct Renewal {
        var begun: Timestamp
        var settled: Timestamp?
        let port: Int
    }

    private struct State {
        var isReady = false
        var connections: [Timestamp] = []
        var logins: [Timestamp] = []
        var unrestUntil = Timestamp(microseconds: 0)
        /// The last renewal of each connection that has not been left.
        var renewals: [ConnectionID: Renewal] = [:]
        /// The renewals that have come to their end, by the port of the server.
        var renewed: [(span: Span, port: Int)] = []
        var end: SessionEnd?
    }

    private let state = Mutex(State())

    /// Takes a report.
    func hear(_ report: SessionReport) {
        let now = Timestamp.now
        state.withLock { state in
            switch report {
            case .ready: state.isReady = true
            case .connecting: state.connections.append(now)
            case .loggingIn: state.logins.append(now)
            case .lost: state.unrestUntil = max(state.unrestUntil, now)
            case .waiting(let pause): state.unrestUntil = max(state.unrestUntil, now.advanced(by: pause))
            case .renewing(let url, let id):
                state.renewals[id] = Renewal(begun: now, port: Int(url.port))
            case .settled(_, let id, _, _):
                guard let renewal = state.renewals[id], renewal.settled == nil else { return }
                state.renewals[id]?.settled = now
                state.renewed.append((Span(renewal.begun, now), renewal.port))
            case .leaving(_, let id): state.renewals[id] = nil
            case .loggedIn, .accounts, .connected, .changed, .changeRefused, .gap, .problem, .state, .stateNotSaved:
                break
            }
        }
    }

    /// The session is over.
    func ended(_ end: SessionEnd) { state.withLock { $0.end = end } }

    /// Whether it was ready once.
    var isReady: Bool { state.withLock { $0.isReady } }
    /// How it ended; `nil` while it runs.
    var end: SessionEnd? { state.withLock { $0.end } }
    /// When it has begun to connect.
    var connections: [Timestamp] { state.withLock { $0.connections } }
    /// When it has begun to log in.
    var logins: [Timestamp] { state.withLock { $0.logins } }
    /// Until when it has rested, or will rest, after the last failure.
    var unrestUntil: Timestamp { state.withLock { $0.unrestUntil } }
    /// From the beginning of each renewal on a connection that stood, to its end.
    var renewed: [Span] { state.withLock { $0.renewed.map(\.span) } }

    /// How many of the connections to a server have made their subscriptions anew, all of it after this moment.
    func renewedCount(after moment: Timestamp, port: Int) -> Int {
        state.withLock { state in
            state.renewals.values.count { $0.port == port && $0.begun >= moment && $0.settled != nil }
        }
    }
}
