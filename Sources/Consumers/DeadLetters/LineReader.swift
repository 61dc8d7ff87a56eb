/// Reads the lines of a file one after the other, holding little more than one at a time.
struct LineReader {
    private var offset = 0
    private var buffer: [UInt8] = []
    /// Where in the buffer the next line begins, and up to where no newline was found.
    private var start = 0
    private var searched = 0

    /// The next line, without its newline, and also the last one where it has none; `nil` at the end.
    mutating func next(of file: borrowing LockedFile) throws(DeadLetterFile.Failure) -> [UInt8]? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { (start, searched) = (end + 1, end + 1) }
                return Array(buffer[start..<end])
            }
            guard try fill(from: file) else {
                defer { (buffer, start, searched) = ([], 0, 0) }
                return buffer.count > start ? Array(buffer[start...]) : nil
            }
        }
    }

    /// Reads more.
    ///
    /// - Returns: whether there was more.
    private mutating func fill(from file: borrowing LockedFile) throws(DeadLetterFile.Failure) -> Bool {
        buffer.removeFirst(start)
        (start, searched) = (0, buffer.count)
        // A long line is read in ever longer parts.
        let size = max(1 << 16, buffer.count)
        var part = [UInt8](repeating: 0, count: size)
        let outcome = part.withUnsafeMutableBytes { part in
            Result { () throws(DeadLetterFile.Failure) in try file.read(into: part, at: offset) }
        }
        let count = try outcome.get()
        buffer.append(contentsOf: part[..<count])
        offset += count
        return count > 0
    }
}
