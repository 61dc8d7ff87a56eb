import Testing

@testable import Events

@Suite struct JSONPathTests {
    private static let document = """
        { "name" : "N", "data": {"a.b": 1, "a": {"b": 2, "c": [10, {"x": "y"}, [ ]]}, "esc\\u0061pe": 3, "": 4,
          "dup": 5, "dup": 6, "brackets": "}]{[,:\\"", "after": true, "n\\"q": 7 }, "list": [1, 2] , "last": null}
        """

    private func find(_ path: String) throws -> String? {
        let bytes = Array(Self.document.utf8)
        return try bytes.withUnsafeBytes { text in
            try #require(JSONPath(path)).find(in: text).map { String(decoding: text[$0], as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ("name", #""N""#), ("data.a.b", "1"), ("data.a.c.0", "10"), ("data.a.c.1.x", #""y""#), ("data.a.c.2", "[ ]"),
        ("data.escape", "3"), ("data.dup", "5"), ("data.brackets", #""}]{[,:\"""#), ("data.after", "true"),
        ("data.n\"q", "7"), ("list", "[1, 2]"), ("list.1", "2"), ("last", "null"),
    ])
    func finds(_ path: String, _ value: String) throws {
        #expect(try find(path) == value)
    }

    @Test(arguments: [
        "nam", "names", "data.a.d", "data.a.c.3", "data.a.c.-1", "data.a.c.+1", "data.a.c.99999999999999999999",
        "data.a.c.x", "data.a.c.1.x.y", "name.x", "list.2",
        "last.x", "data.after.x", "x.data",
    ])
    func findsNothing(_ path: String) throws {
        #expect(try find(path) == nil)
    }

    @Test(arguments: ["", ".", ".a", "a.", "a..b"])
    func refusesEmptyParts(_ path: String) {
        #expect(JSONPath(path) == nil)
    }

    @Test func beginsAtAValueInsideTheText() throws {
        let text = Array(#"[{"a":{"b":[7]}}]"#.utf8)
        let (element, list) = (try #require(JSONPath("a.b.0")), try #require(JSONPath("a.b")))
        text.withUnsafeBytes { bytes in
            #expect(element.find(in: bytes, from: 1..<16) == 12..<13)
            #expect(list.find(in: bytes, from: 1..<16) == 11..<14)
        }
    }

    @Test func knowsItsRoot() {
        for path in ["data", "data.a.b"] { #expect(JSONPath(path)?.isInData == true) }
        for path in ["name", "dat", "datas", "datas.a", "a.data"] { #expect(JSONPath(path)?.isInData == false) }
    }
}
