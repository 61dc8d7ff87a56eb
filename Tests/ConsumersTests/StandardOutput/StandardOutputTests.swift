import Events
import Glibc
import Testing
import Threads

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct StandardOutputTests {
    private let notices = Notices()

    /// The output keeps the channel: one that is let go of is closed.
    private func output(_ channel: Channel, capacity: Int = 64 << 20) -> StandardOutput {
        StandardOutput(descriptor: channel.writer, capacity: capacity) { [notices] notice in
            withExtendedLifetime(channel) { notices.add(notice) }
        }
    }

    /// Numbered lines of a hundred bytes.
    private static func line(_ number: Int) -> String {
        let digits = String(number)
        return digits + String(repeating: ".", count: 99 - digits.count) + "\n"
    }

    private static func numbers(_ bytes: [UInt8]) -> [Int] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { Int($0.prefix { $0 != "." }) ?? -1 }
    }

    /// A reader that keeps up costs no copy and no other thread: `run()` is not even called.
    @Test func straightIntoThePipe() async throws {
        for channel in [try Channel.pipe(), try Channel.sockets()] {
            let output = output(channel)
            output.deliver("a\nb\n")
            output.deliver("")
            output.deliver("c\n")
            #expect(output.counts == .init(received: 3, written: 3, dropped: 0, waiting: 0))
            #expect(await channel.read(exactly: 6) == Array("a\nb\nc\n".utf8))
        }
        #expect(notices.all.isEmpty)
    }

    /// The reader stops: what waits grows to the bound, then the oldest lines go. When it reads again, it gets whole
    /// lines in their order, the first of them those that were on their way already.
    @Test func readerThatStops() async throws {
        for channel in [try Channel.pipe(), try Channel.sockets()] {
            let capacity = 10_000
            let output = output(channel, capacity: capacity)
            let total = 20_000
            for number in 0..<total { output.deliver(Self.line(number)) }
            let counts = output.counts
            #expect(counts.received == total)
            #expect(counts.dropped > 0)
            #expect(counts.waiting <= capacity / 100 + 1)
            #expect(counts.waiting >= capacity / 100 - 1)
            #expect(counts.written + counts.dropped + counts.waiting == total)

            async let finished: Void = output.run()
            output.finish()
            let kept = total - counts.dropped
            let numbers = Self.numbers(await channel.read(exactly: kept * 100))
            await finished
            #expect(numbers.count == kept)
            #expect(numbers == numbers.sorted())
            #expect(Array(numbers.prefix(counts.written)) == Array(0..<counts.written))
            #expect(numbers.last == total - 1)
            #expect(!numbers.contains(-1), "a torn line")
            #expect(output.counts == .init(received: total, written: kept, dropped: counts.dropped, waiting: 0))
        }
    }

    /// Every hole in what a slow reader gets is marked at its place, with what is missing there.
    @Test func holesAreMarked() async throws {
        let channel = try Channel.pipe()
        let lossLine = { @Sendable (loss: Loss) in
            Array("LOSS \(loss.from.microseconds) \(loss.to.microseconds) \(loss.events)\n".utf8)
        }
        let output = StandardOutput(descriptor: channel.writer, capacity: 1_000, lossLine: lossLine) {
            [notices] notice in
            withExtendedLifetime(channel) { notices.add(notice) }
        }
        let total = 2_000
        for number in 0..<total { output.deliver(Self.line(number), receivedAt: Int64(number)) }
        let kept = total - output.counts.dropped
        async let finished: Void = output.run()
        output.finish()
        var text = String(decoding: await channel.read(exactly: kept * 100), as: UTF8.self)
        while !text.hasSuffix(Self.line(total - 1)) {
            text += String(decoding: await channel.read(exactly: 1), as: UTF8.self)
        }
        await finished
        var next = 0
        for line in text.split(separator: "\n") {
            if line.hasPrefix("LOSS ") {
                let numbers = line.split(separator: " ").dropFirst().compactMap { Int($0) }
                #expect(numbers.count == 3 && numbers[0] == next && numbers[1] - next + 1 == numbers[2])
                next = numbers[1] + 1
            } else {
                #expect(Int(line.prefix { $0 != "." }) == next)
                next += 1
            }
        }
        #expect(next == total)
        #expect(output.counts.dropped > 0)
        let told = notices.all.reduce(0) { if case .dropped(let loss) = $1 { $0 + loss.events } else { $0 } }
        #expect(told == output.counts.dropped)
    }

    /// Told at the first event, and whenever the number has doubled.
    @Test func droppingIsTold() throws {
        let output = output(try .pipe(), capacity: 1000)
        for number in 0..<20_000 { output.deliver(Self.line(number)) }
        let totals = notices.all.compactMap { notice in
            if case .dropping(let total) = notice { total } else { nil }
        }
        #expect(totals.first == 1)
        #expect(zip(totals, totals.dropFirst()).allSatisfy { $1 == $0 * 2 })
        #expect(try #require(totals.last) * 2 > output.counts.dropped)
    }

    /// After a pause of the reader everything is as before, and nothing was lost within the bound.
    @Test func readerThatPauses() async throws {
        let channel = try Channel.pipe()
        let output = output(channel)
        async let finished: Void = output.run()
        var next = 0
        for _ in 0..<3 {
            let start = next
            while output.counts.waiting < 100 {
                output.deliver(Self.line(next))
                next += 1
            }
            let bytes = await channel.read(exactly: (next - start) * 100)
            #expect(Self.numbers(bytes) == Array(start..<next))
        }
        output.finish()
        await finished
        #expect(output.counts == .init(received: next, written: next, dropped: 0, waiting: 0))
    }

    /// Nobody delivers anything, and the end is noticed all the same.
    @Test func readerGoneWhileNothingHappens() async throws {
        for channel in [try Channel.pipe(), try Channel.sockets()] {
            let output = output(channel)
            async let finished: Void = output.run()
            output.deliver("a\n")
            channel.closeReader()
            await finished
            #expect(output.ending == .readerGone)
            output.deliver("b\n")
            #expect(output.counts == .init(received: 1, written: 1, dropped: 0, waiting: 0))
        }
        #expect(notices.all == [.ended(.readerGone), .ended(.readerGone)])
    }

    /// A pipe with a name cannot be opened a second time then, so that the inherited descriptor must be watched.
    @Test func readerGoneFromTheStart() async throws {
        for channel in [try Channel.pipe(), try Channel.namedPipe()] {
            channel.closeReader()
            let output = output(channel)
            await output.run()
            #expect(output.ending == .readerGone)
        }
        #expect(notices.all == [.ended(.readerGone), .ended(.readerGone)])
    }

    @Test func readerGoneWithABacklog() async throws {
        let channel = try Channel.pipe()
        let output = output(channel)
        for number in 0..<2000 { output.deliver(Self.line(number)) }
        let written = output.counts.written
        #expect(output.counts.waiting == 2000 - written)
        channel.closeReader()
        await output.run()
        #expect(output.ending == .readerGone)
        #expect(output.counts == .init(received: 2000, written: written, dropped: 2000 - written, waiting: 0))
        #expect(notices.all == [.ended(.readerGone)])
    }

    @Test func readerGoneIsToldByTheDelivery() throws {
        let channel = try Channel.pipe()
        let output = output(channel)
        channel.closeReader()
        output.deliver("a\n")
        output.deliver("b\n")
        #expect(notices.all == [.ended(.readerGone)])
        #expect(output.counts == .init(received: 1, written: 0, dropped: 1, waiting: 0))
    }

    @Test func fullDevice() async throws {
        let output = output(try .device("/dev/full"))
        output.deliver("a\n")
        await output.run()
        #expect(output.ending == .failed("No space left on device"))
        #expect(notices.all == [.ended(.failed("No space left on device"))])
    }

    @Test func closedDescriptor() async {
        let output = StandardOutput(descriptor: -1) { [notices] in notices.add($0) }
        output.deliver("a\n")
        await output.run()
        #expect(output.ending == .failed("Bad file descriptor"))
        #expect(output.counts == .init(received: 1, written: 0, dropped: 1, waiting: 0))
    }

    @Test func nullDevice() async throws {
        let output = output(try .device("/dev/null"))
        async let finished: Void = output.run()
        output.deliver("a\n")
        output.finish()
        await finished
        #expect(output.ending == nil)
        #expect(output.counts.written == 1)
    }

    /// A file can make a writer wait, so the writer thread writes it; and all of it before the end.
    @Test func regularFile() async throws {
        let channel = try Channel.file()
        let output = output(channel)
        for number in 0..<5000 { output.deliver(Self.line(number)) }
        #expect(output.counts.waiting == 5000)
        output.finish()
        await output.run()
        #expect(Self.numbers(await channel.read(exactly: 500_000)) == Array(0..<5000))
        #expect(output.counts == .init(received: 5000, written: 5000, dropped: 0, waiting: 0))
        #expect(notices.all.isEmpty)
    }

    /// A reader that reads no more does not keep a program that is asked to stop.
    @Test func `what waits at the deadline is given up`() async throws {
        let channel = try Channel.pipe()
        let output = output(channel)
        async let finished: Void = output.run()
        for number in 0..<2000 { output.deliver(Self.line(number)) }
        output.finish(by: .now)
        await finished
        let counts = output.counts
        #expect(counts.received == 2000)
        #expect(counts.waiting == 0)
        #expect(counts.dropped > 0)
        #expect(counts.written + counts.dropped == 2000)
        #expect(output.ending == nil)
        output.deliver("late\n")
        #expect(output.counts == counts)
    }
}
