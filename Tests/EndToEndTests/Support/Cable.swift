import Foundation

/// Two network namespaces with a cable between them, on which packets can vanish without a trace.
///
/// The client's end and the server's end have two addresses each, so that one way can be cut and the other one live on.
/// Both namespaces, and the cable with them, are gone with the two processes that hold them.
struct Cable {
    private let stage: Stage
    private let client: RunningProgram
    private let server: RunningProgram

    /// Which of the two ways between the ends.
    enum Way: Int, CaseIterable {
        case first = 1
        case second

        var client: String { "10.87.\(rawValue).1" }
        var server: String { "10.87.\(rawValue).2" }
    }

    /// Whether namespaces and cables can be made here: it takes an administrator's rights.
    static let isPossible: Bool = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        probe.arguments = ["unshare", "--net", "ip", "link", "add", "one", "type", "veth", "peer", "name", "other"]
        probe.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        probe.standardError = FileHandle.nullDevice
        do { try probe.run() } catch { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    init(on stage: Stage) async throws {
        self.stage = stage
        client = try await Self.namespace(on: stage)
        server = try await Self.namespace(on: stage)
        let (near, far) = ("02:00:00:00:87:01", "02:00:00:00:87:02")
        try await inside(
            client,
            "link", "add", "near", "address", near, "type", "veth",
            "peer", "name", "far", "address", far, "netns", "\(server.processID)")
        for way in Way.allCases {
            try await inside(client, "address", "add", "\(way.client)/24", "dev", "near")
            try await inside(server, "address", "add", "\(way.server)/24", "dev", "far")
        }
        try await inside(client, "link", "set", "near", "up")
        try await inside(server, "link", "set", "far", "up")
        // Otherwise each end would notice that its neighbour does not answer, which nobody does behind a router.
        for way in Way.allCases {
            try await inside(
                client, "neighbour", "replace", way.server, "lladdr", far, "dev", "near", "nud", "permanent")
            try await inside(
                server, "neighbour", "replace", way.client, "lladdr", near, "dev", "far", "nud", "permanent")
        }
    }

    private static func namespace(on stage: Stage) async throws -> RunningProgram {
        // Longer than any test: it ends by itself should the tests be killed.
        let holder = try stage.start("unshare", ["--net", "sleep", "600"])
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
        try await eventually("a network namespace is made", seen: { holder.said }) {
            try FileManager.default.destinationOfSymbolicLink(atPath: path(holder)) != own
        }
        return holder
    }

    private static func path(_ holder: RunningProgram) -> String { "/proc/\(holder.processID)/ns/net" }

    private func inside(_ holder: RunningProgram, _ arguments: String...) async throws {
        try await stage.run("nsenter", ["--net=\(Self.path(holder))", "ip"] + arguments)
    }

    // MARK: Playing

    /// Puts a gate to a server of this machine at the server's end of a way.
    func gate(before port: Int, at way: Way) async throws -> Gate {
        try await stage.gate(before: port, at: (way.server, Self.path(server)))
    }

    /// Starts kazoo-subscribe at the client's end.
    func subscribe(to addresses: Addresses, _ arguments: [String]) throws -> RunningProgram {
        try stage.start(
            "nsenter",
            ["--net=\(Self.path(client))", Stage.executable] + addresses.arguments
                + Login.password.arguments(on: stage) + ["--verbose"] + arguments)
    }

    /// From now on whatever the server sends on this way vanishes: no packet, no reset, no error comes to the client.
    func cut(_ way: Way) async throws { try await inside(server, "route", "add", "blackhole", "\(way.client)/32") }

    /// From now on packets flow again.
    func mend(_ way: Way) async throws { try await inside(server, "route", "delete", "blackhole", "\(way.client)/32") }
}
