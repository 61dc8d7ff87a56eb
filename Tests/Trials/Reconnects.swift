import ArgumentParser
import KazooSimulator

/// `trials reconnects`
struct Reconnects: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Many reconnects: descriptors, threads and memory do not grow.",
        discussion: """
            The subscriber is a process of its own, and the simulator drops its connections as soon as it is ready. The \
            first wait of its back-off is bounded by 1 ms here, and never longer than 120 ms.
            """)

    @Option(help: "How many reconnects.")
    var count = 1000

    @Option(help: "Which generation of Kazoo: 4 or 5.")
    var kazoo = 5

    /// From this reconnect on nothing may grow: until then caches fill.
    private var settled: Int { min(100, count / 2) }

    /// How much resident memory may grow, in kilobytes: the allocator keeps some pages more or less.
    private static let allowance = 1024

    func validate() throws {
        guard (4...5).contains(kazoo) else { throw ValidationError("--kazoo wants 4 or 5") }
        guard count >= 10 else { throw ValidationError("--count wants at least 10") }
    }

    func run() async throws {
        let configuration = SimulatorConfiguration(flavour: kazoo == 4 ? .v4 : .v5)
        let isPassed = try await SimulatedKazoo.withRunning(configuration) { kazoo, endpoints in
            let child = try ChildProcess(arguments: [
                "subscribe", "--api", endpoints.api, "--websocket", endpoints.websocket, "--binding", "call.*.*",
                "--backoff", "1",
            ])
            let figures = try await drop(kazoo, child)
            try await child.end()
            return judge(figures)
        }
        guard isPassed else { throw ExitCode.failure }
    }

    /// Drops the connection again and again.
    ///
    /// - Returns: what the subscriber holds after so many reconnects.
    private func drop(_ kazoo: SimulatedKazoo, _ child: ChildProcess) async throws -> [Int: ProcessFigures] {
        let ends: [ConnectionEnd] = [.fin, .reset, .close(1011), .close(1000)]
        var figures: [Int: ProcessFigures] = [:]
        try await child.waitUntilReady(within: .seconds(30))
        for number in 1...count {
            await kazoo.dropConnections(ends[number % ends.count])
            try await child.waitUntilReady(within: .seconds(30))
            guard number == settled || number == count || number.isMultiple(of: max(settled, count / 10)) else {
                continue
            }
            figures[number] = try await child.settledFigures()
        }
        return figures
    }

    private func judge(_ figures: [Int: ProcessFigures]) -> Bool {
        var table = Table()
        table.add("reconnects", "descriptors", "threads", "resident KB")
        for (number, figures) in figures.sorted(by: { $0.key < $1.key }) {
            table.add("\(number)", "\(figures.descriptors)", "\(figures.threads)", "\(figures.residentKilobytes)")
        }
        say(table)
        guard let early = figures[settled], let late = figures[count] else { return false }
        let isPassed =
            late.descriptors <= early.descriptors && late.threads <= early.threads
            && late.residentKilobytes <= early.residentKilobytes + Self.allowance
        say(
            isPassed ? "passed" : "VIOLATION: the subscriber holds more after \(count) reconnects than after \(settled)"
        )
        return isPassed
    }
}

extension ChildProcess {
    /// Waits until it says that it is ready.
    ///
    /// - Returns: the words of the last such line behind the first one: confirmed, refused, connections.
    @discardableResult
    func waitUntilReady(within limit: Duration) async throws -> [Int] {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let line = takeLines().last(where: { $0.hasPrefix("ready ") }) {
                return line.split(separator: " ").dropFirst().compactMap { Int($0) }
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw TrialFailure("the subscriber is not ready within \(limit)")
    }

    /// What it holds at least, within half a second: the thread of the connection that was dropped goes in its own time.
    fileprivate func settledFigures() async throws -> ProcessFigures {
        var least = try figures
        for _ in 0..<25 {
            try await Task.sleep(for: .milliseconds(20))
            let next = try figures
            if (next.threads, next.descriptors) <= (least.threads, least.descriptors) { least = next }
        }
        return least
    }
}
