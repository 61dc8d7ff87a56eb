/// Cuts bytes that come in pieces into lines; holds little more than one line and the piece that came last.
package struct LineCutter: Sendable {
    /// What was cut.
    package enum Cut: Equatable {
        /// A line without its newline: where it stands in ``buffer``, until more bytes are taken in. Only the last line of
        /// all can lack its newline.
        case line(Range<Int>, hasNewline: Bool)
        /// The beginning of a line that is longer than the limit; the rest of it is dropped.
        case tooLong
    }

    /// The bytes that are kept, in which cuts stand.
    package private(set) var buffer: [UInt8] = []
    /// The number of the line that was cut last, from 1.
    private(set) var number = 0
    private let limit: Int
    /// Where the next line begins, and up to where no newline was found.
    private var start = 0
    private var searched = 0
    private var lastStart = 0
    private var isEnded = false
    private var isDropping = false

    /// - Parameter limit: how long a line may be, in bytes.
    package init(limit: Int) { self.limit = limit }

    /// Takes the next bytes in; what is not cut yet is kept.
    package mutating func take(_ bytes: UnsafeRawBufferPointer) {
        precondition(!isEnded, "bytes after the end")
        buffer.removeFirst(start)
        (start, searched) = (0, searched - start)
        buffer.append(contentsOf: bytes)
    }

    /// No more bytes come: what is left is the last line.
    package mutating func end() { isEnded = true }

    /// The next line; `nil` when more bytes are needed, or at the end.
    package mutating func next() -> Cut? {
        let newline = buffer.withUnsafeBytes { bytes in
            bytes[searched...].firstIndex(of: UInt8(ascii: "\n"))
        }
        searched = newline ?? buffer.count
        if isDropping {
            start = newline.map { $0 + 1 } ?? buffer.count
            searched = start
            guard newline != nil else { return nil }
            isDropping = false
            return next()
        }
        let length = searched - start
        guard length <= limit else {
            number += 1
            isDropping = true
            start = searched
            return .tooLong
        }
        guard newline != nil || (isEnded && length > 0) else { return nil }
        number += 1
        lastStart = start
        let line = start..<searched
        start = newline == nil ? searched : searched + 1
        searched = start
        return .line(line, hasNewline: newline != nil)
    }

    /// Puts the line back that was cut last: it is the next one again.
    mutating func putBack() {
        number -= 1
        start = lastStart
        searched = lastStart
    }
}
