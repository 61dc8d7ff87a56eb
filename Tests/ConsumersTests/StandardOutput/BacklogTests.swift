import Events
import TestSupport
import Testing

@testable import Consumers

@Suite struct BacklogTests {
    private func chunk(_ text: String, events: Int = 1, written: Int = 0, at time: Int64 = 0) -> Backlog.Chunk {
        Backlog.Chunk(
            bytes: Array(text.utf8), events: events, receivedAt: Timestamp(microseconds: time), written: written,
            isBegun: written > 0)
    }

    /// What comes out, chunk by chunk.
    private func drain(_ backlog: inout Backlog) -> [String] {
        var texts: [String] = []
        while let chunk = backlog.begin() {
            texts.append(String(decoding: chunk.bytes[chunk.written...], as: UTF8.self))
            backlog.wrote(chunk.remaining)
        }
        return texts
    }

    @Test func firstInFirstOut() {
        var backlog = Backlog(capacity: 100)
        #expect(backlog.isEmpty)
        #expect(backlog.begin() == nil)
        #expect(backlog.append(chunk("a\n")) == 0)
        #expect(backlog.append(chunk("b\nc\n", events: 2)) == 0)
        #expect(backlog.bytes == 6)
        #expect(backlog.events == 3)
        #expect(drain(&backlog) == ["a\n", "b\nc\n"])
        #expect(backlog.isEmpty)
        #expect(backlog.bytes == 0)
        #expect(backlog.events == 0)
    }

    @Test func memoryOfChunksThatAreGoneIsUsedAgain() {
        var backlog = Backlog(capacity: 1 << 20)
        func append(_ text: String) {
            let chunk = Array(text.utf8).withUnsafeBytes { bytes in
                backlog.chunk(of: bytes, events: 1, receivedAt: Timestamp(microseconds: 0), isBegun: false)
            }
            #expect(backlog.append(chunk) == 0)
        }
        append(String(repeating: "x", count: 50_000) + "\n")
        append("a\n")
        for number in 0..<100 {
            // Whoever writes still holds the chunk that is gone.
            let chunk = backlog.begin()
            backlog.wrote(chunk?.remaining ?? 0)
            append("\(number)\n")
            #expect(chunk?.bytes.last == UInt8(ascii: "\n"))
        }
        #expect(drain(&backlog) == ["98\n", "99\n"])
    }

    @Test func oldestIsDropped() {
        var backlog = Backlog(capacity: 6)
        for text in ["a\n", "b\n", "c\n"] { #expect(backlog.append(chunk(text)) == 0) }
        #expect(backlog.append(chunk("d\n")) == 1)
        #expect(backlog.append(chunk("eee\n", events: 2)) == 2)
        #expect(backlog.bytes == 6)
        #expect(backlog.events == 3)
        #expect(drain(&backlog) == ["d\n", "eee\n"])
    }

    /// What was dropped is known where it is missing: before the oldest chunk that is left, but after one that is begun.
    @Test func lossesAreKnownInTheirPlace() {
        var backlog = Backlog(capacity: 9)
        for (time, text) in [(1, "a\n"), (2, "b\n"), (3, "c\n"), (4, "d\n"), (5, "e\n")] {
            _ = backlog.append(chunk(text, at: Int64(time)))
        }
        func loss(_ events: Int, _ from: Int64, _ to: Int64) -> Loss {
            Loss(events: events, from: Timestamp(microseconds: from), to: Timestamp(microseconds: to))
        }
        #expect(backlog.takeLoss() == loss(1, 1, 1))
        #expect(backlog.takeLoss() == nil, "told once")
        backlog.prepend(Array("loss\n".utf8), receivedAt: Timestamp(microseconds: 1))
        #expect(backlog.begin()?.bytes == Array("loss\n".utf8))
        _ = backlog.append(chunk("f\n", at: 6))
        #expect(backlog.takeLoss() == nil, "the line that is begun comes first")
        backlog.wrote(5)
        #expect(backlog.takeLoss() == loss(3, 2, 4))
        #expect(drain(&backlog) == ["e\n", "f\n"])
        #expect(backlog.bytes == 0)
    }

    /// No line may be torn: what is begun stays, at the front, however far over the bound that is.
    @Test func begunIsNeverDropped() {
        var backlog = Backlog(capacity: 4)
        #expect(backlog.append(chunk("long\n", written: 1)) == 0)
        #expect(backlog.append(chunk("b\n")) == 1)
        #expect(backlog.bytes == 4)
        backlog.wrote(2)
        #expect(backlog.append(chunk("c\n")) == 0)
        #expect(backlog.append(chunk("d\n")) == 1)
        #expect(drain(&backlog) == ["g\n", "d\n"])

        #expect(backlog.append(chunk("e\n")) == 0)
        #expect(backlog.begin()?.isBegun == true)
        #expect(backlog.append(chunk("f\n")) == 0)
        #expect(backlog.append(chunk("g\n")) == 1)
        #expect(drain(&backlog) == ["e\n", "g\n"])
    }

    /// One chunk larger than everything that may wait is dropped itself.
    @Test func tooLargeForAll() {
        var backlog = Backlog(capacity: 3)
        #expect(backlog.append(chunk("a\n")) == 0)
        #expect(backlog.append(chunk("bbbb\nc\n", events: 2)) == 3)
        #expect(backlog.isEmpty)
        #expect(backlog.bytes == 0)
        #expect(backlog.events == 0)
        #expect(backlog.append(chunk("d\n")) == 0)
        #expect(drain(&backlog) == ["d\n"])
    }

    @Test func writtenInParts() {
        var backlog = Backlog(capacity: 10)
        #expect(backlog.append(chunk("abc\n")) == 0)
        #expect(backlog.begin()?.remaining == 4)
        backlog.wrote(0)
        backlog.wrote(3)
        #expect(backlog.events == 1, "an event counts as waiting until its last byte is gone")
        #expect(backlog.bytes == 1)
        backlog.wrote(1)
        #expect(backlog.events == 0)
    }

    /// The plainest thing that does the same.
    private struct Model {
        let capacity: Int
        var chunks: [Backlog.Chunk] = []

        var bytes: Int { chunks.reduce(0) { $0 + $1.remaining } }
        var events: Int { chunks.reduce(0) { $0 + $1.events } }

        mutating func append(_ chunk: Backlog.Chunk) -> Int {
            chunks.append(chunk)
            var dropped = 0
            while bytes > capacity, let oldest = chunks.firstIndex(where: { !$0.isBegun }) {
                dropped += chunks.remove(at: oldest).events
            }
            return dropped
        }

        mutating func begin() -> Backlog.Chunk? {
            guard !chunks.isEmpty else { return nil }
            chunks[0].isBegun = true
            return chunks[0]
        }

        mutating func wrote(_ count: Int) {
            chunks[0].written += count
            if chunks[0].remaining == 0 { chunks.removeFirst() }
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func agreesWithTheModel(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let capacity = Int.random(in: 1...200, using: &generator)
        var backlog = Backlog(capacity: capacity)
        var model = Model(capacity: capacity)
        // Runs that only fill and runs that only empty, so that both ends are met and places are given back.
        var appends = 0.5
        for step in 0..<2000 {
            if step % 100 == 0 { appends = Double.random(in: 0...1, using: &generator) }
            if Double.random(in: 0...1, using: &generator) < appends {
                let bytes = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                let isBegun = model.chunks.isEmpty && Bool.random(using: &generator)
                let written = isBegun ? Int.random(in: 1...bytes.count, using: &generator) : 0
                guard written < bytes.count else { continue }
                let chunk = Backlog.Chunk(
                    bytes: bytes, events: Int.random(in: 0...3, using: &generator),
                    receivedAt: Timestamp(microseconds: 0), written: written, isBegun: written > 0)
                #expect(backlog.append(chunk) == model.append(chunk))
            } else {
                let (next, expected) = (backlog.begin(), model.begin())
                #expect(next == expected)
                guard let next else { continue }
                let count = Int.random(in: 0...next.remaining, using: &generator)
                backlog.wrote(count)
                model.wrote(count)
            }
            #expect(backlog.bytes == model.bytes)
            #expect(backlog.events == model.events)
            #expect(backlog.isEmpty == model.chunks.isEmpty)
        }
    }
}
