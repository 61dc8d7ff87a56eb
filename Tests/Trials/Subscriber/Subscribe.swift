import ArgumentParser
import Blackhole
import Events
import Glibc
import Subscriber
import Threads

/// `trials subscribe`: the side of a trial that is measured, in a process of its own.
///
/// Prints `ready CONFIRMED REFUSED CONNECTIONS` whenever it is ready, and `event ID` for each event. It runs until the end
/// of its standard input.
struct Subscribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The subscriber of another trial, in a process of its own.", shouldDisplay: false)

    @Option var api: String
    @Option var websocket: String
    @Option var binding: String
    @Flag var descendants = false
    @Option var subscriptionsPerConnection = 500
    @Option(help: "The bound of the first wait after a failure, in milliseconds.")
    var backoff = 500

    func run() async throws {
        // The simulator's sockets must not be held open by another process.
        for descriptor in (STDERR_FILENO + 1)..<1024 { close(descriptor) }
        var policy = SessionPolicy.forever
        policy.subscriptionsPerConnection = subscriptionsPerConnection
        policy.backoff.base = .milliseconds(backoff)
        policy.backoff.maximum = .milliseconds(backoff * 120)
        let wanted = SessionConfiguration.Wanted(
            accounts: descendants ? .descendants : .own, binding: try Binding(binding))
        let configuration = try Scenery.configuration(
            api: api, websockets: [websocket], wanted: [wanted], policy: policy)
        let control = SessionControl()
        Self.onEndOfInput { control.stop() }
        let session = Session(configuration, sink: PrintingSink(), control: control) { report in
            guard case .ready(let confirmed, let refused, let connections) = report else { return }
            say("ready \(confirmed) \(refused) \(connections.count)")
        }
        if case .failed(let failure) = await session.run() { throw failure }
    }

    /// Waits on a thread of its own until whoever started this process closes the pipe.
    private static func onEndOfInput(_ body: @escaping @Sendable () -> Void) {
        BlockingThread.start("input") {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 {}
            body()
        }
    }

    /// Prints the identity of each event. It may wait for its reader, the trial, which does nothing else but read.
    private struct PrintingSink: EventSink {
        var deadline: ContinuousClock.Instant? { nil }

        mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
            say(batch.map { "event \($0.eventID ?? "without")" }.joined(separator: "\n"))
            return .more
        }

        mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) {}

        mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }
    }
}
