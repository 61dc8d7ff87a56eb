import Blackhole
import Consumers
import Events
import Logging
import Settings
import Subscriber
import Synchronization
import TestSupport
import Testing

@testable import SubscribeCommands

/// The example of the README is a consumer like any other: it needs nothing but its own file.
@Suite(.timeLimit(.minutes(1))) struct EventCounterTests {
    private func consumers(_ text: String) throws -> [ConsumerSettings] {
        let loaded = Settings.load(
            YAMLDocument(
                """
                kazoo: {server: http://kazoo, username: events, account_name: master}
                subscriptions: [{bindings: ["call.*.*"]}]
                consumers:
                \(text)
                """, file: "FILE"),
            capabilities: Capabilities(consumers: [EventCounterSettings.self]), judge: SettingsJudge.judge)
        guard let settings = loaded.value, loaded.problems.isEmpty else { throw Wrong(problems: loaded.problems) }
        return settings.consumers
    }

    private struct Wrong: Error, CustomStringConvertible {
        let problems: [Problem]
        var description: String { problems.map(\.description).joined(separator: "\n") }
    }

    @Test func `from the config file to its last word`() async throws {
        let lines = LogLines()
        let settings = try #require(
            try consumers("- {name: counts, type: counter, every: 1h, bindings: [call.CHANNEL_CREATE.*]}").first)
        let type = try #require(settings.type as? EventCounterSettings)
        #expect(type.interval == .seconds(3600))
        let outlet = try type.outlet(
            at: OutletSite(settings, host: "kazoo", deadLetters: "/nonexistent", logger: lines.logger))
        try #require(outlet.route).offer(try events(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"A"}"#))
        outlet.finish(by: .now + .seconds(60))
        await outlet.run()
        #expect(outlet.progress.delivered == 3 && outlet.progress.lag.events == 0)
        #expect(outlet.route?.bindings.map(\.description) == ["call.CHANNEL_CREATE.*"])
    }

    @Test func `counts from deadline to deadline`() async throws {
        let lines = LogLines()
        var counter = EventCounter(interval: .seconds(60), logger: lines.logger)
        #expect(counter.deadline == nil)
        try await counter.deliver(try events(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"A"}"#, "{}"))
        try await counter.tick(now: try #require(counter.deadline))
        #expect(lines.all == ["A=2 (no name)=1 B=1"])
        #expect(counter.deadline == nil, "nothing to tell")
    }

    @Test func `its keys are judged like those of any other`() throws {
        #expect(throws: Wrong.self) { try consumers("- {name: counts, type: counter, evry: 1h}") }
        do { _ = try consumers("- {name: counts, type: counter, evry: 1h}") } catch {
            #expect("\(error)" == "FILE:4:33: unknown key “evry” (did you mean “every”?)")
        }
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock(\.self) }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
    }
}
