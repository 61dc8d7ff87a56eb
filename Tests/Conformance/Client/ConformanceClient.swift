import Glibc
import Network
import Subscriber
import Threads

/// The client under test of the Autobahn|Testsuite: echoes every message over the product's own WebSocket.
///
/// Usage: `conformance-client URL AGENT`, where the URL is that of the fuzzing server.
@main
enum ConformanceClient {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = CommandLine.arguments
            guard arguments.count == 3 else { throw SessionFailure(.rejected, "usage: conformance-client URL AGENT") }
            let server = try ServerURL(parsing: arguments[1], schemes: [.ws, .wss])
            let agent = "agent=\(arguments[2])"
            let answer = try talk(to: server.appending(path: "/getCaseCount"), echoes: false)
            guard let count = Int(answer), count > 0 else {
                throw SessionFailure(.unreachable, "the fuzzing server names no number of cases: “\(answer)”")
            }
            for number in 1...count {
                _ = try talk(to: server.appending(path: "/runCase", query: "case=\(number)&\(agent)"), echoes: true)
            }
            _ = try talk(to: server.appending(path: "/updateReports", query: agent), echoes: false)
            print("\(count) cases")
        } catch {
            print("conformance-client: \(error)")
            exit(1)
        }
    }

    /// Connects, and receives until the connection ends.
    ///
    /// - Returns: the last message.
    private static func talk(to url: ServerURL, echoes: Bool) throws -> String {
        var link = try WebSocketLink(to: url, options: NetworkOptions(), interruption: Interruption())
        var last: [UInt8] = []
        while true {
            do {
                var received: WebSocketLink.Kind?
                let progress = try link.receive(now: .now) { kind, payload in
                    last = Array(payload)
                    received = kind
                    // The answer goes out before the next frame is looked at: that one may end the connection.
                    return false
                }
                if echoes, let received { link.send(last, as: received) }
                try link.flush()
                if case .ended = progress { return String(decoding: last, as: UTF8.self) }
                if let deadline = link.deadline, ContinuousClock.now >= deadline { link.tick(now: .now) }
                if progress == .drained { link.wait(until: link.deadline) }
            } catch {
                // The fuzzing server resets the connection after the closing handshake: that is no failure, and what
                // is one stands in its report.
                return String(decoding: last, as: UTF8.self)
            }
        }
    }
}
