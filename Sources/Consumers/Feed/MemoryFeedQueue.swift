import Events

/// The batches that wait for one consumer, and those that it has taken and not yet acknowledged: bounded together.
///
/// A value without IO; ``MemoryFeed`` locks it. Lines of the tool's own, which tell of gaps, are not counted as events and
/// have a bound of their own: a consumer that is too slow must still hear what was missed.
struct MemoryFeedQueue: Sendable {
    /// What the consumer gets next.
    enum Portion: Sendable {
        /// Lines of one or several batches, in order.
        case lines([Piece])
        /// Here events are missing; the number is that of the last one.
        case loss(Loss, lastSequence: UInt64)
        /// Nothing yet.
        case wait
        /// Nothing, ever.
        case end
    }

    /// Neighbouring lines of a batch.
    struct Piece: Sendable {
        var batch: EventBatch
        var positions: Range<Int>
    }

    /// What was dropped at one place.
    private struct Hole {
        var loss: Loss?
        var lastSequence: UInt64 = 0

        mutating func add(_ events: Int, of batch: EventBatch, through position: Int) {
            loss = loss.adding(events, receivedAt: batch.receivedAt)
            lastSequence = batch[position].sequence
        }

        mutating func add(_ later: Hole) {
            guard later.loss != nil else { return }
            loss = loss.adding(later.loss)
            lastSequence = later.lastSequence
        }

        /// What there is to tell; afterwards there is nothing.
        mutating func take() -> Portion? {
            defer { loss = nil }
            return loss.map { .loss($0, lastSequence: lastSequence) }
        }
    }

    private struct Entry {
        /// What is missing before it.
        var hole: Hole
        var batch: EventBatch
        /// The lines that are not taken.
        var positions: Range<Int>
        /// How many events are among them.
        var events: Int
        /// How much the batch holds, in bytes.
        var memory: Int
        var isNotice: Bool
    }

    /// Lines that the consumer has, by their index alone: their text is the consumer's.
    private struct Taken {
        var lines: [EventBatch.Line]
        var firstSequence: UInt64
        var receivedAt: Timestamp
        /// The lines that are not acknowledged.
        var positions: Range<Int>
        /// How many events are among them.
        var events: Int
        /// How much they hold, in bytes.
        var memory: Int

        func sequence(at position: Int) -> UInt64 { firstSequence + UInt64(lines[position].ordinal) }

        mutating func acknowledge(before position: Int, counting acknowledged: inout Int) {
            let done = lines[positions.lowerBound..<position].count { $0.kind != .notice }
            events -= done
            acknowledged += done
            positions = position..<positions.upperBound
        }
    }

    /// The most that events may hold, in bytes.
    let capacity: Int
    private let overflow: MemoryFeed.Overflow
    /// What has been counted so far.
    private(set) var counts = MemoryFeed.Counts()
    /// How much events hold, waiting and taken, in bytes.
    private(set) var memory = 0

    private var waiting = MemoryFeedFIFO<Entry>()
    private var taken = MemoryFeedFIFO<Taken>()
    /// Notices that stand before what is missing in front.
    private var spared = MemoryFeedFIFO<Entry>()
    private var noticeMemory = 0
    /// What is missing behind everything that waits.
    private var lastHole = Hole()
    private var isFinished = false

    /// The most that notices may hold, in bytes: some hundreds of them.
    static let noticeCapacity = 1 << 18
    /// The most that is gathered into one portion.
    private static let piecesLimit = 1 << 12

    init(capacity: Int, overflow: MemoryFeed.Overflow) {
        self.capacity = capacity
        self.overflow = overflow
    }

    /// How far the consumer is behind.
    var lag: Lag {
        let oldest = taken.first?.receivedAt ?? waiting.first { !$0.isNotice }?.batch.receivedAt
        return Lag(events: counts.received - counts.dropped - counts.acknowledged, oldest: oldest)
    }

    /// Whether ``take(limit:)`` would have to wait.
    var isIdle: Bool {
        waiting.isEmpty && spared.isEmpty && !isFinished && !isLastHoleComplete
    }

    /// Whether nothing more can become missing at the end: what comes next has room.
    private var isLastHoleComplete: Bool {
        lastHole.loss != nil && (memory == 0 || isFinished)
    }

    /// Nothing more will come; what does is dropped.
    mutating func finish() { isFinished = true }

    // MARK: In

    /// Adds a batch, or what there is room for.
    mutating func offer(_ batch: EventBatch) {
        let events = Self.events(in: batch, batch.indices)
        guard events > 0 else { return offer(notice: batch) }
        counts.received += events
        let memory = batch.memory
        if overflow == .dropOldest, !isFinished {
            while self.memory + memory > capacity, dropOldest() {}
        }
        let kept = isFinished ? 0..<0 : positionsWithRoom(in: batch, memory: memory)
        drop(0..<kept.lowerBound, of: batch)
        if kept == batch.indices {
            append(batch, events: events, memory: memory)
        } else if !kept.isEmpty {
            append(
                batch.slice(kept), events: Self.events(in: batch, kept), memory: batch.memory(of: kept))
        }
        drop(kept.upperBound..<batch.count, of: batch)
    }

    private mutating func offer(notice batch: EventBatch) {
        let memory = batch.memory
        guard !batch.isEmpty, !isFinished, noticeMemory + memory <= Self.noticeCapacity else {
            counts.droppedNotices += batch.count
            return
        }
        append(batch, events: 0, memory: memory)
    }

    private mutating func append(_ batch: EventBatch, events: Int, memory: Int) {
        waiting.append(
            Entry(
                hole: lastHole, batch: batch, positions: batch.indices, events: events, memory: memory,
                isNotice: events == 0))
        lastHole = Hole()
        if events == 0 { noticeMemory += memory } else { self.memory += memory }
    }

    /// The lines that there is room for: the last ones where the oldest events are dropped, else the first ones.
    private func positionsWithRoom(in batch: EventBatch, memory: Int) -> Range<Int> {
        let room = capacity - self.memory
        guard memory > room else { return batch.indices }
        switch overflow {
        case .dropOldest:
            let first = batch.indices.reversed().prefix { batch.memory(of: $0..<batch.count) <= room }.last
            return (first ?? batch.count)..<batch.count
        case .dropNewest:
            let last = batch.indices.prefix { batch.memory(of: 0..<($0 + 1)) <= room }.last
            return 0..<(last.map { $0 + 1 } ?? 0)
        }
    }

    private mutating func drop(_ positions: Range<Int>, of batch: EventBatch) {
        guard let last = positions.last else { return }
        let events = Self.events(in: batch, positions)
        counts.dropped += events
        lastHole.add(events, of: batch, through: last)
    }

    /// Drops the oldest events that wait. Notices before them are spared.
    ///
    /// - Returns: `false` when no event waits.
    private mutating func dropOldest() -> Bool {
        var hole = Hole()
        var isDropped = false
        while !isDropped, let entry = waiting.popFirst() {
            hole.add(entry.hole)
            if entry.isNotice {
                spared.append(entry)
            } else {
                isDropped = true
                memory -= entry.memory
                counts.dropped += entry.events
                hole.add(entry.events, of: entry.batch, through: entry.positions.upperBound - 1)
            }
        }
        if let next = waiting.first?.hole {
            hole.add(next)
            waiting.changeFirst { $0.hole = hole }
        } else {
            hole.add(lastHole)
            lastHole = hole
        }
        return isDropped
    }

    // MARK: Out

    /// Takes what the consumer gets next.
    ///
    /// - Parameter limit: the most, in bytes of text, unless one line alone is longer.
    mutating func take(limit: Int) -> Portion {
        if let notice = spared.popFirst() {
            noticeMemory -= notice.memory
            return .lines([Piece(batch: notice.batch, positions: notice.positions)])
        }
        if waiting.isEmpty {
            if isLastHoleComplete, let loss = lastHole.take() { return loss }
            return isFinished ? .end : .wait
        }
        if let loss = waiting.changeFirst({ $0.hole.take() }) { return loss }
        return .lines(takePieces(limit: min(limit, 1 << 30)))
    }

    /// The next lines up to the limit, or to where something is missing. What nearly fills a portion stays alone: it is
    /// not copied then.
    private mutating func takePieces(limit: Int) -> [Piece] {
        var pieces: [Piece] = []
        var size = 0
        while let entry = waiting.first, pieces.isEmpty || (size * 2 < limit && pieces.count < Self.piecesLimit) {
            if let first = pieces.first {
                guard entry.hole.loss == nil, first.batch.isJoinable(with: entry.batch),
                    size + entry.batch.textSize(of: entry.positions) <= limit
                else { break }
            }
            let fitting = entry.positions.prefix {
                entry.batch.textSize(of: entry.positions.lowerBound..<($0 + 1)) <= limit
            }
            let end = max(fitting.last ?? entry.positions.lowerBound, entry.positions.lowerBound) + 1
            let piece = takeFirst(through: end)
            size += piece.batch.textSize(of: piece.positions)
            pieces.append(piece)
        }
        return pieces
    }

    /// Takes lines of the first entry: one at least, and those before the position.
    private mutating func takeFirst(through end: Int) -> Piece {
        guard var entry = waiting.first else { preconditionFailure("nothing waits") }
        let positions = entry.positions.lowerBound..<end
        let isWhole = positions == entry.batch.indices
        let events = isWhole ? entry.events : Self.events(in: entry.batch, positions)
        entry.positions = end..<entry.positions.upperBound
        entry.events -= events
        if entry.positions.isEmpty {
            _ = waiting.popFirst()
            if entry.isNotice { noticeMemory -= entry.memory } else { memory -= entry.memory }
        } else {
            waiting.changeFirst { $0 = entry }
        }
        if !entry.isNotice {
            let held = isWhole ? entry.memory : entry.batch.memory(of: positions)
            memory += held
            counts.taken += events
            taken.append(
                Taken(
                    lines: entry.batch.lines, firstSequence: entry.batch.firstSequence,
                    receivedAt: entry.batch.receivedAt, positions: positions, events: events, memory: held))
        }
        return Piece(batch: entry.batch, positions: positions)
    }

    /// Forgets what was taken and has this sequence number or a lower one.
    mutating func acknowledge(through sequence: UInt64) {
        while let next = taken.first {
            let rest = next.positions.drop { next.sequence(at: $0) <= sequence }
            guard rest.isEmpty else {
                taken.changeFirst { $0.acknowledge(before: rest.lowerBound, counting: &counts.acknowledged) }
                return
            }
            counts.acknowledged += next.events
            memory -= next.memory
            _ = taken.popFirst()
        }
    }

    private static func events(in batch: EventBatch, _ positions: Range<Int>) -> Int {
        batch.lines[positions].count { $0.kind != .notice }
    }
}
