import Events

/// When lines count as received whose moment is not known.
let handedIn = Timestamp(microseconds: 42)

/// Reads a recording and keeps all that comes of it.
struct Playback {
    /// What the reader made of a recording.
    struct Outcome {
        var steps: [RecordingReader.Step] = []
        var batches: [EventBatch] = []
        var counts = RecordingReader.Counts()

        var lines: [EventView] { batches.flatMap { $0 } }
        var text: [UInt8] { batches.flatMap(\.bytes) }
        var complaints: [RecordingComplaint] {
            steps.compactMap { step in
                guard case .skipped(let complaint) = step else { return nil }
                return complaint
            }
        }
    }

    private var reader: RecordingReader
    private let moment: Timestamp
    private(set) var outcome = Outcome()

    init(lineLimit: Int = 16 << 20, receivedAt moment: Timestamp = handedIn) {
        reader = RecordingReader(lineLimit: lineLimit)
        self.moment = moment
    }

    mutating func take(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { reader.take($0) }
        drain()
    }

    mutating func end() {
        reader.end()
        drain()
    }

    private mutating func drain() {
        var batch = outcome.batches.popLast() ?? EventBatch()
        while let step = reader.next(into: &batch, receivedAt: moment) {
            outcome.steps.append(step)
            guard step == .full else { continue }
            outcome.batches.append(batch)
            batch = EventBatch()
        }
        if !batch.isEmpty { outcome.batches.append(batch) }
        outcome.counts = reader.counts
    }
}

/// Reads a whole recording, in pieces of some bytes.
func read(
    _ text: [UInt8], piece: Int = .max, lineLimit: Int = 16 << 20, receivedAt moment: Timestamp = handedIn
) -> Playback.Outcome {
    var playback = Playback(lineLimit: lineLimit, receivedAt: moment)
    var rest = text[...]
    while !rest.isEmpty {
        playback.take(rest.prefix(piece))
        rest = rest.dropFirst(piece)
    }
    playback.end()
    return playback.outcome
}

/// Reads a whole recording.
func read(_ text: String, lineLimit: Int = 16 << 20) -> Playback.Outcome {
    read(Array(text.utf8), lineLimit: lineLimit)
}

/// A batch as it is recorded.
func recorded(_ batch: EventBatch, as format: OutputFormat) -> [UInt8] {
    var text: [UInt8] = []
    EventFormatter(format).append(batch, to: &text)
    return text
}
