import Network

/// A stream that expectations can hold on to: they copy what they look at.
final class OpenStream {
    private let stream: ByteStream

    init(_ stream: consuming ByteStream) { self.stream = stream }

    func wait(for wanted: ByteStream.Readiness, until deadline: ContinuousClock.Instant?) -> ByteStream.Readiness {
        stream.wait(for: wanted, until: deadline)
    }

    /// Reads once.
    func take(upTo limit: Int = 64) throws -> ByteStream.ReadResult {
        var space = [UInt8](repeating: 0, count: limit)
        return try space.withUnsafeMutableBytes { try stream.read(into: $0) }
    }

    /// Whether a read of so many bytes needs no other one after it.
    func isEmptied(by count: Int, of space: Int) -> Bool { stream.isEmptied(by: count, of: space) }

    /// Waits for so many bytes, and says so when they do not come.
    func take(exactly count: Int) throws -> String {
        var bytes: [UInt8] = []
        var space = [UInt8](repeating: 0, count: count)
        while bytes.count < count {
            let wanted = count - bytes.count
            switch try space.withUnsafeMutableBytes({
                try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<wanted]))
            }) {
            case .bytes(let length): bytes += space[..<length]
            case .wouldBlock: if wait(for: .readable, until: .now + .seconds(120)) == [] { return "nothing came" }
            case .endOfStream: return String(decoding: bytes, as: UTF8.self) + " and the end"
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes once.
    func give(_ bytes: ArraySlice<UInt8>) throws -> Int { try bytes.withUnsafeBytes { try stream.write($0) } }

    /// Writes once.
    func give(_ text: String) throws -> Int { try give(Array(text.utf8)[...]) }
}
