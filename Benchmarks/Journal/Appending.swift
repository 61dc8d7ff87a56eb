import Events
import Glibc
import Journal
import JournalInC

/// Events onto the disk, in groups of the same size. They are ready in memory before it begins.
enum Appending {
    private static let eventsPerBatch = 50
    /// How much may wait in memory: the journal is fed as fast as it writes, and drops nothing.
    private static let memory = 32 << 20

    /// Into the journal, as it comes from the socket; until everything is on the disk.
    static func toJournal(_ path: String, events: Int) async throws -> Figures {
        let sample = Sample(count: events)
        let batches = try sample.batches(of: eventsPerBatch)
        let journal = try await Journal.open(settings(path)) { print($0) }
        var figures = try await Figures.of { memory in
            for (number, batch) in batches.enumerated() {
                while journal.counts.waitingMemory > Self.memory { usleep(500) }
                journal.append(batch)
                if number == batches.count / 2 { memory.look() }
            }
            try await journal.flush()
        }
        precondition(journal.counts.appended == events, "not everything was kept")
        figures.add("groups", journal.counts.commits)
        await journal.close()
        return figures
    }

    /// Into the same tables, with the least that a program in C can do: it looks at nothing.
    static func inC(_ path: String, events: Int) async throws -> Figures {
        let sample = Sample(count: events)
        await (try Journal.open(settings(path)) { print($0) }).close()
        let pragmas = """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA mmap_size = 0;
            PRAGMA journal_size_limit = 67108864;
            """
        return await sample.withRows { rows in
            var figures = await Figures.of { memory in
                // In two parts, for a look in the middle.
                let half = rows.count / 2 / JournalBenchmark.eventsPerGroup * JournalBenchmark.eventsPerGroup
                append(UnsafeBufferPointer(rebasing: rows[..<half]), after: 0, to: path, pragmas)
                memory.look()
                append(UnsafeBufferPointer(rebasing: rows[half...]), after: half, to: path, pragmas)
            }
            figures.add("groups", groups(of: events))
            return figures
        }
    }

    /// Adds rows to a journal that nobody else has open.
    static func append(
        _ rows: UnsafeBufferPointer<journal_in_c_event>, after sequence: Int, to path: String, _ pragmas: String
    ) {
        let isDone = journal_in_c_append(
            path, pragmas, Int64(sequence), rows.baseAddress, rows.count, JournalBenchmark.eventsPerGroup)
        precondition(isDone, "the program in C has failed")
    }

    /// Into a plain file.
    static func toFile(_ path: String, events: Int) async -> Figures {
        let sample = Sample(count: events)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(file >= 0, "\(path) cannot be written")
        defer { close(file) }
        var figures = await Figures.of { memory in
            for group in stride(from: 0, to: events, by: JournalBenchmark.eventsPerGroup) {
                let bytes = sample.text(group..<min(group + JournalBenchmark.eventsPerGroup, events))
                precondition(write(file, bytes.baseAddress, bytes.count) == bytes.count, "the disk is full")
                fdatasync(file)
                if group <= events / 2, group + JournalBenchmark.eventsPerGroup > events / 2 { memory.look() }
            }
        }
        figures.add("groups", groups(of: events))
        return figures
    }

    private static func groups(of events: Int) -> Int {
        (events + JournalBenchmark.eventsPerGroup - 1) / JournalBenchmark.eventsPerGroup
    }

    /// The journal commits when so much has gathered: about as many events as the others.
    private static func settings(_ path: String) -> JournalConfiguration {
        JournalConfiguration(path: path, commitSize: JournalBenchmark.eventsPerGroup * 1_800)
    }
}
