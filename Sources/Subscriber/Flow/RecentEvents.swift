import CSIMD

/// The fingerprints of the events seen last: at least as many as its capacity, at most twice as many.
///
/// Overlapping bindings bring an event once for each of them, and a superduper admin's subscription to all accounts
/// brings every tenant of a Kazoo 4 its call events twice; the copies follow each other closely.
///
/// There are two generations. When the younger one is full, the older one is forgotten as a whole, so nothing is ever
/// taken out singly. A fingerprint is a keyed hash already: its low bits name a bucket, and its highest byte is the tag by
/// which it is found there. A bucket is one line of the processor's cache: eight tags, the last of which is unused, and
/// seven fingerprints.
///
/// `@unchecked Sendable`: the memory has one owner, this value, which cannot be copied, and is reached through it only.
struct RecentEvents: ~Copyable, @unchecked Sendable {
    /// How many words of eight bytes a bucket has.
    private static let bucketSize = 8
    /// How many fingerprints a bucket holds; the next one takes what is beyond.
    private static let bucketCapacity = 7
    /// How many events' buckets are fetched at once.
    private static let lookahead = 32

    private let capacity: Int
    /// How many buckets a generation has, less one: a power of two, less one.
    private let mask: Int
    private var younger: UnsafeMutablePointer<UInt64>
    private var older: UnsafeMutablePointer<UInt64>
    /// How many fingerprints the younger generation holds.
    private var count = 0

    /// Creates an empty window.
    ///
    /// - Parameter capacity: how many events are remembered at the least.
    init(capacity: Int = 16_384) {
        precondition(capacity > 0, "a window remembers something")
        self.capacity = capacity
        var buckets = 1
        // On the average, a bucket is filled by half, so that hardly any overflows.
        while buckets * Self.bucketCapacity < capacity * 7 / 4 { buckets *= 2 }
        mask = buckets - 1
        younger = Self.generation(of: buckets)
        older = Self.generation(of: buckets)
    }

    deinit {
        younger.deallocate()
        older.deallocate()
    }

    private static func generation(of buckets: Int) -> UnsafeMutablePointer<UInt64> {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: buckets * bucketSize * 8, alignment: 64)
        return memory.initializeMemory(as: UInt64.self, repeating: 0, count: buckets * bucketSize)
    }

    /// Remembers events, and adds the positions of those that are not new to a list.
    ///
    /// - Parameter fingerprints: 0 stands for an event that has none, and is always new.
    mutating func insert(_ fingerprints: [UInt64], repeated: inout [Int]) {
        // The buckets lie all over more memory than the nearest caches hold. So the processor fetches those of the next
        // events while it looks at these, instead of waiting for each.
        fetch(fingerprints.prefix(Self.lookahead))
        for start in stride(from: 0, to: fingerprints.count, by: Self.lookahead) {
            let end = min(start + Self.lookahead, fingerprints.count)
            fetch(fingerprints[end...].prefix(Self.lookahead))
            for position in start..<end where fingerprints[position] != 0 {
                if !insert(fingerprints[position]) { repeated.append(position) }
            }
        }
    }

    private func fetch(_ fingerprints: ArraySlice<UInt64>) {
        for fingerprint in fingerprints {
            let offset = offset(ofBucketFor: fingerprint)
            kz_prefetch(younger + offset)
            kz_prefetch(older + offset)
        }
    }

    /// Remembers an event.
    ///
    /// - Parameter fingerprint: not 0.
    /// - Returns: whether it is new, as far as the window reaches.
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        guard let place = freePlace(for: fingerprint, in: younger) else { return false }
        guard freePlace(for: fingerprint, in: older) != nil else { return false }
        younger[place.bucket] |= Self.tag(of: fingerprint) << UInt64(place.number * 8)
        younger[place.bucket + 1 + place.number] = fingerprint
        count += 1
        if count == capacity {
            swap(&younger, &older)
            younger.update(repeating: 0, count: (mask + 1) * Self.bucketSize)
            count = 0
        }
        return true
    }

    /// Where a generation has room for a fingerprint: the offset of a bucket, and the number of a place in it; `nil` when
    /// the fingerprint is there already.
    @inline(__always)
    private func freePlace(
        for fingerprint: UInt64, in generation: UnsafeMutablePointer<UInt64>
    ) -> (bucket: Int, number: Int)? {
        let tags = Self.tag(of: fingerprint) &* 0x0101_0101_0101_0101
        var bucket = offset(ofBucketFor: fingerprint)
        while true {
            let used = generation[bucket]
            var alike = kz_zero_bytes(used ^ tags)
            while alike != 0 {
                if generation[bucket + 1 + alike.trailingZeroBitCount / 8] == fingerprint { return nil }
                alike &= alike - 1
            }
            // The unused tag of a full bucket is the first that is 0.
            let number = kz_zero_bytes(used).trailingZeroBitCount / 8
            if number < Self.bucketCapacity { return (bucket, number) }
            // A generation is never full, so there is an end to this.
            bucket = (bucket + Self.bucketSize) & (mask * Self.bucketSize + Self.bucketSize - 1)
        }
    }

    @inline(__always)
    private func offset(ofBucketFor fingerprint: UInt64) -> Int {
        (Int(truncatingIfNeeded: fingerprint) & mask) * Self.bucketSize
    }

    /// The tag of a fingerprint; 0 is for places that are free.
    @inline(__always)
    private static func tag(of fingerprint: UInt64) -> UInt64 {
        max(fingerprint >> 56, 1)
    }
}
