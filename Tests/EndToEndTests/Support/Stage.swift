import Foundation
import KazooSimulator
import Testing

/// Where one test plays: starts programs and servers, and takes everything down again when the test is over.
///
/// At the end it also looks through all that kazoo-subscribe has said: no secret may occur in it, whatever the test is
/// about.
final class Stage {
    /// A directory of the test's own, gone after it.
    let directory: URL
    private var programs: [RunningProgram] = []
    private var simulators: [SimulatedKazoo] = []

    private init() throws {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("kazoo-subscribe-XXXXXX")
        var path = Array(template.path.utf8CString)
        guard mkdtemp(&path) != nil else { throw Unmet("no directory: \(String(cString: strerror(errno)))") }
        directory = URL(fileURLWithPath: String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Sets the stage for one test.
    static func set(_ play: (Stage) async throws -> Void) async throws {
        let stage = try Stage()
        var failure: (any Error)?
        do { try await play(stage) } catch { failure = error }
        await stage.strike()
        if let failure { throw failure }
    }

    private func strike() async {
        for program in programs.reversed() { program.terminate() }
        for simulator in simulators { await simulator.shutdown() }
        for program in programs where program.isSubscriber { expectNoSecret(in: program) }
        try? FileManager.default.removeItem(at: directory)
    }

    private func expectNoSecret(in program: RunningProgram) {
        for (stream, data) in [("stdout", program.output.data), ("stderr", program.errors.data)] {
            for secret in Login.secrets where data.range(of: Data(secret.utf8)) != nil {
                Issue.record("a secret (\(secret.prefix(4))…) stands in \(stream)\n\(program.said)")
            }
        }
    }

    // MARK: What plays on it

    /// Writes a file that only its owner can read, and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = directory.appendingPathComponent(name).path
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw Unmet("\(path) cannot be written") }
        return path
    }

    /// Starts any program.
    func start(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        var variables = ["HOME": directory.path]
        // Debian's servers are in directories of the administrator.
        variables["PATH"] = "\(ProcessInfo.processInfo.environment["PATH"] ?? ""):/usr/sbin:/sbin"
        variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        let program = try RunningProgram(
            path, arguments, environment: variables.merging(environment) { $1 })
        programs.append(program)
        return program
    }

    /// Runs a program to its end, which must be a good one.
    func run(_ path: String, _ arguments: [String]) async throws {
        let program = try start(path, arguments)
        let end = try await program.ended()
        guard end == .exit(0) else { throw Unmet("\(path) \(arguments): \(end)\n\(program.said)") }
    }

    /// Starts a simulated Kazoo, on free ports, that knows the logins of ``Login``.
    func simulator(
        _ flavour: KazooFlavour = .v5, _ change: (inout SimulatorConfiguration) -> Void = { _ in }
    ) async throws -> RunningKazoo {
        var configuration = SimulatorConfiguration(flavour: flavour)
        configuration.users.append(Login.user)
        change(&configuration)
        let kazoo = SimulatedKazoo(configuration: configuration)
        simulators.append(kazoo)
        return RunningKazoo(simulator: kazoo, endpoints: try await kazoo.start())
    }

    /// Starts kazoo-subscribe with nothing but these arguments.
    func kazooSubscribe(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        try start(Self.executable, arguments, environment: environment)
    }

    /// Starts kazoo-subscribe, talkative, against a server.
    ///
    /// - Parameter login: as whom.
    func subscribe(
        to addresses: Addresses, as login: Login = .password, _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try kazooSubscribe(
            addresses.arguments + login.arguments(on: self) + ["--verbose"] + arguments, environment: environment)
    }

    /// Starts kazoo-subscribe, taciturn, as the head of a shell's pipeline: `kazoo-subscribe … | tail`.
    ///
    /// The last line of its output is the exit code of kazoo-subscribe.
    func pipeline(
        from addresses: Addresses, _ arguments: [String], into tail: String
    ) throws -> RunningProgram {
        let words = addresses.arguments + (try Login.password.arguments(on: self)) + arguments
        let script = #""$@" | "# + tail + #"; echo "exit ${PIPESTATUS[0]}""#
        return try start("/bin/bash", ["-c", script, "bash", Self.executable] + words)
    }

    /// The program under test stands beside the tests' own executable.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("kazoo-subscribe").path

    /// The directory with `Package.swift`.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardizedFileURL
}

extension RunningProgram {
    /// Whether what it says is said by kazoo-subscribe: alone, in a pipeline, or in a network of its own.
    fileprivate var isSubscriber: Bool { ["kazoo-subscribe", "bash", "nsenter"].contains(name) }

    /// Waits until every subscription is confirmed, for the so-manieth time.
    func isReady(times: Int = 1, within limit: Duration = patience) async throws {
        try await says("waiting for events", times: times, within: limit)
    }
}

/// A simulated Kazoo and where it listens.
struct RunningKazoo {
    let simulator: SimulatedKazoo
    let endpoints: SimulatorEndpoints

    var addresses: Addresses { Addresses(server: endpoints.api, websocket: endpoints.websocket) }
}

/// Where kazoo-subscribe is sent.
struct Addresses {
    var server: String
    var websocket: String

    var arguments: [String] { ["--server", server, "--websocket", websocket] }
}
