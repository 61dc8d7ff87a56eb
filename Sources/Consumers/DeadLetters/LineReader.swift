import Events

/// Reads the lines of a file one after the other, holding little more than one at a time.
struct LineReader {
    private var lines = LineCutter(limit: .max)
    private var offset = 0
    private static let pieceSize = 1 << 16

    /// The next line, without its newline, and also the last one where it has none; `nil` at the end.
    mutating func next(of file: borrowing LockedFile) throws(DeadLetterFile.Failure) -> [UInt8]? {
        while true {
            if case .line(let range, _)? = lines.next() { return Array(lines.buffer[range]) }
            guard try fill(from: file) else {
                lines.end()
                guard case .line(let range, _)? = lines.next() else { return nil }
                return Array(lines.buffer[range])
            }
        }
    }

    /// Reads more.
    ///
    /// - Returns: whether there was more.
    private mutating func fill(from file: borrowing LockedFile) throws(DeadLetterFile.Failure) -> Bool {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        let outcome = piece.withUnsafeMutableBytes { piece in
            Result { () throws(DeadLetterFile.Failure) in try file.read(into: piece, at: offset) }
        }
        let count = try outcome.get()
        guard count > 0 else { return false }
        offset += count
        piece.withUnsafeBytes { lines.take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        return true
    }
}
