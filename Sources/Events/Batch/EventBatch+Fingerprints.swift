extension EventBatch {
    /// Nobody outside knows which events would share a fingerprint.
    private static let fingerprintKey = UInt64.random(in: .min ... .max)

    /// Replaces a list by the lines' fingerprints, in their order; 0 for lines without one.
    ///
    /// See ``EventView/fingerprint``. What millions of events are asked for is read without a view of each.
    public func fingerprints(into list: inout [UInt64]) {
        list.removeAll(keepingCapacity: true)
        list.reserveCapacity(lines.count)
        let key = Self.fingerprintKey
        bytes.withUnsafeBytes { bytes in
            for line in lines { list.append(line.fingerprint(in: bytes, key: key)) }
        }
    }

    /// The fingerprint of a line; 0 where it has none.
    func fingerprint(of line: Line) -> UInt64 {
        bytes.withUnsafeBytes { line.fingerprint(in: $0, key: Self.fingerprintKey) }
    }
}

extension EventBatch.Line {
    @inline(__always)
    fileprivate func fingerprint(in bytes: UnsafeRawBufferPointer, key: UInt64) -> UInt64 {
        guard let routingKey = routingKeyValue.stringContent(in: bytes),
            let messageID = messageIDValue(in: bytes).stringContent(in: bytes)
        else { return 0 }
        let hash = ByteHash.hash(routingKey, seed: ByteHash.hash(messageID, seed: key))
        // One in 2⁶⁴ shares its fingerprint with another, because 0 says that there is none.
        return max(hash, 1)
    }

    /// Where the value of `data.msg_id` stands, if it is a string.
    @inline(__always)
    func messageIDValue(in bytes: UnsafeRawBufferPointer) -> ByteRange {
        guard messageIDStart > 0,
            let batch = JSONBytes(bytes), batch[Int(messageIDStart)] == UInt8(ascii: "\"")
        else { return .absent }
        let end = batch.skipString(from: Int(messageIDStart))
        return ByteRange(lower: messageIDStart, upper: UInt32(truncatingIfNeeded: end))
    }
}
