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
}
