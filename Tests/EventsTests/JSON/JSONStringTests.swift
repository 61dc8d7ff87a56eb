import Testing

@testable import Events

@Suite struct JSONStringTests {
    private func decode(_ literal: String) -> String? {
        Array(literal.utf8).withUnsafeBytes { JSONString.decode($0) }
    }

    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""é€🎉""#, "é€🎉"), (#""\"\\\/""#, #""\/"#),
        (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\uD83C\uDF89""#, "🎉"), (#""x\ud83c\udf89y""#, "x🎉y"),
        (#""\u0000""#, "\u{0}"),
        (#""\uD83C""#, "\u{FFFD}"), (#""\uDF89x""#, "\u{FFFD}x"), (#""\uD83Cx""#, "\u{FFFD}x"),
        (#""\uD83C\u0041""#, "\u{FFFD}A"), (#""\uD83C\uD83C\uDF89""#, "\u{FFFD}🎉"), (#""\uD83C\n""#, "\u{FFFD}\n"),
    ])
    func decodes(_ literal: String, _ text: String) {
        #expect(decode(literal) == text)
    }

    @Test(arguments: ["", "1", "null", "{}", "[\"a\"]", "\""])
    func decodesStringsOnly(_ literal: String) {
        #expect(decode(literal) == nil)
    }

    @Test(arguments: [
        ("", #""""#), ("abc", #""abc""#), ("a\"b\\c/d", #""a\"b\\c/d""#), ("é🎉", #""é🎉""#), ("\u{7F}", "\"\u{7F}\""),
        ("\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}", #""\u0000\b\t\n\u000b\f\r\u001f""#),
    ])
    func encodes(_ text: String, _ literal: String) {
        #expect(JSONString.encode(text) == literal)
        #expect(decode(literal) == text)
    }

    @Test func roundTripsEveryASCIICharacter() {
        let text = String(String.UnicodeScalarView((0..<128).map { Unicode.Scalar($0) }))
        #expect(decode(JSONString.encode(text)) == text)
    }
}
