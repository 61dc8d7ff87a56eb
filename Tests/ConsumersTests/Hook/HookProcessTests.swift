import Consumers
import Events
import Glibc
import TestSupport
import Testing

/// What a hook is started with.
@Suite(.timeLimit(.minutes(10))) struct HookProcessTests {
    private static let event =
        #"{"name":"CHANNEL_CREATE","routing_key":"call.CHANNEL_CREATE.1","data":{"account_id":"009afc511c97b2ae693c6cc4920988e8","msg_id":"m1"}}"#

    @Test func `the event is one line on standard input`() async throws {
        let bench = try HookBench(shell: #"cat > "$OUT""#)
        #expect(try await bench.deliver(Self.event) == nil)
        #expect(bench.out == Self.event + "\n")
    }

    @Test func `an event that no pipe holds`() async throws {
        let bench = try HookBench(shell: #"cat > "$OUT""#)
        let event = #"{"name":"\#(String(repeating: "x", count: 3 << 20))"}"#
        #expect(try await bench.deliver(event) == nil)
        #expect(bench.out == event + "\n")
    }

    @Test func `its environment is what it is given, and little else`() async throws {
        let bench = try HookBench(["/usr/bin/env"], environment: ["TOKEN": "a=b\nc"])
        #expect(try await bench.deliver() == nil)
        let written = try HookBench(shell: #"env -0 > "$OUT""#, environment: ["TOKEN": "a=b\nc"])
        #expect(try await written.deliver(Self.event, attempt: 3) == nil)
        var variables: [String: String] = [:]
        for entry in try #require(written.out).split(separator: "\0") {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = String(parts[1])
        }
        // What the shell sets by itself.
        for name in ["OUT", "PWD", "SHLVL", "_", "OLDPWD"] { variables[name] = nil }
        for name in ["PATH", "HOME", "LANG", "TZ", "USER"] { variables[name] = nil }
        #expect(
            variables == [
                "TOKEN": "a=b\nc", "KAZOO_EVENT_NAME": "CHANNEL_CREATE", "KAZOO_ROUTING_KEY": "call.CHANNEL_CREATE.1",
                "KAZOO_ACCOUNT_ID": "009afc511c97b2ae693c6cc4920988e8", "KAZOO_EVENT_ID": "m1+call.CHANNEL_CREATE.1",
                "KAZOO_SEQ": "7", "KAZOO_ATTEMPT": "3",
            ])
    }

    @Test func `facts fit, whatever the event holds`() async throws {
        let bench = try HookBench(shell: #"printf %s "$KAZOO_EVENT_NAME" > "$OUT""#)
        #expect(try await bench.deliver(#"{"name":"\#(String(repeating: "€", count: 1 << 20))"}"#) == nil)
        let cut = try #require(bench.out)
        #expect(cut.utf8.count <= HookEnvironment.factLimit)
        #expect(cut.utf8.count > HookEnvironment.factLimit - 4)
        #expect(cut.hasSuffix("€…") && cut.dropLast().allSatisfy { $0 == "€" })
        #expect(try await bench.deliver(#"{"name":"a\u0000b$(reboot)"}"#) == nil)
        #expect(bench.out == "a\u{FFFD}b$(reboot)")
        #expect(try await bench.deliver("{}") == nil)
        #expect(bench.out == "")
    }

    @Test func `it inherits no descriptor`() async throws {
        let leak = open("/dev/zero", O_RDONLY)
        defer { close(leak) }
        // Nothing here opens anything, or starts another program.
        let bench = try HookBench(
            shell: """
                i=0; while [ $i -lt 1024 ]; do [ -e /proc/$$/fd/$i ] && echo $i >&2; i=$((i+1)); done
                [ /proc/$$/fd/1 -ef /dev/null ] && echo nowhere >&2; true
                """)
        #expect(try await bench.deliver() == nil)
        #expect(bench.heard.lines == ["0", "1", "2", "nowhere"])
    }

    @Test func `it leads a session, in the root directory`() async throws {
        let bench = try HookBench(shell: #"{ echo $$; cut -d' ' -f5,6 /proc/$$/stat; pwd; } > "$OUT""#)
        #expect(try await bench.deliver() == nil)
        let lines = try #require(bench.out).split(separator: "\n")
        let id = try #require(lines.first)
        #expect(lines.dropFirst() == ["\(id) \(id)", "/"])
    }

    @Test func `no signal is blocked or ignored`() async throws {
        // The shell itself blocks signals now and then, so it makes way.
        let bench = try HookBench(shell: "exec grep -E 'Sig(Blk|Ign)' /proc/self/status >&2")
        #expect(try await bench.deliver() == nil)
        // The first 31 signals; glibc keeps the next two for itself.
        let masks = bench.heard.lines.compactMap { $0.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } }
        #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0])
    }

    @Test func `cloud events and envelopes`() async throws {
        let folder = try TemporaryFolder()
        let environment = try HookEnvironment(adding: ["OUT": "\(folder.path)/out"])
        let consumer = HookConsumer(
            try HookCommand(shell: #"cat > "$OUT""#, environment: environment),
            formatter: EventFormatter(.envelope)
        ) { _ in }
        try await consumer.deliver(try events(Self.event, firstSequence: 7), attempt: 1)
        let line = try #require(folder.text("out"))
        #expect(line.hasPrefix(#"{"seq":7,"#) && line.hasSuffix("\"event\":\(Self.event)}\n"))
    }
}
