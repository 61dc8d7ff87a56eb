import Foundation
import KazooSimulator

/// A recorded Kazoo that plays on Python's servers: Servers/recorded_kazoo.py.
final class RecordedKazoo {
    /// Something that the client did.
    struct Deed: Decodable {
        enum Kind: String, Decodable {
            case listening, request, upgrade, command, pong, closed
        }

        var kind: Kind
        var api: Int?
        var websocket: Int?
        var path: String?
        var body: String?
        var headers: [String: String]?
        var action: String?
        var has_token: Bool?
        var code: UInt16?

        /// With which code the client closed the connection, if that is what it did.
        var closeCode: UInt16? { kind == .closed ? code : nil }
    }

    let flavour: KazooFlavour
    let addresses: Addresses
    /// The events that it plays, in their order.
    let events: [String]
    private let program: RunningProgram

    init(_ program: RunningProgram, flavour: KazooFlavour) async throws {
        self.program = program
        self.flavour = flavour
        events = try RecordedEvent.all(flavour).map(\.frame)
        let line = try await program.prints(lines: 1)[0]
        let deed = try JSONDecoder().decode(Deed.self, from: Data(line.utf8))
        addresses = Addresses(
            server: "http://127.0.0.1:\(deed.api ?? 0)", websocket: "ws://127.0.0.1:\(deed.websocket ?? 0)")
    }

    /// The options that bring its events.
    var subscribing: [String] { RecordedEvent.bindings(flavour).flatMap { ["--binding", $0] } }

    /// What the client did so far.
    var deeds: [Deed] {
        get throws { try program.output.lines.map { try JSONDecoder().decode(Deed.self, from: Data($0.utf8)) } }
    }

    /// Waits until the client has done something.
    @discardableResult
    func saw(_ what: String, _ isIt: (Deed) -> Bool) async throws -> Deed {
        var found: Deed?
        try await eventually(what, seen: { program.said }) {
            found = try deeds.first(where: isIt)
            return found != nil
        }
        guard let found else { throw Unmet(what) }
        return found
    }
}

extension Stage {
    /// Starts a recorded Kazoo on servers that are not ours.
    func recordedKazoo(_ flavour: KazooFlavour) async throws -> RecordedKazoo {
        let script = Self.package.appendingPathComponent("Tests/EndToEndTests/Servers/recorded_kazoo.py").path
        let recordings = Self.package.appendingPathComponent("Tests/Fixtures/kazoo").path
        let program = try start(
            "/usr/bin/env",
            [
                "-C", recordings, try Self.python, script, flavour == .v4 ? "v4" : "v5",
                "\(RecordedEvent.bindings(flavour).count)",
            ])
        return try await RecordedKazoo(program, flavour: flavour)
    }

    /// The interpreter that knows `websockets`.
    static var python: String {
        get throws {
            let path =
                ProcessInfo.processInfo.environment["KAZOO_SUBSCRIBE_TEST_PYTHON"]
                ?? package.appendingPathComponent(".build/venv/bin/python").path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Unmet("\(path) does not exist; run make test, which makes it")
            }
            return path
        }
    }
}
