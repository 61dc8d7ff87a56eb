import Glibc

/// What the journal costs, one kind of work a process, so that its memory is that of the work alone.
///
///     journal-benchmark (append|append-in-c|append-to-file|make|read|consume|open-to-read|open-to-append) PATH EVENTS
///
/// The first three write so many events: the journal as it is, SQLite in C with the same tables, and a plain file, each
/// with its groups on the disk one after the other. `make` makes a journal of so many events, as fast as can be; the others
/// work on one that is there, the last two whatever the number is. Prints one JSON object; `make bench-journal` runs all
/// of it.
@main struct JournalBenchmark {
    /// How many events are committed together.
    static let eventsPerGroup = 2_500

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let events = Int(arguments[3]), events > 0 else { usage() }
        let path = arguments[2]
        let figures: Figures
        switch arguments[1] {
        case "append": figures = try await Appending.toJournal(path, events: events)
        case "append-in-c": figures = try await Appending.inC(path, events: events)
        case "append-to-file": figures = await Appending.toFile(path, events: events)
        case "make": figures = try await Making.journal(path, events: events)
        case "read": figures = try await Reading.all(of: path, events: events)
        case "consume": figures = try await Reading.intoFile(path, events: events)
        case "open-to-read": figures = try await Opening.toRead(path)
        case "open-to-append": figures = try await Opening.toAppend(path)
        default: usage()
        }
        print(figures)
    }

    private static func usage() -> Never {
        print(
            "usage: journal-benchmark "
                + "(append|append-in-c|append-to-file|make|read|consume|open-to-read|open-to-append) PATH EVENTS")
        exit(64)
    }
}
