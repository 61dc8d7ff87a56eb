import Events
import KazooSimulator
import Subscriber
import Testing
import Threads

/// What a session does when it is asked, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct SessionControlTests {
    /// A sink that hangs in its first burst until it is released.
    private struct HangingSink: EventSink {
        final class Lock: Sendable {
            private let exit = Interruption()
            private let arrival = AsyncStream<Void>.makeStream()

            func hang() {
                arrival.continuation.yield()
                while !exit.isRaised { exit.sleep(until: .now + .seconds(60)) }
            }

            func release() { exit.raise() }

            /// Waits until a thread hangs; the time limit of the test is the bound.
            func isHeld() async { for await _ in arrival.stream { return } }
        }

        let lock = Lock()
        var deadline: ContinuousClock.Instant? { nil }

        mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
            lock.hang()
            return .more
        }

        mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) {}
        mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }
    }

    /// Prods until the loop has turned once more; the time limit of the test is the bound.
    private func turns(_ control: SessionControl) async {
        let before = control.turns
        control.prod()
        while control.turns == before { await Task.yield() }
    }

    @Test func turnsAreCountedWhenAskedFor() async throws {
        try await SimulatedKazoo.withRunning { _, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            #expect(control.turns == 0)
            let session = Session(
                try .simulated(endpoints, ["call.*.*"]), sink: RecordingSink(), control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            for _ in 0..<3 { await turns(control) }
            control.stop()
            #expect(await end == .finished)
        }
    }

    /// A connection's thread hangs in the sink: the session's own loop must not look as if all were well.
    @Test func aSinkThatHangsStopsTheTurns() async throws {
        try await SimulatedKazoo.withRunning { kazoo, endpoints in
            let (sink, reports, control) = (HangingSink(), Reports(), SessionControl())
            let session = Session(
                try .simulated(endpoints, ["object.doc_created.user"]), sink: sink, control: control,
                report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(
                await kazoo.publishDocument(
                    "doc_created", type: "user", id: "1", account: "009afc511c97b2ae693c6cc4920988e8") == 1)
            await sink.lock.isHeld()
            // One turn may have been at its end already when the sink began to hang.
            let before = control.turns
            for _ in 0..<20 {
                control.prod()
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(control.turns <= before + 1)
            sink.lock.release()
            await turns(control)
            control.stop()
            #expect(await end == .finished)
        }
    }

    @Test func theStateIsReportedWhenAskedFor() async throws {
        try await SimulatedKazoo.withRunning { _, endpoints in
            let (reports, control) = (Reports(), SessionControl())
            let session = Session(
                try .simulated(endpoints, ["call.*.*"]), sink: RecordingSink(), control: control, report: reports.add)
            async let end = session.run()
            #expect(await reports.first(where: \.isReady) != nil)
            #expect(!reports.all.contains { if case .state = $0 { true } else { false } })
            control.reportState()
            let report = await reports.first { if case .state = $0 { true } else { false } }
            guard case .state(let state) = report else {
                Issue.record("no state: \(reports.all)")
                return
            }
            #expect(state.wanted == 1)
            #expect(state.missing == 0)
            #expect(state.connections.map(\.confirmed) == [1])
            control.stop()
            #expect(await end == .finished)
        }
    }
}
