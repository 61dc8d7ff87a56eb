import Foundation
import Testing

/// The unit file, judged by systemd's own tools.
@Suite(.timeLimit(.minutes(1))) struct UnitTests {
    /// A copy of the unit that starts the program under test.
    private func unit(on stage: Stage) throws -> String {
        let source = Stage.package.appendingPathComponent("systemd/kazoo-subscribe.service")
        let text = try String(contentsOf: source, encoding: .utf8)
        #expect(text.contains("ExecStart=/usr/local/bin/kazoo-subscribe run"))
        return try stage.file(
            "kazoo-subscribe.service",
            text.replacingOccurrences(of: "/usr/local/bin/kazoo-subscribe", with: Stage.executable))
    }

    @Test func `systemd finds nothing wrong`() async throws {
        try await Stage.set { stage in
            let program = try stage.start("systemd-analyze", ["verify", "--man=no", try unit(on: stage)])
            #expect(try await program.ended() == .exit(0))
            // Other units of this machine may not be to its liking.
            let words = program.errors.lines.filter { $0.contains("kazoo-subscribe") }
            #expect(words == [])
        }
    }

    @Test func `exposure is below 2.0`() async throws {
        try await Stage.set { stage in
            let program = try stage.start(
                "systemd-analyze",
                ["security", "--no-pager", "--offline=true", "--threshold=19", try unit(on: stage)])
            #expect(try await program.ended() == .exit(0), "\(program.output.lines.suffix(2))")
            #expect(program.output.text.contains("Overall exposure level"))
        }
    }
}
