/// Where the body of a refusal ends (RFC 9112 §6.3), and its beginning.
enum ResponseBody: Equatable {
    case empty
    case counted(Int)
    case chunked
    case untilEndOfStream

    init(of head: ResponseHead) {
        let codings = head.list("transfer-encoding")
        if head.status == 204 || head.status == 304 {
            self = .empty
        } else if !codings.isEmpty {
            self = codings.last == "chunked" ? .chunked : .untilEndOfStream
        } else if let length = head.values("content-length").first, let count = Int(length), count >= 0 {
            self = count == 0 ? .empty : .counted(count)
        } else {
            self = .untilEndOfStream
        }
    }

    /// The beginning of the body.
    ///
    /// - Parameters:
    ///   - received: What followed the head so far.
    ///   - limit: The most bytes to return.
    /// - Returns: The bytes, and whether they are all there will be, for the limit or the body's end is reached.
    func prefix(of received: [UInt8], limit: Int) -> (bytes: [UInt8], isComplete: Bool) {
        switch self {
        case .empty:
            return ([], true)
        case .counted(let count):
            let wanted = min(count, limit)
            return (Array(received.prefix(wanted)), received.count >= wanted)
        case .chunked:
            let (bytes, isComplete) = Self.joinChunks(received[...], limit: limit)
            // Chunks of few bytes may have long extensions; what they bring is not worth waiting for.
            return (bytes, isComplete || received.count >= 8 * limit)
        case .untilEndOfStream:
            return (Array(received.prefix(limit)), received.count >= limit)
        }
    }

    /// Decodes chunks (RFC 9112 §7.1), up to the last, the limit, or one that is malformed.
    private static func joinChunks(
        _ received: ArraySlice<UInt8>, limit: Int
    ) -> (bytes: [UInt8], isComplete: Bool) {
        var rest = received
        var joined: [UInt8] = []
        while joined.count < limit {
            guard let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) else { return (joined, false) }
            let digits = rest[..<lineEnd].prefix { Character(Unicode.Scalar($0)).isHexDigit }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size > 0 else {
                return (joined, true)
            }
            rest = rest[(lineEnd + 1)...]
            joined += rest.prefix(min(size, limit - joined.count))
            // The chunk's own line end is two bytes; all of it must be here before the next size line can be.
            guard joined.count == limit || rest.count - 2 >= size else { return (joined, false) }
            rest = rest.dropFirst(min(size, rest.count)).dropFirst(2)
        }
        return (joined, true)
    }
}
