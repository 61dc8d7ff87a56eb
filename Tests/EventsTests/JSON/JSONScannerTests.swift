import Testing

@testable import Events

@Suite struct JSONScannerTests {
    @Test(
        arguments: [
            "{}", "[]", "0", "-0", "1", "-1", "1.5", "1e5", "1E+5", "1e-5", "0.0", "0e0", "true", "false", "null",
            #""""#,
            " {} ", "\t\r\n{ \"a\" : [ ] }\n", "[[[[[]]]]]", "[1,2,3]", #"{"a":{"b":[{}]}}"#, #""\u0000""#,
            #""\uD800""#,
            #""\"\\\/\b\f\n\r\t""#, "\"\u{7F}\"", "\"é€🎉\"", "123456789012345678901234567890", #"{"":0}"#,
            #"{"a":1,"a":2}"#, #"["a","b"]"#, "[0]", "[-0.0e-0]", #""12345678""#, #""1234567890123456""#,
        ])
    func acceptsJSON(_ text: String) throws {
        _ = try scan(text.utf8)
        #expect(ReferenceJSON(Array(text.utf8)) != nil)
    }

    @Test(
        arguments: [
            "", " ", "{", "}", "[", "]", "{]", "[}", "{}}", "[]]", "{} {}", "nul", "nulll", "True", "tru", "fals",
            "NaN",
            "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1.e5", "0x10", "1_000", "--1", "1-", #"""#,
            #""a"#, #""\"#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\u"#, #""\uD8"#, "\"\u{1}\"", "\"\n\"", "\"\t\"",
            "'a'",
            "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a":1;}"#,
            "{1:2}", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[", "[[", #"[""#, "[1", "[1,", #"{"a":[}"#, "{\"a\":1",
            "\u{FEFF}{}", "\u{A0}1", "\u{0C}1", "1\u{0}", "{}#", "/* */1", "1//", #"{"a":"b"}x"#, "[true,fals]",
        ])
    func refusesWhatIsNot(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try scan(text.utf8) }
        #expect(ReferenceJSON(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("", JSONSyntaxError(reason: .unexpectedEnd, offset: 0)),
        (#"{"a":1"#, JSONSyntaxError(reason: .unexpectedEnd, offset: 6)),
        (#"{"a":x}"#, JSONSyntaxError(reason: .unexpectedByte, offset: 5)),
        (#"{"a":1}}"#, JSONSyntaxError(reason: .unexpectedByte, offset: 7)),
        (#"["\q"]"#, JSONSyntaxError(reason: .invalidEscape, offset: 2)),
        (#"["\u00g0"]"#, JSONSyntaxError(reason: .invalidEscape, offset: 6)),
        ("[\"abc\u{2}\"]", JSONSyntaxError(reason: .controlCharacter, offset: 5)),
    ])
    func saysWhatIsWrongAndWhere(_ text: String, _ error: JSONSyntaxError) {
        #expect(throws: error) { try scan(text.utf8) }
        #expect(error.description.contains(String(error.offset)))
    }

    @Test func locatesTopLevelValues() throws {
        let text = """
            { "action" : "event", "subscribed_key":"call.*.*","subscription_key":"k", "name":"N",
              "routing_key":"r.k" , "data":{"name":"inner","data":[1,{"action":2}]}, "request_id":7,"status":null }
            """
        let index = try scan(text.utf8)
        func value(_ range: Range<Int>?) -> String? {
            range.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        }
        #expect(index.isObject)
        #expect(value(index.action) == #""event""#)
        #expect(value(index.subscribedKey) == #""call.*.*""#)
        #expect(value(index.subscriptionKey) == #""k""#)
        #expect(value(index.name) == #""N""#)
        #expect(value(index.routingKey) == #""r.k""#)
        #expect(value(index.data) == #"{"name":"inner","data":[1,{"action":2}]}"#)
        #expect(value(index.requestID) == "7")
        #expect(value(index.status) == "null")
    }

    @Test func locatesNothingOutsideTheTopLevel() throws {
        for text in [#"[{"name":1,"data":2}]"#, #"{"x":{"name":1,"data":2}}"#, #"{"names":1,"dato":2,"nam":3}"#, "1"] {
            let index = try scan(text.utf8)
            #expect(index.name == nil)
            #expect(index.data == nil)
        }
        #expect(try !scan("[{}]".utf8).isObject)
    }

    @Test func theFirstOfTwoEqualKeysCounts() throws {
        #expect(try scan(#"{"name":1,"name":22,"name":333}"#.utf8).name == 8..<9)
    }

    @Test func knowsKeysThatAreWrittenWithEscapes() throws {
        #expect(try scan(#"{"n\u0061me":1}"#.utf8).name == 13..<14)
        #expect(try scan(#"{"n\u0061mes":1}"#.utf8).name == nil)
    }

    @Test func reportsLineBreaksBetweenTokensOnly() throws {
        #expect(try !scan(#"{ "a":"\n\r" }"#.utf8).hasLineBreaks)
        for text in ["{\n}", "\r{}", "{}\n", "{\"a\"\n:1}", "{\"a\":\r1}", "[1\n,2]", "[1,\n2]"] {
            #expect(try scan(text.utf8).hasLineBreaks, "\(text.debugDescription)")
        }
    }

    @Test func nestsAsDeepAsTheLimitAndNoDeeper() throws {
        func nested(_ depth: Int, _ open: String, _ close: String) -> String.UTF8View {
            (String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8
        }
        _ = try scan(nested(512, "[", "]"))
        _ = try scan(nested(512, #"{"a":"#, "}"))
        _ = try scan(nested(256, #"[{"a":"#, "}]"))
        #expect(throws: JSONSyntaxError(reason: .tooDeep, offset: 512)) { try scan(nested(513, "[", "]")) }
        #expect(throws: JSONSyntaxError(reason: .tooDeep, offset: 3)) { try scan("[[[[]]]]".utf8, depthLimit: 3) }
        #expect(throws: JSONSyntaxError.self) { try scan(nested(100_000, "[", "]"), depthLimit: .max) }
    }

    @Test func tellsClosingBracketsApartAtEveryDepth() throws {
        for depth in [1, 63, 64, 65, 128, 511] {
            let opening = String(repeating: "[", count: depth - 1)
            let closing = String(repeating: "]", count: depth - 1)
            _ = try scan((opening + #"{"a":1}"# + closing).utf8)
            #expect(throws: JSONSyntaxError.self) { try scan((opening + #"{"a":1]"# + closing).utf8) }
            #expect(throws: JSONSyntaxError.self) { try scan((opening + "[1}" + closing).utf8) }
        }
    }

    @Test(arguments: [0x00, 0x01, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xA2, 0xDC, 0xFF])
    func findsSpecialBytesAtEveryDistance(_ byte: UInt8) throws {
        let isSpecial = byte < 0x20 || byte == 0x22 || byte == 0x5C
        for length in 0..<40 {
            for neighbour: UInt8 in [0x20, 0x7F, 0x80, 0xFF, UInt8(ascii: "x")] {
                var text = [UInt8](repeating: neighbour, count: 40)
                text[length] = byte
                let end = text.withUnsafeBytes { JSONBytes($0)?.endOfPlainText(from: 0) }
                #expect(end == (isSpecial ? length : 40))
            }
        }
    }
}
