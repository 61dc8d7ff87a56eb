import Foundation
import KazooSimulator
import TestSupport
import Testing

/// The daemon as systemd sees it.
@Suite(.timeLimit(.minutes(2))) struct ServiceTests {
    /// Waits for the next message, which must be one that begins so.
    private func expect(_ beginning: String, from socket: NotifySocket, _ program: RunningProgram) async throws {
        var message: String?
        try await eventually("“\(beginning)” is told", seen: { program.said }) {
            message = socket.next()
            // How often these are told depends on how long all this takes.
            while let repeated = message, !repeated.hasPrefix(beginning),
                repeated == "WATCHDOG=1" || repeated.hasPrefix("READY=1\nSTATUS=not connected")
            {
                message = socket.next()
            }
            return message != nil
        }
        #expect(message?.hasPrefix(beginning) == true, "\(message ?? "")")
    }

    @Test func `ready, alive, reloading, stopping`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            let systemd = try NotifySocket()
            let program = try setting.start(
                environment: ["NOTIFY_SOCKET": systemd.name, "WATCHDOG_USEC": "800000"])
            try await expect("READY=1\nSTATUS=2 subscriptions confirmed", from: systemd, program)
            try await expect("WATCHDOG=1", from: systemd, program)
            try await expect("WATCHDOG=1", from: systemd, program)
            program.send(SIGHUP)
            try await expect("RELOADING=1\nMONOTONIC_USEC=", from: systemd, program)
            try await expect("READY=1\nSTATUS=2 subscriptions confirmed", from: systemd, program)
            program.send(SIGTERM)
            try await expect("STOPPING=1", from: systemd, program)
            #expect(try await program.ended() == .exit(0))
        }
    }

    /// An outage of Kazoo is no failed start.
    @Test func `ready although Kazoo is away`() async throws {
        try await Stage.set { stage in
            // A port for which one has to be root, so that no other test has it.
            let nowhere = Addresses(server: "http://127.0.0.1:9", websocket: "ws://127.0.0.1:9")
            var setting = try DaemonSetting(on: stage, with: nowhere)
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            let systemd = try NotifySocket()
            let program = try setting.start(environment: ["NOTIFY_SOCKET": systemd.name])
            try await expect("READY=1\nSTATUS=not connected: ", from: systemd, program)
            program.send(SIGINT)
            try await expect("STOPPING=1", from: systemd, program)
            #expect(try await program.ended() == .exit(0))
        }
    }
}
