import Glibc

/// Text on a descriptor, without a log around it.
enum LineOutput {
    /// Lines on standard error, as compilers write theirs: editors find the place. What it refuses is lost.
    static func say(_ lines: [String]) {
        _ = write(lines.map { TerminalSafe.text($0) + "\n" }.joined(), to: STDERR_FILENO)
    }

    /// Writes a text.
    ///
    /// - Returns: whether all of it could be written; else `errno` says why.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes bytes.
    ///
    /// - Returns: whether all of them could be written; else `errno` says why.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while rest.count > 0 {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            guard count > 0 || errno == EINTR else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
        }
        return true
    }
}
