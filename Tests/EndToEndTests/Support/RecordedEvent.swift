import Foundation
import KazooSimulator

/// An event that a real Kazoo sent, byte for byte (Tests/Fixtures/kazoo/README.md).
struct RecordedEvent {
    let name: String
    let frame: String

    /// The events recorded from one generation of Kazoo, by name.
    static func all(_ flavour: KazooFlavour) throws -> [RecordedEvent] {
        let directory = directory(flavour)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().map { file in
            RecordedEvent(
                name: file, frame: try String(contentsOf: directory.appendingPathComponent(file), encoding: .utf8))
        }
    }

    /// One of them.
    static func named(_ name: String, _ flavour: KazooFlavour = .v5) throws -> RecordedEvent {
        guard let event = try all(flavour).first(where: { $0.name == name + ".json" }) else {
            throw Unmet("no recorded event \(name)")
        }
        return event
    }

    static func directory(_ flavour: KazooFlavour) -> URL {
        Stage.package.appendingPathComponent("Tests/Fixtures/kazoo/events/\(flavour == .v4 ? "v4" : "v5")")
    }

    /// The bindings of the recordings, in their order.
    static func bindings(_ flavour: KazooFlavour) -> [String] {
        [
            "call.*.*", "fax.status.*", "fax.object.*", "object.*.*", "presence.dialog.*", "presence.mwi_updates.*",
            "presence.update.*", "conference.command.conf1",
        ] + (flavour == .v4 ? ["conference.event.conf1.*"] : ["conference.event.*.conf1.*", "stream.*.*"])
    }

    /// The event as Kazoo publishes it inside the cluster: what makes this frame for a subscriber of its binding.
    var published: SimulatedEvent {
        get throws {
            guard let data = frame.range(of: #","data":"#), frame.hasSuffix("}"),
                let envelope = try JSONSerialization.jsonObject(with: Data(frame.utf8)) as? [String: Any],
                let name = envelope["name"] as? String, let routingKey = envelope["routing_key"] as? String
            else { throw Unmet("not a recorded event: \(frame)") }
            return SimulatedEvent(
                routingKey: routingKey, name: name, data: String(frame[data.upperBound...].dropLast()))
        }
    }

    /// The binding that it was recorded with, as the frame says it.
    var subscribedKey: String {
        frame.firstMatch(of: /"subscribed_key":"([^"]*)"/).map { String($0.1) } ?? ""
    }
}
