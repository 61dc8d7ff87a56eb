import Foundation
import KazooSimulator
import Testing

/// Whoever reads standard output too slowly loses events, and is told how many; the server never notices.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SlowReaderTests {
    /// So many numbered events, then nothing.
    private struct Flood: EventSource {
        let total: Int
        let filler: String
        private var count = 0

        init(_ total: Int, filler: String = "") {
            self.total = total
            self.filler = filler
        }

        mutating func next(now: Int64) -> SimulatedEvent? {
            guard count < total else { return nil }
            count += 1
            return SimulatedEvent(
                routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.\(count)",
                name: "doc_created",
                data: #"{"id":"\#(count)","type":"user","filler":"\#(filler)","msg_id":"\#(count)"}"#)
        }
    }

    private static let kilobyte = String(repeating: "sixteen letters ", count: 64)

    /// Kazoo 4.x keeps what a client does not read; that the program comes to its end shows that it read everything.
    ///
    /// What the program prints of an event is made much longer than the event: to scan so many bytes takes a debug build
    /// half a minute. What it keeps besides its backlog are the events of one burst, as they are printed: a thousand, when
    /// the program is slow.
    @Test func `twice of what the backlog holds is received while nobody reads the output`() async throws {
        let total = 16_000
        let line = String(repeating: Self.kilobyte, count: 8)
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(.v4) {
                $0.eventSource = Flood(total)
                $0.eventsPerSecond = 20_000
            }
            let program = try stage.subscribe(
                to: kazoo.addresses,
                ["--binding", "object.*.*", "--count", "\(total)", "--format", #"{data.id} \#(line)\n"#])

            // It leaves the server when it has received everything, and only then does anybody read its output.
            var largest = 0
            try await eventually("everything is received", within: .seconds(300)) {
                largest = max(largest, try ProcessResources(of: program).anonymous)
                let statistics = await kazoo.simulator.statistics
                return statistics.delivered == total && statistics.openConnections == 0
            }
            // Everything would be 128 MB, and what the program is without it.
            #expect(largest < (64 + 56) << 10, "\(largest) KB")
            #expect(program.ending == nil, "it waits for its reader")
            #expect(program.errors.text.contains("the reader of standard output is too slow"))

            #expect(try await program.ended() == .exit(0))
            let lines = program.output.data.split(separator: UInt8(ascii: "\n"))
            let numbers = try lines.map { try #require(Int(String(decoding: $0.prefix { $0 != 0x20 }, as: UTF8.self))) }
            let torn = zip(lines, numbers).filter { $0 != Data("\($1) \(line)".utf8) }
            #expect(torn.isEmpty && program.output.data.last == UInt8(ascii: "\n"))
            #expect(numbers.last == total, "the newest event is there")
            #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "in their order")
            let dropped = total - numbers.count
            #expect(dropped > 0)
            #expect(program.errors.text.contains("\(dropped) of \(total) events were dropped"))
            #expect(program.errors.text.contains("ended dropped=\(dropped) events=\(numbers.count)"))
        }
    }

    /// Kazoo 5 drops what a client does not take in time; here it has time, and a reader of its output that has none.
    ///
    /// There is more of it than sockets, server and Kazoo's mailbox can hold between them, 17 MB at most; and it comes so
    /// slowly that a debug build on a busy machine keeps up.
    @Test func `Kazoo 5 drops nothing for the sake of a slow reader`() async throws {
        let total = 320
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(.v5) {
                $0.eventSource = Flood(total, filler: String(repeating: Self.kilobyte, count: 64))
                $0.eventsPerSecond = 20
            }
            let program = try stage.subscribe(
                to: kazoo.addresses, ["--binding", "object.*.*", "--count", "\(total)"])
            try await eventually("everything is received", within: .seconds(300)) {
                let statistics = await kazoo.simulator.statistics
                return statistics.delivered == total && statistics.openConnections == 0
            }
            #expect(await kazoo.simulator.statistics.dropped == 0)
            #expect(try await program.ended() == .exit(0))
            #expect(try printedNumbers(program) == Array(1...total))
        }
    }

    /// Reads every line as JSON, which shows that none is torn, and returns the numbers of the events.
    private func printedNumbers(_ program: RunningProgram) throws -> [Int] {
        let data = program.output.data
        #expect(data.last == UInt8(ascii: "\n"))
        return try data.split(separator: UInt8(ascii: "\n")).map { line in
            let event = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            let id = (event?["data"] as? [String: Any])?["id"] as? String
            return try #require(id.flatMap { Int($0) })
        }
    }
}
