import Consumers
import Events
import Glibc
import Journal
import Synchronization

/// A consumer that is a whole journal behind.
enum Reading {
    private static let limit = 1 << 20

    /// One that does nothing with the events.
    static func all(of path: String, events: Int) async throws -> Figures {
        try await catchUp(path, events: events) { feed in
            while let batch = await feed.next(limit: limit) { feed.acknowledge(through: batch.last?.sequence ?? 0) }
        }
    }

    /// The one that writes them to a file, which is removed afterwards.
    static func intoFile(_ path: String, events: Int) async throws -> Figures {
        let output = path + ".ndjson"
        defer { unlink(output) }
        return try await catchUp(path, events: events) { feed in
            let runner = BatchRunner(feed: feed) { print($0) }
            await runner.run(FileConsumer(FileConsumer.Settings(path: output)) { print($0) })
            precondition(runner.counts.events >= events, "not everything was written")
        }
    }

    private static func catchUp(
        _ path: String, events: Int, _ work: (CatchUp) async throws -> Void
    ) async throws -> Figures {
        let journal = try await Journal.open(JournalConfiguration(path: path)) { print($0) }
        precondition(journal.lastSequence >= UInt64(events), "there are not so many events")
        let name = "benchmark"
        try await journal.forget(name)
        let feed = CatchUp(JournalFeed(try await journal.reader(name, from: .beginning)), events: events)
        let figures = try await Figures.of { memory in
            feed.memory.withLock { $0 = memory }
            try await work(feed)
            memory = feed.memory.withLock { $0 }
        }
        try await journal.forget(name)
        await journal.close()
        return figures
    }

    /// Ends when so many events have come, and looks at the memory in the middle of them.
    private final class CatchUp: Feed {
        let memory = Mutex(Memory())
        private let feed: JournalFeed
        private let events: Int
        private let taken = Mutex(0)

        init(_ feed: JournalFeed, events: Int) {
            self.feed = feed
            self.events = events
        }

        var lag: Lag { feed.lag }

        func next(limit: Int) async -> EventBatch? {
            let before = taken.withLock { $0 }
            guard before < events, let batch = await feed.next(limit: limit) else { return nil }
            let after = before + batch.count
            taken.withLock { $0 = after }
            if before < events / 2, after >= events / 2 { memory.withLock { $0.look() } }
            return batch
        }

        func acknowledge(through sequence: UInt64) { feed.acknowledge(through: sequence) }
    }
}
