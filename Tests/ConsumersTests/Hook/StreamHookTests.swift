import Consumers
import Events
import Glibc
import Synchronization
import TestSupport
import Testing

/// A process that stays, and how it is kept alive.
@Suite(.timeLimit(.minutes(10))) struct StreamHookTests {
    private struct Bench {
        let folder: TemporaryFolder
        let told = HookBench.Heard()
        var consumer: StreamHookConsumer

        init(
            _ script: String, patience: Duration = patience,
            backoff: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(20), grace: Duration = patience
        ) throws {
            folder = try TemporaryFolder()
            let environment = try HookEnvironment(adding: ["OUT": "\(folder.path)/out", "MARK": "\(folder.path)/mark"])
            consumer = try StreamHookConsumer(
                HookCommand(shell: script, environment: environment), patience: patience,
                backoff: backoff, grace: grace, tell: told.add)
        }

        var lines: [Substring] { folder.text("out")?.split(separator: "\n") ?? [] }

        /// Hands over events as a runner does: again, after a failure that asks for it.
        mutating func deliver(_ texts: [String], firstSequence: UInt64 = 1) async throws {
            let batch = try events(texts, firstSequence: firstSequence)
            while true {
                do throws(ConsumerFailure) {
                    return try await consumer.deliver(batch)
                } catch {
                    try #require(error.remedy == .retry)
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }

        /// Calls `tick` as a runner does, until something has come true.
        mutating func tick(until what: Comment, _ condition: (Bench) -> Bool) async throws {
            let limit = ContinuousClock.now + patience
            while !condition(self) {
                guard ContinuousClock.now < limit else {
                    Issue.record(what)
                    return
                }
                do throws(ConsumerFailure) {
                    try await consumer.tick(now: .now)
                } catch {
                    try #require(error.remedy == .retry)
                }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func texts(_ range: ClosedRange<Int>, padding: Int = 0) -> [String] {
        range.map { #"{"n":\#($0),"pad":"\#(String(repeating: "x", count: padding))"}"# }
    }

    @Test func `every event, in order, and an end that lets it finish`() async throws {
        var bench = try Bench(#"cat > "$OUT"; echo done >&2"#)
        let texts = Self.texts(1...3000, padding: 100)
        for first in stride(from: 0, to: 3000, by: 500) {
            try await bench.deliver(Array(texts[first..<(first + 500)]), firstSequence: UInt64(first + 1))
        }
        try await bench.consumer.close()
        #expect(bench.lines.map(String.init) == texts)
        #expect(bench.told.all == [.started, .said("done")])
    }

    @Test func `one that ends is started again, and gets what it had not read`() async throws {
        // `read` takes its bytes one by one: nothing is read and lost.
        var bench = try Bench(#"IFS= read -r line && printf '%s\n' "$line" >> "$OUT""#)
        let texts = Self.texts(1...5)
        try await bench.deliver(Array(texts[..<3]))
        try await bench.tick(until: "three lives") { $0.lines.count == 3 }
        try await bench.deliver(Array(texts[3...]), firstSequence: 4)
        try await bench.tick(until: "five lives") { $0.lines.count == 5 }
        #expect(bench.lines.map(String.init) == texts)
        #expect(bench.told.all.filter { $0 == .started }.count >= 5)
    }

    @Test func `a line that was read in part is sent as a whole`() async throws {
        var bench = try Bench(
            #"if [ -e "$MARK" ]; then cat >> "$OUT"; else : > "$MARK"; dd bs=1 count=100100 of=/dev/null 2>&-; exit 3; fi"#
        )
        let texts = Self.texts(1...3, padding: 99_990)
        try await bench.deliver(texts)
        try await bench.tick(until: "the rest is read") { $0.lines.count >= 2 }
        try await bench.consumer.close()
        #expect(bench.lines.map(String.init) == Array(texts[1...]), "the first was read whole")
        guard case .ended("it ended with exit status 3", _) = bench.told.all.dropFirst().first else {
            Issue.record("\(bench.told.all)")
            return
        }
    }

    @Test(arguments: [10, 100_000]) func `one that reads nothing is ended and started again`(padding: Int) async throws
    {
        var bench = try Bench(
            #"if [ -e "$MARK" ]; then cat >> "$OUT"; else : > "$MARK"; trap '' TERM; while :; do sleep 0.05; done; fi"#,
            patience: .seconds(5), grace: .milliseconds(300))
        let texts = Self.texts(1...3, padding: padding)
        try await bench.deliver(texts)
        try await bench.tick(until: "the second reads") { $0.lines.count == 3 }
        try await bench.consumer.close()
        #expect(bench.lines.map(String.init) == texts)
    }

    @Test func `what it never read is said at the end`() async throws {
        var bench = try Bench("while :; do sleep 0.05; done", grace: .milliseconds(300))
        try await bench.deliver(Self.texts(1...7))
        await #expect(throws: ConsumerFailure(.giveUp, "the hook ended without reading the last 7 lines")) {
            try await bench.consumer.close()
        }
    }

    @Test func `one that cannot live is not started in a hot loop`() async throws {
        var bench = try Bench("exit 1", backoff: .milliseconds(50) ... .milliseconds(200))
        let batch = try events(Self.texts(1...1))
        var (starts, heard) = (0, 0)
        var earliest = ContinuousClock.now
        while starts < 6 {
            let begin = ContinuousClock.now
            do throws(ConsumerFailure) {
                try await bench.consumer.deliver(batch)
                try await bench.consumer.tick(now: .now)
            } catch {
                #expect(error.remedy == .retry)
            }
            for notice in bench.told.all.dropFirst(heard) {
                heard += 1
                switch notice {
                case .started:
                    starts += 1
                    #expect(ContinuousClock.now >= earliest, "the pause that was told is over")
                case .ended(_, let pause): earliest = begin + pause
                case .said, .unsaid: break
                }
            }
            await Task.yield()
        }
    }

    /// In a process of its own, where nobody opens anything meanwhile but the runtime, a few.
    @Test func `a program that is gone leaves nothing open`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let program = try folder.write("hook", "#!/bin/sh\n", mode: 0o755)
            let told = HookBench.Heard()
            var consumer = try StreamHookConsumer(
                HookCommand([program], environment: HookEnvironment()), backoff: .microseconds(1) ... .microseconds(2),
                tell: told.add)
            unlink(program)
            let batch = try events(Self.texts(1...1))
            let before = Descriptors.open
            while told.all.count(where: { $0 == .started }) < 100 {
                do throws(ConsumerFailure) {
                    try await consumer.deliver(batch)
                    try await consumer.tick(now: .now)
                } catch {
                    #expect(error.remedy == .retry)
                }
            }
            #expect(Descriptors.open < before + 50)
            #expect(
                told.all.contains {
                    if case .ended("\(program) cannot be started: No such file or directory", _) = $0 {
                        true
                    } else {
                        false
                    }
                })
        }
    }

    @Test func `placeholders have no meaning`() throws {
        #expect(throws: HookCommandError.self) {
            try StreamHookConsumer(HookCommand(["/bin/cat", "{name}"], environment: HookEnvironment())) { _ in }
        }
    }
}
