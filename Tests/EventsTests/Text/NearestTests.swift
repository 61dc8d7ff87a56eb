import Testing

@testable import Events

@Suite struct NearestTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "abd", 1), ("abc", "ab", 1),
        ("abc", "xabc", 1), ("abcd", "acbd", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func countsMistakes(_ source: String, _ target: String, _ distance: Int) {
        #expect(Nearest.distance(from: Array(source.utf8), to: Array(target.utf8)) == distance)
        #expect(Nearest.distance(from: Array(target.utf8), to: Array(source.utf8)) == distance)
    }

    @Test func suggestsTheNearestOfTheCandidates() {
        let words = ["call", "object", "fax", "conference"]
        #expect(Nearest.match("cal", among: words) == "call")
        #expect(Nearest.match("CALL", among: words) == "call")
        #expect(Nearest.match("obejct", among: words) == "object")
        #expect(Nearest.match("qubicle", among: words) == nil)
        #expect(Nearest.match("", among: ["ab"]) == nil)
        #expect(Nearest.match("confrence", among: words, within: 0) == nil)
    }
}
