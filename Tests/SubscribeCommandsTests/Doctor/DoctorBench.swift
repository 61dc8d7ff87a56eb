import Blackhole
import Crossbar
import Glibc
import KazooSimulator
import Network
import Secrets
import Subscriber
import Threads

@testable import SubscribeCommands

/// Runs check-ups of a simulated Kazoo.
struct DoctorBench {
    /// The simulator's account Acme.
    static let account = "009afc511c97b2ae693c6cc4920988e8"

    var server: ServerURL
    var websockets: [ServerURL]
    var password = "secret"
    /// A ready token; `nil` logs in.
    var token: String?
    var bindings = ["object.doc_created.user"]
    /// How long a step may take, which none does on a busy machine either.
    var limit = Duration.seconds(120)

    init(_ endpoints: SimulatorEndpoints) throws {
        server = try ServerURL(parsing: endpoints.api, schemes: [.http])
        websockets = [try ServerURL(parsing: endpoints.websocket, schemes: [.ws])]
    }

    /// What came of every step, and of them all.
    struct Outcome: Sendable {
        var results: [Checkup.Result]
        var verdict: Checkup.Verdict

        /// `DNS ok, TCP ok, login failed …`
        var states: [String] {
            results.map { result in
                let state =
                    switch result.finding?.grade {
                    case .good: "ok"
                    case .warning: "warning"
                    case .failure(let exitCode): "failed \(exitCode)"
                    case nil: "skipped"
                    }
                return "\(result.step.title) \(state)"
            }
        }

        /// The step's finding, the last one's where there are several of the name.
        func finding(_ step: Checkup.Step) -> Finding? { results.last { $0.step == step }?.finding }

        /// Everything that is ever shown of it.
        var text: String {
            let writers = [CheckupText(style: .marks, width: 80), CheckupText(style: .words)]
            return
                (writers.flatMap { writer in results.flatMap { writer.lines(for: $0) } }
                + results.map { CheckupJSON.line(for: $0) }
                + [verdict.message]).joined(separator: "\n")
        }
    }

    func run() async throws -> Outcome {
        let configuration = try configuration()
        let limit = limit
        return await BlockingThread.run("doctor") {
            var run = DoctorRun(configuration, limit: limit, interruption: Interruption()) { _ in }
            let verdict = run.run()
            return Outcome(results: run.checkup.results, verdict: verdict)
        }
    }

    private func configuration() throws -> SessionConfiguration {
        let authentication: SessionConfiguration.Authentication
        if let token {
            authentication = .token { AuthToken(token) }
        } else {
            let hash = try CredentialHash(username: "admin", password: Secret(password), method: .sha1)
            authentication = .login(.user(hash, account: .name("Acme")))
        }
        let account = try AccountID(Self.account)
        var configuration = SessionConfiguration(
            server: server, websockets: websockets, authentication: authentication,
            wanted: try bindings.map {
                SessionConfiguration.Wanted(accounts: .account(account), binding: try Binding($0))
            })
        configuration.network.proxy = ""
        return configuration
    }
}

/// A port that is taken, and where nobody listens: connections are refused for as long as this lives.
final class RefusedPort {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let number: UInt16

    init() {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        let status = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            guard bind(socket, generic, length) == 0 else { return -1 }
            return getsockname(socket, generic, &length)
        }
        precondition(status == 0, "no port on the loopback: errno \(errno)")
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
