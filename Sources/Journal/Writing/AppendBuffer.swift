import Events

/// What waits to be committed, bounded in memory.
///
/// A value without IO. What there is no room for is dropped as it comes: the events before it are already on their way to
/// the disk. All that is dropped in a row is one gap, which stands where the events would have stood.
struct AppendBuffer: Sendable {
    /// What is written in its order.
    enum Entry: Sendable {
        case events(EventBatch)
        case gap(JournalGap)

        /// In bytes.
        var memory: Int {
            switch self {
            case .events(let batch): batch.memory
            case .gap: 1024
            }
        }
    }

    /// What is committed together.
    struct Group: Sendable {
        var entries: [Entry] = []
        /// In bytes.
        var memory = 0
    }

    private let capacity: Int
    /// How much is held, in bytes: what waits, and what was taken and not released.
    private(set) var memory = 0
    private var waiting: [Entry] = []
    /// How much waits, in bytes.
    private(set) var waitingMemory = 0
    /// What was dropped behind everything that waits.
    private var loss: JournalGap?
    /// How many events have been dropped so far.
    private(set) var dropped = 0
    /// How many entries have been added so far, and how many of them were taken.
    private(set) var (added, taken) = (0, 0)

    init(capacity: Int) { self.capacity = capacity }

    /// Whether there is nothing to take.
    var isEmpty: Bool { waiting.isEmpty && loss == nil }

    /// Adds events, or drops them when there is no room.
    mutating func append(_ batch: EventBatch) {
        guard !batch.isEmpty else { return }
        let batch = batch.compact
        guard memory + batch.memory <= capacity || memory == 0 else { return drop(batch) }
        add(.events(batch))
    }

    /// Adds a gap. Where there is no room even for that, it becomes part of the one that stands for what was dropped.
    mutating func append(_ gap: JournalGap) {
        let entry = Entry.gap(gap)
        guard memory + entry.memory <= capacity || memory == 0 else {
            return widenLoss(from: gap.from, to: gap.to, events: gap.events ?? 0)
        }
        add(entry)
    }

    /// Takes what is committed next: whole entries up to a size, or one that alone is larger.
    ///
    /// Its memory counts until ``release(_:)``.
    mutating func take(limit: Int) -> Group {
        var group = Group()
        while group.entries.count < waiting.count {
            let next = waiting[group.entries.count]
            guard group.entries.isEmpty || group.memory + next.memory <= limit else { break }
            group.entries.append(next)
            group.memory += next.memory
        }
        waiting.removeFirst(group.entries.count)
        taken += group.entries.count
        waitingMemory -= group.memory
        if waiting.isEmpty, let loss = loss.take() { group.entries.append(.gap(loss)) }
        return group
    }

    /// What was taken is on the disk, or given up: its memory is free.
    mutating func release(_ group: Group) { memory -= group.memory }

    private mutating func add(_ entry: Entry) {
        if let loss = loss.take() { enqueue(.gap(loss)) }
        enqueue(entry)
    }

    private mutating func enqueue(_ entry: Entry) {
        waiting.append(entry)
        added += 1
        waitingMemory += entry.memory
        memory += entry.memory
    }

    private mutating func drop(_ batch: EventBatch) {
        let events = batch.lines.count { $0.kind != .notice }
        dropped += events
        widenLoss(from: batch[0].receivedAt, to: batch[batch.count - 1].receivedAt, events: events)
    }

    private mutating func widenLoss(from: Timestamp, to: Timestamp, events: Int) {
        loss = JournalGap(
            from: min(loss?.from ?? from, from), to: max(loss?.to ?? to, to), reason: JournalGap.dropped,
            events: (loss?.events ?? 0) + events)
    }
}
