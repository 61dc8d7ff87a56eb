import Glibc
import Journal

/// A large journal, without the care that one with events of value would need.
enum Making {
    private static let eventsAtOnce = 50_000

    /// A journal of so many events, their ids in order. Until it is whole, nothing of it is safe.
    static func journal(_ path: String, events: Int) async throws -> Figures {
        await (try Journal.open(JournalConfiguration(path: path)) { print($0) }).close()
        // Out of the mode with a write-ahead log, and then without any log at all.
        let pragmas = """
            PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
            """
        var figures = await Figures.of { memory in
            for first in stride(from: 0, to: events, by: eventsAtOnce) {
                let sample = Sample(count: min(eventsAtOnce, events - first), first: first, isOrdered: true)
                await sample.withRows { Appending.append($0, after: first, to: path, pragmas) }
                if first <= events / 2, first + eventsAtOnce > events / 2 { memory.look() }
            }
        }
        // Back into its mode.
        let journal = try await Journal.open(JournalConfiguration(path: path)) { print($0) }
        precondition(journal.lastSequence == UInt64(events), "not everything is there")
        await journal.close()
        var status = stat()
        precondition(stat(path, &status) == 0, "the journal is gone")
        figures.add("bytes", status.st_size)
        return figures
    }
}
