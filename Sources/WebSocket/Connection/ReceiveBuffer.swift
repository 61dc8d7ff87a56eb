/// The memory into which a transport reads, and out of which messages are delivered without a copy.
///
/// Two stretches of it are alive, in this order: the fragments so far of an unfinished message, already joined, and the
/// bytes not yet consumed. Between them lie the headers and control frames that joining has left behind.
///
/// ```
/// 0        assembledStart          cursor             end       capacity
/// │ consumed │ joined fragments │ gap │ unread bytes   │ free     │
/// ```
///
/// `@unchecked Sendable`: the memory has one owner, this value, which cannot be copied, and is reached through it only.
struct ReceiveBuffer: ~Copyable, @unchecked Sendable {
    /// The capacity, in bytes, that is never given back.
    static let retainedCapacity = 1024 * 1024

    private var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private var assembledStart = 0
    private(set) var assembledCount = 0
    private var cursor = 0
    private var end = 0

    init(capacity: Int = 0) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit {
        base.deallocate()
    }

    // MARK: Filling

    /// Lets `body` write received bytes to the free space.
    ///
    /// Pointers handed out before are no longer valid.
    ///
    /// - Parameters:
    ///   - minimumCount: The least free space to offer, in bytes.
    ///   - body: Writes from the beginning of the space and returns how many bytes it wrote.
    /// - Returns: What `body` returned.
    @discardableResult
    mutating func fill(
        atLeast minimumCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int
    ) rethrows -> Int {
        reserve(minimumCount)
        let space = UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
        let count = try body(space)
        precondition(count >= 0 && count <= space.count, "more bytes received than there was space")
        end += count
        return count
    }

    private mutating func reserve(_ minimumCount: Int) {
        let needed = assembledCount + (end - cursor) + minimumCount
        if capacity > Self.retainedCapacity, needed <= capacity / 4 {
            // A huge message has gone through.
            relocate(toCapacity: needed)
        } else if capacity - end < minimumCount {
            if needed <= capacity {
                // A stretch that is at the front already is not moved again, so each byte moves at most once here,
                // whatever the size of the reads.
                moveToFront(of: base)
            } else {
                relocate(toCapacity: max(needed, 2 * capacity))
            }
        }
    }

    private mutating func relocate(toCapacity newCapacity: Int) {
        let newBase = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        let oldBase = base
        moveToFront(of: newBase)
        oldBase.deallocate()
        base = newBase
        capacity = newCapacity
    }

    private mutating func moveToFront(of target: UnsafeMutableRawPointer) {
        let unreadCount = end - cursor
        // Both moves go down or elsewhere, so the first cannot overwrite what the second reads.
        target.copyMemory(from: base + assembledStart, byteCount: assembledCount)
        (target + assembledCount).copyMemory(from: base + cursor, byteCount: unreadCount)
        assembledStart = 0
        cursor = assembledCount
        end = cursor + unreadCount
    }

    // MARK: Consuming

    /// The bytes not yet consumed; the pointer lives until the next change.
    var unread: UnsafeRawBufferPointer {
        @inline(__always) get { UnsafeRawBufferPointer(start: base + cursor, count: end - cursor) }
    }

    /// Takes `count` bytes off the front of `unread`.
    @inline(__always)
    mutating func consume(_ count: Int) {
        assert(count <= end - cursor)
        cursor += count
        if cursor == end, assembledCount == 0 {
            // Nothing is alive: the next read begins at the front, where the cache is warm.
            cursor = 0
            end = 0
        }
    }

    /// Takes a frame off the front of `unread` and joins its payload to the fragments before it.
    mutating func assemble(_ header: FrameHeader) {
        let payloadStart = cursor + header.headerCount
        if assembledCount == 0 {
            // The first fragment that has bytes stays where it is.
            assembledStart = payloadStart
        } else {
            (base + assembledStart + assembledCount).copyMemory(
                from: base + payloadStart, byteCount: header.payloadCount)
        }
        assembledCount += header.payloadCount
        consume(header.headerCount + header.payloadCount)
    }

    /// Takes the joined fragments; the pointer lives until the next change.
    mutating func takeAssembled() -> UnsafeRawBufferPointer {
        defer {
            assembledCount = 0
            consume(0)
        }
        return UnsafeRawBufferPointer(start: base + assembledStart, count: assembledCount)
    }

    /// Forgets everything received.
    mutating func removeAll() {
        assembledCount = 0
        cursor = 0
        end = 0
    }
}
