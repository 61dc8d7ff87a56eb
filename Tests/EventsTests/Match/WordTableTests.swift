import Testing

@testable import Events

@Suite struct WordTableTests {
    private func number(of word: String, in table: WordTable) -> Int? {
        Array(word.utf8).withUnsafeBytes { table.number(of: $0) }
    }

    @Test func findsWhatIsThere() {
        var table = WordTable()
        #expect(table.isEmpty)
        #expect(number(of: "", in: table) == nil)
        let words = (0..<2_000).map { String(repeating: "w", count: $0 % 21) + String($0) } + [""]
        for (expected, word) in words.enumerated() { #expect(table.insert(Array(word.utf8)) == expected) }
        for (expected, word) in words.enumerated() {
            #expect(table.insert(Array(word.utf8)) == expected, "it is there already")
            #expect(number(of: word, in: table) == expected)
        }
        for word in ["w", "2000", "\u{0}", "w\u{0}1"] { #expect(number(of: word, in: table) == nil) }
    }

    @Test(arguments: [0, 1, 61, 62, 63, 64, 65, 200])
    func tellsLengthsApart(_ length: Int) {
        var table = WordTable()
        let word = String(repeating: "w", count: length)
        #expect(table.insert(Array(word.utf8)) == 0)
        #expect(number(of: word, in: table) == 0)
        for other in [0, 1, 61, 62, 63, 64, 65, 200] where other != length {
            #expect(number(of: String(repeating: "w", count: other), in: table) == nil)
        }
    }

    @Test func keepsSetsApart() {
        var table = WordTable()
        for set in 0..<50 {
            for word in ["", "a", "account"] { _ = table.insert(Array((word + "\(set % 7)").utf8), to: set) }
        }
        for set in 0..<50 {
            for other in 0..<7 {
                let word = Array("account\(other)".utf8)
                let number = word.withUnsafeBytes { table.number(of: $0, in: set) }
                #expect(number == (other == set % 7 ? 3 * set + 2 : nil))
            }
        }
    }
}
