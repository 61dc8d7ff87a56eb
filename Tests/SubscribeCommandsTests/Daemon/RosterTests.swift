import Settings
import Testing

@testable import SubscribeCommands

/// What becomes of consumers when the config file changes.
@Suite struct RosterTests {
    private var roster = Roster()

    /// Settings of consumers, `NAME` or `NAME:QUEUE`.
    private func consumers(_ names: String...) throws -> [ConsumerSettings] {
        let items = names.map { name in
            let parts = name.split(separator: ":")
            return
                "- {name: \(parts[0]), type: file, path: /tmp/\(parts[0]), queue: \(parts.count > 1 ? parts[1] : "64")MiB}"
        }
        let text = """
            kazoo: {server: http://kazoo, username: events, account_name: master}
            subscriptions: [{bindings: ["call.*.*"]}]
            consumers:
            """
        let loaded = Settings.load(
            YAMLDocument(([text] + items).joined(separator: "\n"), file: "FILE"), capabilities: .thisProgram,
            judge: { _, _ in .good })
        #expect(loaded.problems == [])
        return try #require(loaded.value).consumers
    }

    private mutating func change(to names: String..., host: String = "a") throws -> [String] {
        var all: [ConsumerSettings] = []
        for name in names { all += try consumers(name) }
        return try roster.change(to: all, host: host) { settings, host in
            StubOutlet(name: "\(settings.name.value)\(settings.queueSize >> 20)")
        }.map(\.words)
    }

    private func id(_ name: String, _ position: Int = 0) throws -> Int {
        try #require(roster.members.filter { $0.name == name }.dropFirst(position).first).id
    }

    @Test mutating func `who is the same stays`() throws {
        #expect(try change(to: "a", "b") == ["run a64", "run b64"])
        #expect(try change(to: "b", "a") == [], "their order is of no matter")
        #expect(roster.members.map(\.name) == ["b", "a"])
        #expect(try change(to: "b", "a", "c") == ["run c64"])
        #expect(roster.routes.count == 3)
    }

    @Test mutating func `what is new waits until what leaves has gone`() throws {
        _ = try change(to: "a", "b")
        #expect(try change(to: "a:1", "c") == ["finish a64", "finish b64"])
        #expect(roster.isChanging)
        #expect(roster.routes.count == 2, "what comes is kept for the new ones")
        let (old, other) = (try id("a", 1), try id("b"))
        #expect(roster.ended(old).isEmpty)
        #expect(roster.ended(other).map(\.words) == ["run a1", "run c64"])
        #expect(!roster.isChanging && roster.members.map(\.name) == ["a", "c"])
    }

    @Test mutating func `another cluster makes other consumers`() throws {
        _ = try change(to: "a")
        #expect(try change(to: "a", host: "b") == ["finish a64"])
    }

    @Test mutating func `what cannot be made changes nothing`() throws {
        _ = try change(to: "a", "b")
        let before = roster.members.map(\.id)
        let next = try consumers("c", "d")
        #expect(throws: UsageError.self) {
            try roster.change(to: next, host: "a") { (settings, _) throws(UsageError) in
                if settings.name.value == "d" { throw UsageError("no") }
                return StubOutlet(name: "c")
            }
        }
        #expect(roster.members.map(\.id) == before && !roster.isChanging)
    }

    @Test mutating func `who is of no use gets nothing, and is made anew by the next change`() throws {
        _ = try change(to: "a", "b")
        #expect(roster.ended(try id("a")).isEmpty)
        #expect(roster.routes.count == 1 && !roster.isEmpty)
        #expect(roster.ended(try id("b")).isEmpty)
        #expect(roster.isEmpty)
        #expect(try change(to: "a", "b") == ["run a64", "run b64"])
        #expect(!roster.isEmpty && roster.members.count == 2)
    }

    @Test mutating func `at the end everybody delivers what waits, also who had no place yet`() throws {
        _ = try change(to: "a")
        _ = try change(to: "a:1", "b")
        #expect(roster.finish().isEmpty, "the one that works was told before")
        #expect(roster.ended(try id("a", 1)).map(\.words) == ["run a1", "finish a1", "run b64", "finish b64"])
        #expect(!roster.isEmpty)
        for name in ["a", "b"] { #expect(roster.ended(try id(name)).isEmpty) }
        #expect(roster.isEmpty && roster.members.isEmpty)
    }

    @Test mutating func `an end is told once to each`() throws {
        _ = try change(to: "a", "b")
        #expect(roster.finish().map(\.words) == ["finish a64", "finish b64"])
        #expect(roster.routes.isEmpty)
    }
}

extension Roster.Action {
    fileprivate var words: String {
        switch self {
        case .run(let member): "run \((member.outlet as? StubOutlet)?.name ?? "?")"
        case .finish(let outlet): "finish \((outlet as? StubOutlet)?.name ?? "?")"
        }
    }
}
