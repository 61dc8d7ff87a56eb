import Consumers
import Events
import Glibc
import Testing

/// How hooks end, and how they are made to.
@Suite(.timeLimit(.minutes(10))) struct HookEndingTests {
    @Test func `what the exit status means`() async throws {
        #expect(try await HookBench(shell: "exit 0").deliver() == nil)
        #expect(
            try await HookBench(shell: "echo busy >&2; exit 75").deliver()
                == ConsumerFailure(.retry, "it ended with exit status 75", exitStatus: 75, standardError: "busy\n"))
        #expect(
            try await HookBench(shell: "exit 3").deliver()
                == ConsumerFailure(.retryWithinLimit, "it ended with exit status 3", exitStatus: 3))
        #expect(
            try await HookBench(shell: "kill -SEGV $$").deliver()
                == ConsumerFailure(.retryWithinLimit, "it was ended by signal 11", exitStatus: 139))
    }

    @Test func `a program that is gone is asked for again`() async throws {
        let folder = try TemporaryFolder()
        let program = try folder.write("hook", "#!/bin/sh\n", mode: 0o755)
        let bench = try HookBench([program])
        #expect(try await bench.deliver() == nil)
        unlink(program)
        let failure = try #require(try await bench.deliver())
        #expect(failure.remedy == .retry)
        #expect(failure.description == "\(program) cannot be started: No such file or directory")
    }

    @Test(arguments: ["exit 0", "exec 0<&-; exit 0", "exec 0</dev/null; head -c 1 > /dev/null"])
    func `nobody need read the event`(script: String) async throws {
        let bench = try HookBench(shell: script)
        for size in [1, 1 << 20] {
            #expect(try await bench.deliver(#"{"name":"\#(String(repeating: "x", count: size))"}"#) == nil)
        }
    }

    @Test func `a gigabyte on standard output is nobody's`() async throws {
        let bench = try HookBench(["/usr/bin/head", "-c", "1000000000", "/dev/zero"])
        #expect(try await bench.deliver() == nil)
    }

    @Test func `much on standard error, and the end of it kept`() async throws {
        let bench = try HookBench(
            shell: "head -c 100000000 /dev/zero | tr '\\0' x >&2; echo >&2; seq 1 2000 >&2; exit 1")
        let failure = try #require(try await bench.deliver())
        let text = try #require(failure.standardError)
        #expect(text.utf8.count == 4096)
        #expect(text.hasSuffix("1999\n2000\n"))
        let lines = bench.heard.lines
        #expect(lines.first == String(repeating: "x", count: 1024))
        #expect(lines.count < 40, "a hook cannot flood the log")
        #expect(bench.heard.all.count <= lines.count + 3)
    }

    @Test func `lines as they come, with what is no text`() async throws {
        let bench = try HookBench(shell: #"printf 'one\n\ntwo\nthr' >&2; printf 'ee\377' >&2"#)
        #expect(try await bench.deliver() == nil)
        #expect(bench.heard.all == [.said("one"), .said("two"), .said("three\u{FFFD}")])
    }

    // MARK: What a hook leaves behind

    @Test(arguments: ["sleep 1000 &", "(while :; do echo noise >&2; done) &"])
    func `the end of the hook is the end, whoever holds its pipes`(daemon: String) async throws {
        let bench = try HookBench(shell: #"\#(daemon) echo $! > "$OUT"; exit 0"#)
        #expect(try await bench.deliver() == nil)
        let process = try #require(bench.process)
        kill(process, SIGKILL)
    }

    // MARK: Told to end

    @Test func `TERM is enough for most`() async throws {
        let bench = try HookBench(
            shell: "trap 'echo bye >&2; exit 9' TERM; echo ready >&2; while :; do sleep 0.05; done")
        let failure = try #require(try await bench.deliverAndCancel())
        #expect(failure.remedy == .retryWithinLimit)
        #expect(failure.exitStatus == 9)
        #expect(failure.standardError?.hasPrefix("ready\n") == true)
        #expect(failure.standardError?.hasSuffix("bye\n") == true, "its last words too")
    }

    @Test(arguments: [
        "trap '' TERM; echo ready >&2; while :; do sleep 0.05; done",
        "exec 2>&-; trap '' TERM; echo ready > \"$OUT\"; while :; do sleep 0.05; done",
    ])
    func `KILL for those who will not`(script: String) async throws {
        let failure = try #require(try await HookBench(shell: script, grace: .milliseconds(300)).deliverAndCancel())
        #expect(failure.exitStatus == 128 + SIGKILL)
        #expect(failure.description == "it was told to end before it had: it was ended by signal 9")
    }

    @Test(arguments: ["", "exec 2>&-;"])
    func `none of the group is left`(prelude: String) async throws {
        let bench = try HookBench(
            shell: """
                \(prelude) sh -c 'trap "" TERM; echo $$ > "$OUT"; while :; do sleep 0.05; done' &
                wait
                """)
        let failure = try #require(try await bench.deliverAndCancel())
        #expect(failure.exitStatus == 128 + SIGTERM, "the leader went at once")
        let process = try #require(bench.process)
        try await eventually("its child is gone") { !HookBench.isRunning(process) }
    }

    @Test func `success after TERM is none`() async throws {
        let bench = try HookBench(shell: "trap 'exit 0' TERM; echo ready >&2; while :; do sleep 0.05; done")
        let failure = try #require(try await bench.deliverAndCancel())
        #expect(failure.exitStatus == 0)
        #expect(failure.remedy == .retryWithinLimit)
    }

    /// In a process of its own, where nobody opens anything meanwhile but the runtime, a few.
    @Test func `nothing is left over from a hundred runs`() async {
        await #expect(processExitsWith: .success) {
            let bench = try HookBench(["/bin/true"])
            #expect(try await bench.deliver() == nil)
            let before = Descriptors.open
            for _ in 0..<100 { #expect(try await bench.deliver() == nil) }
            #expect(Descriptors.open < before + 50)
        }
    }
}
