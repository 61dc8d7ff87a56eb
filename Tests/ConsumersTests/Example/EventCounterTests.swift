import Consumers
import Testing

/// The example of the README does what it says.
@Suite struct EventCounterTests {
    private final class Page: @unchecked Sendable {  // one test, one task at a time
        var lines: [String] = []
        var isFull = false
    }

    private struct Full: Error {}

    @Test func `a line each minute, and at the end`() async throws {
        let page = Page()
        var counter = EventCounter { page.lines.append($0) }
        let due = try #require(counter.deadline)
        try await counter.deliver(try events(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"A"}"#, "{}"))
        try await counter.tick(now: due - .milliseconds(1))
        #expect(page.lines.isEmpty)
        try await counter.tick(now: due)
        #expect(page.lines == ["A=2 (no name)=1 B=1"])
        #expect(counter.deadline == due + .seconds(60))
        try await counter.deliver(try events(#"{"name":"C"}"#))
        try await counter.close()
        #expect(page.lines.last == "C=1")
    }

    @Test func `a line that cannot be written is written later`() async throws {
        let page = Page()
        var counter = EventCounter {
            if page.isFull { throw Full() }
            page.lines.append($0)
        }
        let due = try #require(counter.deadline)
        try await counter.deliver(try events(#"{"name":"A"}"#))
        page.isFull = true
        await #expect(throws: ConsumerFailure.self) { try await counter.tick(now: due) }
        page.isFull = false
        try await counter.tick(now: due)
        #expect(page.lines == ["A=1"], "nothing is forgotten")
    }
}
