import Foundation
import KazooSimulator
import Testing

/// What is printed of an event, and which events are.
@Suite(.timeLimit(.minutes(10))) struct OutputTests {
    /// Publishes the creation of a user and returns the line that is printed of it.
    private func line(_ arguments: [String], _ flavour: KazooFlavour = .v5) async throws -> String {
        var line = ""
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let program = try stage.subscribe(
                to: kazoo.addresses, ["--binding", "object.*.*", "--count", "1"] + arguments)
            try await program.isReady()
            await kazoo.simulator.publish(try RecordedEvent.named("object_doc_created_user", flavour).published)
            #expect(try await program.ended() == .exit(0))
            #expect(program.output.lines.count == 1)
            line = program.output.text
        }
        return line
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `raw is what Kazoo sent`(flavour: KazooFlavour) async throws {
        let event = try RecordedEvent.named("object_doc_created_user", flavour)
        #expect(try await line([], flavour) == event.frame + "\n")
        #expect(try await line(["--output", "raw"], flavour) == event.frame + "\n")
    }

    @Test func `an envelope holds the event byte for byte, and numbers and dates it`() async throws {
        let event = try RecordedEvent.named("object_doc_created_user")
        let line = try await line(["--output", "envelope"])
        #expect(line.hasSuffix(#","event":"# + event.frame + "}\n"))
        let envelope = try object(line)
        #expect(envelope["seq"] as? Int == 1)
        #expect(envelope["account_id"] as? String == "009afc511c97b2ae693c6cc4920988e8")
        #expect((envelope["received_at"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil)
    }

    @Test func `a CloudEvent has everything that version 1.0 of the specification requires`() async throws {
        let event = try object(try await line(["--output", "cloudevents"]))
        #expect(event["specversion"] as? String == "1.0")
        #expect(event["type"] as? String == "com.2600hz.kazoo.object.doc_created")
        #expect(event["source"] as? String == "kazoo://127.0.0.1/accounts/009afc511c97b2ae693c6cc4920988e8")
        #expect((event["id"] as? String)?.isEmpty == false)
        #expect((event["data"] as? [String: Any])?["id"] as? String == "2e9ba14a71b3e306caf5ecd8afeabaf9")
    }

    @Test func `pretty is for eyes, and without colour in a pipe`() async throws {
        let line = try await line(["--output", "pretty"])
        #expect(line.contains("doc_created") && line.contains("user"))
        #expect(!line.contains("\u{1b}") && !line.hasPrefix("{"))
    }

    @Test func `a template prints the fields that it names`() async throws {
        #expect(
            try await line(["--format", #"{name} {data.id} {data.type}\n"#])
                == "doc_created 2e9ba14a71b3e306caf5ecd8afeabaf9 user\n")
    }

    @Test func `match lets only those events through in which all paths have their values`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(
                to: kazoo.addresses,
                ["-b", "object.*.*", "-b", "call.*.*", "--match", "data.type=user", "--match", "name=doc_*", "-c", "2"])
            try await program.isReady()
            let wanted = ["object_doc_edited_user", "object_doc_deleted_user"]
            for name in ["call_CHANNEL_CREATE", wanted[0], "object_id_with_dots", wanted[1]] {
                await kazoo.simulator.publish(try RecordedEvent.named(name).published)
            }
            #expect(try await program.ended() == .exit(0))
            #expect(program.output.lines == (try wanted.map { try RecordedEvent.named($0).frame }))
        }
    }

    @Test func `count ends after so many events, however many come at once`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 2000 }
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "call.*.*", "--count", "250"])
            #expect(try await program.ended() == .exit(0))
            #expect(program.output.lines.count == 250)
        }
    }

    @Test func `wait ends with 124 when no event comes`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "call.*.*", "--wait", "300ms"])
            #expect(try await program.ended() == .exit(124))
            #expect(program.output.text.isEmpty)
        }
    }

    @Test func `duration ends well`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 100 }
            let program = try stage.subscribe(to: kazoo.addresses, ["-b", "call.*.*", "--duration", "1.5"])
            #expect(try await program.ended() == .exit(0))
            for line in program.output.lines { _ = try object(line) }
        }
    }
}
