import Glibc
import KazooSimulator

/// A file with recorded events, which is read more than once.
struct RecordingFile: RecordedBytes {
    private let file: InputFile
    /// How long it was when it was opened: what somebody still appends is not part of the recording.
    let count: Int

    /// Where it was found.
    var path: String { file.path }

    /// Opens a file.
    ///
    /// - Throws: 74 when there is no such file, or none that can be read; 65 when it is empty, or compressed.
    init(_ path: String) throws(UsageError) {
        // Looked at before it is opened: a pipe without a writer would be waited for.
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR {
            throw UsageError("\(path) is no regular file: a recording is read more than once", exitCode: 74)
        }
        file = try InputFile(path)
        count = file.size ?? 0
        guard count > 0 else { throw UsageError("\(path) is empty: it holds no recorded events", exitCode: 65) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        try file.read(into: buffer, at: offset)
    }
}
