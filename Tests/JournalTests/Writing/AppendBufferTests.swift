import Events
import Testing

@testable import Journal

@Suite struct AppendBufferTests {
    /// What a group holds: the numbers of calls, and for a gap how many events are missing.
    private func contents(_ group: AppendBuffer.Group) -> [String] {
        group.entries.map { entry in
            switch entry {
            case .events(let batch): "\(batch.numbers)"
            case .gap(let gap): "\(gap.reason) \(gap.events ?? -1)"
            }
        }
    }

    @Test func `entries come in their order, up to a size`() throws {
        var buffer = AppendBuffer(capacity: 1 << 20)
        let gap = JournalGap(
            from: Timestamp(microseconds: 1), to: Timestamp(microseconds: 2), reason: "connection_lost")
        buffer.append(try calls(1...2))
        buffer.append(gap)
        buffer.append(try calls(3...3))
        let size = try calls(1...2).compact.memory
        #expect(contents(buffer.take(limit: size + size / 4)) == ["[1, 2]"])
        #expect(contents(buffer.take(limit: 1 << 20)) == ["connection_lost -1", "[3]"])
        #expect(buffer.isEmpty)
        #expect(contents(buffer.take(limit: 1)) == [])
    }

    @Test func `an entry that is larger than the limit comes alone`() throws {
        var buffer = AppendBuffer(capacity: 1 << 20)
        for number in 1...2 { buffer.append(try calls(number...number)) }
        #expect(contents(buffer.take(limit: 1)) == ["[1]"])
        #expect(contents(buffer.take(limit: 1)) == ["[2]"])
    }

    @Test func `what is taken counts until it is released`() throws {
        let (first, second) = (try calls(1...1).compact, try calls(2...2).compact)
        let both = first.memory + second.memory
        var buffer = AppendBuffer(capacity: both)
        buffer.append(first)
        buffer.append(second)
        #expect(buffer.memory == both)
        let group = buffer.take(limit: 1)
        #expect(buffer.memory == both)
        #expect(buffer.waitingMemory == second.memory)
        buffer.append(try calls(3...3))
        #expect(buffer.dropped == 1)
        buffer.release(group)
        #expect(buffer.memory == second.memory)
    }

    @Test func `what is dropped in a row is one gap, where it would have stood`() throws {
        let size = try calls(1...1).compact.memory
        // The allocator may give each a little more than it asks for.
        var buffer = AppendBuffer(capacity: size * 2 + size / 2)
        for number in 1...6 { buffer.append(try calls(number...number, at: Int64(number))) }
        #expect(buffer.dropped == 4)
        let first = buffer.take(limit: 1)
        #expect(contents(first) == ["[1]"])
        let second = buffer.take(limit: 1)
        #expect(contents(second) == ["[2]", "dropped 4"])
        guard case .gap(let gap) = second.entries.last else {
            Issue.record("there is no gap")
            return
        }
        #expect(gap.from.microseconds == 3)
        #expect(gap.to.microseconds == 6)
        #expect(
            gap.notice == [
                "action": "gap", "from": "1970-01-01T00:00:00.000003Z", "to": "1970-01-01T00:00:00.000006Z",
                "reason": "dropped", "events": 4,
            ])
        buffer.release(first)
        buffer.release(second)
        #expect(buffer.memory == 0)
    }

    @Test func `a gap stands between what came before and after it`() throws {
        let size = try calls(1...1).compact.memory
        // The allocator may give each a little more than it asks for.
        var buffer = AppendBuffer(capacity: size * 3 + size / 2)
        for number in 1...4 { buffer.append(try calls(number...number)) }
        let group = buffer.take(limit: 2 * size + size / 2)
        buffer.release(group)
        buffer.append(try calls(5...5))
        #expect(contents(buffer.take(limit: 1 << 20)) == ["[3]", "dropped 1", "[5]"])
    }

    @Test func `a batch that is larger than everything is taken when nothing else waits`() throws {
        var buffer = AppendBuffer(capacity: 10)
        buffer.append(try calls(1...1))
        buffer.append(try calls(2...2))
        #expect(contents(buffer.take(limit: 10)) == ["[1]", "dropped 1"])
    }

    @Test func `a gap without room widens what was dropped`() throws {
        var buffer = AppendBuffer(capacity: 10)
        buffer.append(try calls(1...1, at: 5))
        buffer.append(try calls(2...2, at: 6))
        buffer.append(
            JournalGap(from: Timestamp(microseconds: 3), to: Timestamp(microseconds: 9), reason: "connection_lost"))
        guard case .gap(let gap) = buffer.take(limit: 10).entries.last else {
            Issue.record("there is no gap")
            return
        }
        #expect((gap.from.microseconds, gap.to.microseconds, gap.events) == (3, 9, 1))
    }

    @Test func `lines that are no events are not counted as dropped`() throws {
        var buffer = AppendBuffer(capacity: 10)
        buffer.append(try calls(1...1))
        var batch = try calls(2...3)
        batch.append(notice: ["action": "gap"])
        buffer.append(batch)
        #expect(buffer.dropped == 2)
    }
}
