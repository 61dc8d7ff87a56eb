/// Reads events back that were written as ``OutputFormat/raw`` or ``OutputFormat/envelope``, without IO: bytes in, lines of
/// a batch out.
///
/// ```swift
/// reader.take(piece)
/// while let step = reader.next(into: &batch, receivedAt: now) { … }
/// ```
///
/// Both forms may be mixed, recordings may be concatenated, and blank lines do no harm. A line that cannot be used is left
/// out, and said to be. No line is kept longer than until the next one is read.
public struct RecordingReader: Sendable {
    /// What became of a line.
    public enum Step: Equatable, Sendable {
        /// It is the last one of the batch now.
        ///
        /// The moment is that at which it was received; `nil` when the recording does not know it, as for raw lines, which
        /// have in the batch the moment that was handed in.
        case appended(EventBatch.Line.Kind, receivedAt: Timestamp?)
        /// It is left out.
        case skipped(RecordingComplaint)
        /// It has no place in this batch and is offered again: the next batch begins with it.
        case full
    }

    /// How many lines there were, by what became of them.
    public struct Counts: Equatable, Sendable {
        /// Events.
        public internal(set) var events = 0
        /// Lines such as `{"action":"gap",…}`.
        public internal(set) var notices = 0
        /// Frames that were not JSON, as `{"action":"invalid",…}`.
        public internal(set) var invalid = 0
        /// Lines that were left out.
        public internal(set) var skipped = 0

        /// None yet.
        public init() {}
    }

    /// How many lines have been read, by what became of them; blank ones are not counted.
    public private(set) var counts = Counts()
    private var lines: LineCutter
    private let lineLimit: Int
    /// The number of the last line that is no notice.
    private var lastSequence: UInt64 = 0

    /// Creates a reader at the beginning of a recording.
    ///
    /// - Parameter lineLimit: how long a line may be, in bytes; much longer than any message of Kazoo's.
    public init(lineLimit: Int = 16 << 20) {
        self.lineLimit = lineLimit
        lines = LineCutter(limit: lineLimit)
    }

    /// Takes the next bytes of the recording in, cut anywhere. Read the lines before you hand over more: until then they
    /// are kept.
    public mutating func take(_ bytes: UnsafeRawBufferPointer) { lines.take(bytes) }

    /// The recording ends here. Its last line needs no newline.
    public mutating func end() { lines.end() }

    /// Reads one line.
    ///
    /// - Parameters:
    ///   - batch: gets the line, byte for byte as Kazoo sent it, with the number, the moment and the connection that it
    ///     had; empty, or filled by this reader. A number that does not ascend is replaced by the next free one. A notice
    ///     has the number of the event before it, as always, and therefore begins a batch.
    ///   - moment: when a line whose moment is not known counts as received.
    /// - Returns: what became of the line; `nil` when more bytes are needed, or at the end.
    public mutating func next(into batch: inout EventBatch, receivedAt moment: Timestamp) -> Step? {
        while let cut = lines.next() {
            guard case .line(let range, let hasNewline) = cut else { return skip(.tooLong(limit: lineLimit)) }
            do {
                switch try read(range, into: &batch, moment) {
                case .blank: continue
                case .full:
                    lines.putBack()
                    return .full
                case .appended(let line, let sequence):
                    count(line.kind, sequence)
                    return .appended(line.kind, receivedAt: line.receivedAt)
                }
            } catch {
                if case .notJSON = error, !hasNewline { return skip(.torn) }
                return skip(error)
            }
        }
        return nil
    }

    private enum Outcome {
        case blank
        case full
        case appended(RecordedLine, sequence: UInt64)
    }

    private func read(
        _ range: Range<Int>, into batch: inout EventBatch, _ moment: Timestamp
    ) throws(RecordingComplaint.Problem) -> Outcome {
        let outcome = lines.buffer.withUnsafeBytes { bytes in
            let text = UnsafeRawBufferPointer(rebasing: bytes[range])
            return Result { () throws(RecordingComplaint.Problem) in
                guard let line = try RecordedLine(text) else { return Outcome.blank }
                let sequence = number(of: line)
                let isTaken =
                    (line.kind != .notice || batch.isEmpty)
                    && batch.append(
                        kept: UnsafeRawBufferPointer(rebasing: text[line.text]), kind: line.kind, sequence: sequence,
                        receivedAt: line.receivedAt ?? moment, connection: line.connection)
                return isTaken ? .appended(line, sequence: sequence) : .full
            }
        }
        return try outcome.get()
    }

    private func number(of line: RecordedLine) -> UInt64 {
        line.kind == .notice ? lastSequence : max(line.sequence ?? 0, lastSequence + 1)
    }

    private mutating func count(_ kind: EventBatch.Line.Kind, _ sequence: UInt64) {
        lastSequence = sequence
        switch kind {
        case .event: counts.events += 1
        case .notice: counts.notices += 1
        case .invalid: counts.invalid += 1
        }
    }

    private mutating func skip(_ problem: RecordingComplaint.Problem) -> Step {
        counts.skipped += 1
        return .skipped(RecordingComplaint(line: lines.number, problem: problem))
    }
}
