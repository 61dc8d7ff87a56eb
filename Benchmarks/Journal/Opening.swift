import Events
import Glibc
import Journal

/// A large journal at the start of the program: how long until it is of use.
enum Opening {
    /// Until the first event is there for a consumer that begins with it.
    static func toRead(_ path: String) async throws -> Figures {
        forgetPages(of: path)
        var opened: Journal?
        let figures = try await Figures.of { _ in
            let journal = try await Journal.open(JournalConfiguration(path: path)) { print($0) }
            opened = journal
            let reader = try await journal.reader("benchmark", from: .beginning)
            // What a runner asks for.
            let batch = await reader.next(limit: 1 << 20)
            precondition(batch?.first?.sequence == 1, "the first event does not come")
        }
        try await opened?.forget("benchmark")
        await opened?.close()
        return figures
    }

    /// Until the first new event is committed.
    static func toAppend(_ path: String) async throws -> Figures {
        let batch = try Sample(count: 1).batches(of: 1)[0]
        forgetPages(of: path)
        var opened: Journal?
        let figures = try await Figures.of { _ in
            let journal = try await Journal.open(JournalConfiguration(path: path)) { print($0) }
            opened = journal
            journal.append(batch)
            try await journal.flush()
            precondition(journal.counts.appended == 1, "the event was not kept")
        }
        await opened?.close()
        return figures
    }

    /// As after a start of the machine: what is read comes from the disk.
    private static func forgetPages(of path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        precondition(file >= 0, "\(path) cannot be read")
        defer { close(file) }
        fsync(file)
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    }
}
