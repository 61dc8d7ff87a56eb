import Blackhole
import Crossbar
import Events
import KazooSimulator
import Network
import Secrets
import Subscriber
import Synchronization
import Threads

/// Keeps every event, and has enough after so many.
struct RecordingSink: EventSink {
    /// What several threads look at.
    final class Record: Sendable {
        private let list = Mutex<[String]>([])
        private let numbers = Mutex<[UInt64]>([])
        private let arrivals = AsyncStream<String>.makeStream()

        /// The lines that came, without their newlines.
        var lines: [String] { list.withLock { $0 } }

        /// The numbers of the events that came.
        var sequences: [UInt64] { numbers.withLock { $0 } }

        func add(_ batch: EventBatch) {
            numbers.withLock { $0 += batch.map(\.sequence) }
            add(batch.bytes)
        }

        func add(_ text: [UInt8]) {
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init) {
                list.withLock { $0.append(line) }
                arrivals.continuation.yield(line)
            }
        }

        /// Waits for the next line; the time limit of the test is the bound.
        func next() async -> String? {
            for await line in arrivals.stream { return line }
            return nil
        }
    }

    let record = Record()
    /// `nil` for never enough.
    var limit: Int?

    var deadline: ContinuousClock.Instant? { nil }

    mutating func receive(_ batch: inout EventBatch, now: ContinuousClock.Instant) -> SinkVerdict {
        record.add(batch)
        return limit.map { record.lines.count >= $0 } == true ? .enough : .more
    }

    mutating func missed(_ gap: Gap, now: ContinuousClock.Instant) { record.add(Array(gap.notice.json.utf8)) }

    mutating func tick(now: ContinuousClock.Instant) -> SinkVerdict { .more }
}

/// What a session reports, one after the other.
struct Reports: Sendable {
    let stream: AsyncStream<SessionReport>
    private let continuation: AsyncStream<SessionReport>.Continuation
    private let list = Shared()

    private final class Shared: Sendable {
        let reports = Mutex<[SessionReport]>([])
    }

    init() { (stream, continuation) = AsyncStream.makeStream() }

    var all: [SessionReport] { list.reports.withLock { $0 } }

    func add(_ report: SessionReport) {
        list.reports.withLock { $0.append(report) }
        continuation.yield(report)
    }

    /// Waits for a report; the time limit of the test is the bound.
    func first(where condition: (SessionReport) -> Bool) async -> SessionReport? {
        for await report in stream where condition(report) { return report }
        return nil
    }
}

extension SessionReport {
    var isReady: Bool { if case .ready = self { true } else { false } }
    var isLost: Bool { if case .lost = self { true } else { false } }
}

extension SessionConfiguration {
    /// Logs in to a simulated Kazoo as the user of the recordings.
    static func simulated(
        _ endpoints: SimulatorEndpoints, _ bindings: [String], accounts: Accounts = .own, password: String = "secret",
        username: String = "admin", account: String = "Acme", policy: SessionPolicy = .oneShot
    ) throws -> SessionConfiguration {
        let hash = try CredentialHash(username: username, password: Secret(password), method: .sha1)
        var configuration = SessionConfiguration(
            server: try ServerURL(parsing: endpoints.api, schemes: [.http]),
            websockets: try endpoints.websockets.map { try ServerURL(parsing: $0, schemes: [.ws]) },
            authentication: .login(.user(hash, account: .name(account))),
            wanted: try bindings.map { Wanted(accounts: accounts, binding: try Binding($0)) }, policy: policy)
        configuration.network.proxy = ""
        // Nothing reaches these on a busy machine.
        (configuration.network.connectTimeout, configuration.network.requestTimeout) = (.seconds(300), .seconds(300))
        return configuration
    }
}
