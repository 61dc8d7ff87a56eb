import Foundation
import KazooSimulator

/// A simulated Kazoo that plays a recording: `kazoo-subscribe simulate --from`.
struct Player {
    let program: RunningProgram
    let addresses: Addresses
}

extension Stage {
    /// Starts a simulated Kazoo that plays a recording, on free ports.
    func player(_ recording: String, _ flavour: KazooFlavour = .v5, _ arguments: [String] = []) async throws -> Player {
        let file = try file("recording.ndjson", recording)
        let program = try kazooSubscribe(
            ["simulate", "--from", file, "--api-port", "0", "--port", "0", "--kazoo", flavour == .v4 ? "4" : "5"]
                + arguments)
        try await program.says("runs at")
        guard let place = program.errors.text.firstMatch(of: /runs at (http:\S+) and (ws:\S+)/) else {
            throw Unmet("it does not say where it listens\n\(program.said)")
        }
        return Player(
            program: program, addresses: Addresses(server: String(place.1), websocket: String(place.2)))
    }

    /// Starts a client of Kazoo that is not ours.
    func foreignClient(of addresses: Addresses, _ bindings: [String]) throws -> RunningProgram {
        let script = Self.package.appendingPathComponent("Tests/EndToEndTests/Clients/websockets_client.py").path
        return try start(try Self.python, [script, addresses.server, addresses.websocket] + bindings)
    }
}

extension RecordedEvent {
    /// A frame without what differs between subscriptions.
    static func withoutKeys(_ frame: String) -> String {
        frame.replacing(/"subscribed_key":"[^"]*","subscription_key":"[^"]*",/, with: "", maxReplacements: 1)
    }
}
