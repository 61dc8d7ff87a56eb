import Events

/// Whole lines that wait for a slow reader: bounded, and the oldest go first when the bound is reached.
///
/// A value without IO; who owns it locks it.
struct Backlog: Sendable {
    /// Lines that were handed over together.
    struct Chunk: Equatable, Sendable {
        var bytes: [UInt8]
        /// How many events the bytes hold.
        var events: Int
        /// When the events were received.
        var receivedAt: Timestamp
        /// How many of the bytes are already written.
        var written = 0
        /// Whether writing has begun: such a chunk is never dropped, for no line may be torn.
        var isBegun = false

        var remaining: Int { bytes.count - written }
    }

    /// The most that may wait, in bytes.
    let capacity: Int
    private(set) var chunks: [Chunk] = []
    private var first = 0
    /// How many bytes wait.
    private(set) var bytes = 0
    /// How many events wait.
    private(set) var events = 0
    /// What was dropped before the chunk that is to be written next; `nil` when nothing was.
    private(set) var loss: Loss?
    /// The memory of chunks that are gone, for those that come, as long as some wait: the system would otherwise give and
    /// take back pages all the time while a reader is behind.
    private var spare: [[UInt8]] = []
    /// How many chunks' memory is kept at the most.
    private static let mostSpare = 4

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { first == chunks.count }

    /// Makes a chunk.
    ///
    /// - Parameter isBegun: whether the bytes go on where others are already written.
    mutating func chunk(
        of text: UnsafeRawBufferPointer, events: Int, receivedAt: Timestamp, isBegun: Bool
    ) -> Chunk {
        var bytes = spare.popLast() ?? []
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: text)
        return Chunk(bytes: bytes, events: events, receivedAt: receivedAt, isBegun: isBegun)
    }

    /// Adds a chunk, and makes room for it.
    ///
    /// - Returns: how many events were dropped for it.
    mutating func append(_ chunk: Chunk) -> Int {
        chunks.append(chunk)
        bytes += chunk.remaining
        events += chunk.events
        var dropped = 0
        while bytes > capacity, let oldest = firstDroppable {
            // What is begun moves up one place, so that it costs nothing to drop what stands behind it.
            chunks.swapAt(first, oldest)
            bytes -= chunks[first].remaining
            dropped += chunks[first].events
            loss = loss.adding(chunks[first].events, receivedAt: chunks[first].receivedAt)
            leaveFirst()
        }
        compact()
        return dropped
    }

    /// Takes out what was dropped, to be told where it is missing; `nil` while a chunk is begun, for no line may be torn.
    mutating func takeLoss() -> Loss? {
        guard let loss, isEmpty || !chunks[first].isBegun else { return nil }
        self.loss = nil
        return loss
    }

    /// Puts bytes before everything that waits.
    mutating func prepend(_ text: [UInt8], receivedAt: Timestamp) {
        precondition(isEmpty || !chunks[first].isBegun, "no line may be torn")
        chunks.insert(Chunk(bytes: text, events: 0, receivedAt: receivedAt), at: first)
        bytes += text.count
    }

    /// The chunk to write next, from now on safe from being dropped; `nil` when nothing waits.
    mutating func begin() -> Chunk? {
        guard !isEmpty else { return nil }
        chunks[first].isBegun = true
        return chunks[first]
    }

    /// Notes that `count` more bytes of the chunk that was begun are written.
    mutating func wrote(_ count: Int) {
        precondition(!isEmpty && chunks[first].isBegun && count <= chunks[first].remaining, "more written than begun")
        chunks[first].written += count
        bytes -= count
        guard chunks[first].remaining == 0 else { return }
        leaveFirst()
        compact()
        if isEmpty { spare = [] }
    }

    /// When the first of the events that wait was received; `nil` when nothing waits.
    var oldest: Timestamp? { isEmpty ? nil : chunks[first].receivedAt }

    private mutating func leaveFirst() {
        events -= chunks[first].events
        if spare.count < Self.mostSpare { spare.append(chunks[first].bytes) }
        chunks[first] = Chunk(bytes: [], events: 0, receivedAt: chunks[first].receivedAt)
        first += 1
    }

    /// The oldest chunk that is not begun.
    private var firstDroppable: Int? {
        guard !isEmpty else { return nil }
        let oldest = chunks[first].isBegun ? first + 1 : first
        return oldest < chunks.count ? oldest : nil
    }

    /// Gives back the places of chunks that are gone, now and then.
    private mutating func compact() {
        guard first > 32, first * 2 > chunks.count else { return }
        chunks.removeFirst(first)
        first = 0
    }
}
