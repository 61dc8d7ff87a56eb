import Testing

@testable import Consumers

@Suite struct UnreadLinesTests {
    private func again(_ text: String, unread: Int) -> String {
        var lines = UnreadLines(capacity: 16)
        // As pipes take it, a few bytes at a time.
        for part in stride(from: 0, to: text.utf8.count, by: 3) {
            lines.wrote(Array(text.utf8)[part..<min(part + 3, text.utf8.count)])
        }
        return String(decoding: lines.lines(ofLast: unread), as: UTF8.self)
    }

    @Test(arguments: [
        ("a\nbb\nccc\n", 0, ""), ("a\nbb\nccc\n", 1, "ccc\n"), ("a\nbb\nccc\n", 4, "ccc\n"),
        ("a\nbb\nccc\n", 5, "bb\nccc\n"),
        ("a\nbb\nccc\n", 99, "a\nbb\nccc\n"), ("a\nbb\ncc", 0, "cc"), ("a\nbb\ncc", 3, "bb\ncc"), ("", 5, ""),
    ])
    func `whole lines`(text: String, unread: Int, expected: String) {
        #expect(again(text, unread: unread) == expected)
    }

    @Test func `however much is written, it takes no more memory than a pipe and a line`() {
        let line = Array("\(String(repeating: "x", count: 1999))\n".utf8)
        let written = Array(repeating: line, count: 200).flatMap(\.self)
        var lines = UnreadLines(capacity: 1 << 16)
        for round in 1...200 {
            // As it is while it changes hands.
            let shared = lines
            lines.wrote(written[..<(2000 * (round % 200))])
            withExtendedLifetime(shared) {}
            #expect(lines.room < 1 << 18)
        }
    }

    @Test func `the beginning of a long line is kept`() {
        let long = String(repeating: "x", count: 200)
        #expect(again("a\n\(long)\n", unread: 1) == "\(long)\n")
        #expect(again("a\n\(long)", unread: 0) == long)
        #expect(again(String(repeating: "ab\n", count: 1000), unread: 16) == String(repeating: "ab\n", count: 6))
    }
}
