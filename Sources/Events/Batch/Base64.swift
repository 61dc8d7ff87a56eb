/// Base64 (RFC 4648 section 4), with padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends the base64 text of some bytes.
    static func encode(_ data: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        output.reserveCapacity(output.count + (data.count + 2) / 3 * 4)
        var offset = 0
        while offset < data.count {
            let given = min(3, data.count - offset)
            var group: UInt32 = 0
            for position in 0..<3 {
                group = group << 8 | (position < given ? UInt32(data[offset + position]) : 0)
            }
            for position in 0..<4 {
                let sextet = Int(group >> UInt32(18 - 6 * position)) & 63
                output.append(position <= given ? alphabet[sextet] : UInt8(ascii: "="))
            }
            offset += 3
        }
    }
}
