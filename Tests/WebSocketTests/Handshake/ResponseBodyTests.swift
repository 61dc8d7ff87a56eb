import Testing

@testable import WebSocket

@Suite struct ResponseBodyTests {
    private func prefix(_ body: ResponseBody, _ received: String, limit: Int = 10) -> (String, Bool) {
        let (bytes, isComplete) = body.prefix(of: Array(received.utf8), limit: limit)
        return (String(decoding: bytes, as: UTF8.self), isComplete)
    }

    private func body(_ status: Int, _ headers: String...) throws -> ResponseBody {
        let lines = ["HTTP/1.1 \(status) x"] + headers
        return ResponseBody(of: try ResponseHead(lines.map { Array($0.utf8)[...] }))
    }

    @Test func isFramedAsTheHeadSays() throws {
        #expect(try body(400, "Content-Length: 5") == .counted(5))
        #expect(try body(400, "Content-Length: 0") == .empty)
        #expect(try body(400, "Content-Length: -1") == .untilEndOfStream)
        #expect(try body(400, "Content-Length: many") == .untilEndOfStream)
        #expect(try body(400) == .untilEndOfStream)
        #expect(try body(400, "Content-Length: 5", "Transfer-Encoding: gzip, Chunked") == .chunked)
        #expect(try body(400, "Transfer-Encoding: gzip") == .untilEndOfStream)
        #expect(try body(204) == .empty)
        #expect(try body(304, "Content-Length: 5") == .empty)
    }

    @Test func ofACountedBody() {
        #expect(prefix(.counted(5), "abc") == ("abc", false))
        #expect(prefix(.counted(5), "abcdefg") == ("abcde", true))
        #expect(prefix(.counted(.max), "abcdefghijkl") == ("abcdefghij", true))
    }

    @Test func ofABodyUntilTheEndOfTheStream() {
        #expect(prefix(.untilEndOfStream, "abc") == ("abc", false))
        #expect(prefix(.untilEndOfStream, "abcdefghijkl") == ("abcdefghij", true))
    }

    @Test(arguments: [
        ("", "", false), ("3", "", false), ("3\r\n", "", false), ("3\r\nab", "ab", false),
        ("3\r\nabc\r", "abc", false), ("3\r\nabc\r\n", "abc", false), ("3\r\nabc\r\n0\r\n\r\n", "abc", true),
        ("3;name=value\r\nabc\r\n2\r\nde\r\n0\r\n", "abcde", true), ("A\r\nabcdefghij", "abcdefghij", true),
        ("ff\r\nabcdefghijklm", "abcdefghij", true), ("3\r\nabc\r\n-1\r\n", "abc", true),
        ("3\r\nabc\r\nx\r\n", "abc", true), ("FFFFFFFFFFFFFFFFFF\r\nabc", "", true),
        ("7FFFFFFFFFFFFFFF\r\nabc", "abc", false),
    ])
    func ofAChunkedBody(_ received: String, _ joined: String, _ isComplete: Bool) {
        #expect(prefix(.chunked, received) == (joined, isComplete))
    }

    @Test func doesNotCollectEndlessChunkExtensions() {
        #expect(prefix(.chunked, "1;" + String(repeating: "x", count: 100)) == ("", true))
    }
}
