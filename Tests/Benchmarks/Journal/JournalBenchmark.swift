import Events
import Glibc
import Journal
import JournalInC

/// How many events a second are kept, against SQLite in C and against a plain file, and how fast they are read again.
///
/// All three take the same events in groups of the same size, and have each group on the disk before the next one. The
/// program in C has the columns ready in memory and looks at nothing. Run it on a quiet machine, in a directory with 2 GB
/// of room: `swift run -c release journal-benchmark [DIRECTORY]`.
@main struct JournalBenchmark {
    static let events = 200_000
    private static let eventsPerBatch = 50
    static let eventsPerGroup = 2_500
    private static let rounds = 3

    static func main() async throws {
        let directory = CommandLine.arguments.dropFirst().first ?? "."
        let path = "\(directory)/benchmark.sqlite"
        let sample = Sample(count: events)
        let batches = try sample.batches(of: eventsPerBatch)
        var (journal, c, file, reading): ([Figures], [Figures], [Figures], [Figures]) = ([], [], [], [])
        for _ in 1...rounds {
            remove(path)
            journal.append(try await append(batches, to: path))
            reading.append(try await read(path))
            remove(path)
            c.append(try await appendInC(sample, to: path))
            file.append(write(sample, to: "\(directory)/benchmark.ndjson"))
        }
        remove(path)
        print("\(events) events of \(sample.length) bytes, groups of \(eventsPerGroup), the best of \(rounds)")
        print("journal       \(best(journal))")
        print("SQLite in C   \(best(c))")
        print("plain file    \(best(file))")
        print("reading       \(best(reading))")
        print("journal / SQLite in C: \(best(journal).seconds / best(c).seconds)")
    }

    private static func best(_ figures: [Figures]) -> Figures {
        figures.min { $0.seconds < $1.seconds } ?? Figures(seconds: .infinity, processorSeconds: 0)
    }

    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
    }

    // MARK: What is measured

    private static func settings(_ path: String) -> JournalConfiguration {
        JournalConfiguration(path: path, commitSize: eventsPerGroup * 1_800)
    }

    /// Appends as fast as there is room in memory, and waits until everything is on the disk.
    private static func append(_ batches: [EventBatch], to path: String) async throws -> Figures {
        let journal = try await Journal.open(settings(path)) { print($0) }
        let figures = try await Figures.of {
            for batch in batches {
                while journal.counts.waitingMemory > 32 << 20 { usleep(500) }
                journal.append(batch)
            }
            try await journal.flush()
        }
        precondition(journal.counts.appended == events, "not everything was kept")
        print("  \(journal.counts.commits) commits")
        await journal.close()
        return figures
    }

    /// A consumer that is everything behind, and does nothing with it.
    private static func read(_ path: String) async throws -> Figures {
        let journal = try await Journal.open(settings(path)) { print($0) }
        let reader = try await journal.reader("benchmark", from: .beginning)
        let figures = await Figures.of {
            while reader.lag > 0, let batch = await reader.next(limit: 1 << 20) {
                reader.acknowledge(through: batch.last?.sequence ?? 0)
            }
        }
        await journal.close()
        return figures
    }

    private static func appendInC(_ sample: Sample, to path: String) async throws -> Figures {
        // The same tables.
        await (try Journal.open(settings(path)) { print($0) }).close()
        let pragmas = """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA mmap_size = 0;
            PRAGMA journal_size_limit = 67108864;
            """
        var seconds = 0.0
        var figures = sample.withRows { rows in
            Figures.of { seconds = journal_in_c_append(path, pragmas, rows.baseAddress, rows.count, eventsPerGroup) }
        }
        precondition(seconds > 0, "the program in C has failed")
        figures.seconds = seconds
        return figures
    }

    private static func write(_ sample: Sample, to path: String) -> Figures {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        return Figures.of {
            for group in stride(from: 0, to: events, by: eventsPerGroup) {
                let bytes = sample.text(group..<min(group + eventsPerGroup, events))
                precondition(Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count, "the disk is full")
                fdatasync(file)
            }
        }
    }
}
