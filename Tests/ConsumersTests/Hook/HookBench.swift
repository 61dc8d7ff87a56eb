import Consumers
import Events
import Glibc
import Synchronization
import TestSupport
import Testing

/// A hook for one test, and what it leaves behind: `$OUT` is a file for it to write to.
struct HookBench {
    let folder: TemporaryFolder
    let consumer: HookConsumer
    let heard = Heard()

    final class Heard: Sendable {
        private let list = Mutex<[HookNotice]>([])
        var all: [HookNotice] { list.withLock { $0 } }
        var lines: [String] { all.compactMap { if case .said(let line) = $0 { line } else { nil } } }
        func add(_ notice: HookNotice) { list.withLock { $0.append(notice) } }
    }

    init(_ words: [String], environment: [String: String] = [:]) throws {
        try self.init(environment) { try HookCommand(words, environment: $0) }
    }

    init(shell script: String, environment: [String: String] = [:], grace: Duration = patience) throws {
        try self.init(environment, grace: grace) { try HookCommand(shell: script, environment: $0) }
    }

    /// A program that writes its arguments, each with a NUL byte after it.
    init(arguments: [String]) throws {
        try self.init(["/bin/sh", "-c", #"printf '%s\0' "$@" > "$OUT""#, "hook"] + arguments)
    }

    private init(
        _ environment: [String: String], grace: Duration = patience,
        _ command: (HookEnvironment) throws -> HookCommand
    ) throws {
        folder = try TemporaryFolder()
        let environment = try HookEnvironment(adding: environment.merging(["OUT": "\(folder.path)/out"]) { $1 })
        consumer = HookConsumer(try command(environment), grace: grace, tell: heard.add)
    }

    /// What the hook has written.
    var out: String? { folder.text("out") }

    /// The arguments of ``init(arguments:)``.
    var arguments: [String] {
        out?.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init) ?? []
    }

    /// Delivers an event; `nil` when that went well.
    func deliver(_ event: String = #"{"name":"X"}"#, attempt: Int = 1) async throws -> ConsumerFailure? {
        let batch = try events(event, firstSequence: 7)
        do throws(ConsumerFailure) {
            try await consumer.deliver(batch, attempt: attempt)
            return nil
        } catch {
            return error
        }
    }

    /// Delivers an event, and cancels that as soon as the hook has said something on standard error or written its file.
    func deliverAndCancel() async throws -> ConsumerFailure? {
        try await withThrowingTaskGroup(of: ConsumerFailure?.self) { group in
            group.addTask { try await deliver() }
            try await eventually("the hook is ready") { !heard.lines.isEmpty || out?.hasSuffix("\n") ?? false }
            group.cancelAll()
            return try await group.next() ?? nil
        }
    }

    /// The number in the file, which names a process.
    var process: pid_t? { out?.split(separator: "\n").first.flatMap { pid_t($0) } }

    /// Whether a process runs; one that nobody has reaped does not.
    static func isRunning(_ process: pid_t) -> Bool {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, 512, file) != nil else { return false }
        let text = line.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return text.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}
