/// The status line and header fields of an HTTP/1 response (RFC 9112 §4, §5).
struct ResponseHead {
    let minorVersion: Int
    let status: Int
    let reasonPhrase: String
    let headers: [(name: String, value: String)]

    /// Parses the lines of a head, without their line ends and without the empty last one.
    init(_ lines: some Sequence<ArraySlice<UInt8>>) throws(HandshakeError) {
        var lines = lines.makeIterator()
        (minorVersion, status, reasonPhrase) = try Self.parseStatusLine(lines.next() ?? [])

        var headers: [(name: String, value: String)] = []
        while let line = lines.next() {
            guard line.allSatisfy(Self.isText) else { throw .malformed("control character in a header field") }
            if let first = line.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                // A line folded as of old: its break is a space (RFC 9112 §5.2).
                guard let field = headers.popLast() else { throw .malformed("folded line before any header field") }
                headers.append((field.name, field.value + " " + Self.trimmed(line)))
            } else {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                    throw .malformed("header field without a colon")
                }
                let name = String(decoding: line[..<colon], as: UTF8.self)
                guard name.isHTTPToken else { throw .malformed("invalid header field name") }
                headers.append((name, Self.trimmed(line[(colon + 1)...])))
            }
        }
        self.headers = headers
    }

    /// The values of all header fields of this name, in order.
    func values(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The elements of a header field that is a comma-separated list, in lower case (RFC 9110 §5.6.1).
    func list(_ name: String) -> [String] {
        values(name).flatMap { $0.split(separator: ",") }
            .map { Self.trimmed(Array($0.utf8)[...]).lowercased() }
            .filter { !$0.isEmpty }
    }

    private static func parseStatusLine(
        _ line: ArraySlice<UInt8>
    ) throws(HandshakeError) -> (minorVersion: Int, status: Int, reasonPhrase: String) {
        // HTTP/1.1 101 Switching Protocols
        let bytes = Array(line)
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard bytes.count >= 12, bytes.starts(with: "HTTP/1.".utf8), isDigit(bytes[7]), bytes[8] == UInt8(ascii: " "),
            bytes[9..<12].allSatisfy(isDigit), bytes.count == 12 || bytes[12] == UInt8(ascii: " "),
            bytes.allSatisfy(isText)
        else { throw .malformed("not a status line of HTTP/1") }
        let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard status >= 100 else { throw .malformed("not a status code") }
        return (
            Int(bytes[7] - UInt8(ascii: "0")), status, String(decoding: bytes.dropFirst(13), as: UTF8.self)
        )
    }

    /// Whether a byte may stand in a header field's value: no control character but the tab.
    private static func isText(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t")
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? bytes.startIndex
        return String(decoding: bytes[..<end].drop(while: isSpace), as: UTF8.self)
    }
}

extension HandshakeError {
    fileprivate static func malformed(_ what: String) -> HandshakeError {
        HandshakeError(.malformedResponse, "malformed response: \(what)")
    }
}

extension StringProtocol {
    /// Whether this may be the name of a header field (RFC 9110 §5.6.2).
    var isHTTPToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
