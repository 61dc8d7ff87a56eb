import KazooSimulator
import Testing

/// How it behaves among the programs of a shell.
@Suite(.timeLimit(.minutes(10))) struct PipelineTests {
    private let binding = ["--binding", "object.doc_created.user"]

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `jq shows each event as it happens`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let pipeline = try stage.pipeline(from: kazoo.addresses, binding, into: "jq --unbuffered .data.id")
            try await pipeline.isReady()
            for count in 1...3 {
                var event = try RecordedEvent.named("object_doc_created_user", flavour).published
                event.data = event.data.replacing("\"msg-", with: "\"msg-\(count)-")
                await kazoo.simulator.publish(event)
                // Nothing ends here: what jq has printed, it was given at once.
                #expect(
                    try await pipeline.prints(lines: count).last == #""2e9ba14a71b3e306caf5ecd8afeabaf9""#)
            }
        }
    }

    @Test func `head ends it quietly, although no other event comes`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            let pipeline = try stage.pipeline(from: kazoo.addresses, binding, into: "head -1")
            try await pipeline.isReady()
            let event = try RecordedEvent.named("object_doc_created_user")
            await kazoo.simulator.publish(try event.published)
            #expect(try await pipeline.ended() == .exit(0))
            let lines = pipeline.output.lines
            #expect(lines.count == 2 && lines.last == "exit 0")
            #expect(pipeline.errors.lines.count == 1, "only that it was ready: \(pipeline.errors.text)")
            try await eventually("the server is left") { await kazoo.simulator.statistics.openConnections == 0 }
        }
    }

    @Test func `a reader that goes away amid many events ends it quietly`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 2000 }
            let pipeline = try stage.pipeline(from: kazoo.addresses, ["-b", "call.*.*"], into: "head -20 | wc -l")
            #expect(try await pipeline.ended() == .exit(0))
            #expect(pipeline.output.lines == ["20", "exit 0"])
            #expect(pipeline.errors.lines.count == 1, "only that it was ready: \(pipeline.errors.text)")
        }
    }

    @Test func `quiet says nothing at all`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 100 }
            let pipeline = try stage.pipeline(
                from: kazoo.addresses, ["-b", "call.*.*", "--quiet", "--count", "3"], into: "jq -r .action")
            #expect(try await pipeline.ended() == .exit(0))
            #expect(pipeline.output.lines == ["event", "event", "event", "exit 0"])
            #expect(pipeline.errors.text.isEmpty)
        }
    }
}
