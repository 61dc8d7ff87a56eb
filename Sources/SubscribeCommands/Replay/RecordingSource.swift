import Events

/// The events of a file that `stream`, a file consumer or `journal export` has written.
struct RecordingSource: ReplaySource {
    private let name: String
    private let file: InputFile
    private let choice: Choice
    /// Told what is wrong with lines that are left out.
    private let complain: (String) -> Void

    /// Which lines are wanted.
    struct Choice: Equatable, Sendable {
        /// None that was received earlier.
        var since: Timestamp?
        /// Only those that were received earlier.
        var until: Timestamp?
        /// Whether it matters when lines were received.
        var needsTimes = false
    }

    private var reader = RecordingReader()
    private var read = 0
    private var (isEnded, isConcluded) = (false, false)
    private var complaints = 0

    private static let (pieceSize, batchSize, mostComplaints) = (1 << 18, 1 << 18, 10)

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: the file; `-` for standard input.
    ///   - complain: told of lines that are left out.
    init(path: String, _ choice: Choice, complain: @escaping (String) -> Void) throws(UsageError) {
        name = path == "-" ? "standard input" : path
        file = try InputFile(path)
        self.choice = choice
        self.complain = complain
    }

    mutating func next() throws -> EventBatch? {
        var batch = EventBatch()
        while batch.bytes.count < Self.batchSize {
            switch reader.next(into: &batch, receivedAt: Self.unknown) {
            case .appended(.event, nil) where choice.needsTimes:
                throw UsageError(
                    "\(name): its lines do not say when events were received, as --since, --until and --speed want to know; record with --output envelope",
                    exitCode: 65)
            case .appended: break
            case .full: return wanted(batch)
            case .skipped(let complaint):
                if case .cloudEvent = complaint.problem { throw UsageError("\(name): \(complaint)", exitCode: 65) }
                complaints += 1
                if complaints <= Self.mostComplaints { complain("\(name): \(complaint); it is left out") }
            case nil:
                if isEnded { return try end(batch) }
                try readMore()
            }
        }
        return wanted(batch)
    }

    /// When lines were received that do not say so.
    private static let unknown = Timestamp(microseconds: 0)

    /// The lines of the interval that is asked for.
    private func wanted(_ batch: EventBatch) -> EventBatch {
        guard choice.since != nil || choice.until != nil else { return batch }
        var batch = batch
        batch.keep { line in
            (choice.since.map { line.receivedAt >= $0 } ?? true) && (choice.until.map { line.receivedAt < $0 } ?? true)
        }
        return batch
    }

    private mutating func end(_ batch: EventBatch) throws(UsageError) -> EventBatch? {
        guard !isConcluded else { return nil }
        isConcluded = true
        if complaints > Self.mostComplaints { complain("\(name): \(complaints.counted("line")) in all are left out") }
        let counts = reader.counts
        if counts.skipped > 0, counts.events + counts.notices + counts.invalid == 0 {
            throw UsageError("\(name): there is not one event in it", exitCode: 65)
        }
        return batch.isEmpty ? nil : wanted(batch)
    }

    private mutating func readMore() throws(UsageError) {
        let bytes = try file.read(Self.pieceSize)
        read += bytes.count
        if bytes.isEmpty {
            isEnded = true
            reader.end()
        } else {
            bytes.withUnsafeBytes { reader.take($0) }
        }
    }

    var fraction: Double? { file.size.map { $0 == 0 ? 1 : min(Double(read) / Double($0), 1) } }
}
