import Events

/// The lines of a recording, one after another.
struct RecordedLines: Sendable {
    private let bytes: any RecordedBytes
    private var reader = RecordingReader()
    /// Holds the line that was read last.
    private var batch = EventBatch()
    /// How many bytes were taken from the recording so far.
    private(set) var offset = 0
    private var isAtEnd = false

    private static let pieceSize = 256 << 10

    init(_ bytes: any RecordedBytes) { self.bytes = bytes }

    /// How many lines were read so far, by what became of them.
    var counts: RecordingReader.Counts { reader.counts }

    /// What a line is.
    enum Line {
        /// An event, and when it was received, where the recording knows that.
        case event(EventView, receivedAt: Timestamp?)
        /// Something else that belongs into a recording: a notice, or a frame that was not JSON.
        case other
        /// What does not belong there.
        case damaged(RecordingComplaint)
    }

    /// The next line; `nil` at the end.
    ///
    /// - Throws: What the recording throws.
    mutating func next() throws -> Line? {
        while true {
            batch.removeAll(keepingCapacity: true)
            switch reader.next(into: &batch, receivedAt: Timestamp(microseconds: 0)) {
            case .appended(.event, let moment): return .event(batch[0], receivedAt: moment)
            case .appended: return .other
            case .skipped(let complaint): return .damaged(complaint)
            case .full: preconditionFailure("an empty batch has room for any line")
            case nil:
                guard !isAtEnd else { return nil }
                try takePiece()
            }
        }
    }

    private mutating func takePiece() throws {
        let count = min(Self.pieceSize, bytes.count - offset)
        let piece = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = count > 0 ? try bytes.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset) : 0
        }
        offset += piece.count
        isAtEnd = piece.isEmpty
        if isAtEnd { reader.end() } else { piece.withUnsafeBytes { reader.take($0) } }
    }
}
