import TestSupport
import Testing

@testable import Events

/// The scanner looks at 64 bytes at a time; what it says must not depend on where they begin or end.
@Suite struct JSONScannerBlockTests {
    /// Up to two blocks and a little more.
    static let distances = 0..<131

    @Test(arguments: distances)
    func findsTheEndOfAStringOfAnyLength(_ length: Int) throws {
        let string = "\"" + String(repeating: "x", count: length) + "\""
        for before in Self.distances {
            let first = "\"" + String(repeating: "y", count: before) + "\""
            let text = #"{"a":\#(first),"name":\#(string)}"#
            let start = #"{"a":"#.utf8.count + first.utf8.count + #","name":"#.utf8.count
            #expect(try scan(text.utf8).name == start..<(start + string.utf8.count))
            #expect(throws: JSONSyntaxError(reason: .unexpectedEnd, offset: text.utf8.count - 2)) {
                try scan(text.utf8.dropLast(2))
            }
        }
    }

    @Test(arguments: distances)
    func findsControlCharactersInAnyPlace(_ place: Int) {
        for control in UInt8(0)..<0x20 {
            for length in [place + 1, 131] {
                var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                text[place] = control
                let string = [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
                let error = JSONSyntaxError(reason: .controlCharacter, offset: place + 1)
                #expect(throws: error) { try scan(string) }
                #expect(throws: error) { try scan(string.dropLast()) }
            }
        }
    }

    @Test(arguments: distances)
    func followsBackslashesAcrossBlocks(_ place: Int) throws {
        let before = String(repeating: "x", count: place)
        for run in 1...9 {
            let backslashes = String(repeating: "\\", count: run)
            // With an odd number of backslashes before it, the quotation mark is a part of the string.
            let string = "\"" + before + backslashes + "\""
            if run.isMultiple(of: 2) {
                #expect(try scan("[\(string),1]".utf8) == scan("[1]".utf8))
            } else {
                #expect(throws: JSONSyntaxError(reason: .unexpectedEnd, offset: string.utf8.count)) {
                    try scan(string.utf8)
                }
                #expect(try scan(#"{"name":\#(string)"}"#.utf8).name == 8..<(9 + string.utf8.count))
            }
        }
        for pairs in 0...4 {
            let string = "\"" + before + String(repeating: "\\\\", count: pairs) + "\\x\""
            #expect(throws: JSONSyntaxError(reason: .invalidEscape, offset: 1 + place + 2 * pairs)) {
                try scan(string.utf8)
            }
        }
    }

    /// What is wrong is wrong in the same place, whatever stands before it.
    @Test(arguments: [
        "", "{", "{]", #"{"a""#, #"{"a":"#, #"{"a":"b"#, #"{"a":"b","#, #"{"a":"b","c"}"#, #"{"a":"b" "c"}"#,
        #"{"a":tru}"#, #"["a""#, #"["a","#, #"["a",]"#, #"["a"}"#, #"["a":1]"#, "[1,", "[01]", "[1.]", "[-", #"["\x"]"#,
        #"["\u12G4"]"#, #"["\u12"#, #"["\"#, #"{"a":"\u{1}"}"#, #"{"a":{"b":["c",{"d":"e"},"f"]]}"#, #"{"a":1,b:2}"#,
        #"{"a":1}x"#,
    ])
    func saysTheSameWhereverATextBegins(_ text: String) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try scan(text.utf8) }
        for distance in Self.distances {
            let moved = JSONSyntaxError(reason: error.reason, offset: error.offset + distance)
            #expect(throws: moved) { try scan((String(repeating: " ", count: distance) + text).utf8) }
            // Behind a string, which the scanner's blocks begin at.
            let string = "[\"" + String(repeating: "x", count: distance) + "\","
            let inside = JSONSyntaxError(reason: error.reason, offset: error.offset + string.utf8.count)
            if error.offset < text.utf8.count, !text.hasSuffix("x") {
                #expect(throws: inside) { try scan((string + text + "]").utf8) }
            }
        }
    }

    @Test(arguments: [1, 2, 62, 63, 64, 65, 66, 127, 128, 129, 192, 448, 510])
    func walksThroughNestingOfAnyDepth(_ depth: Int) throws {
        let opening = (0..<depth).map { $0.isMultiple(of: 2) ? "[" : #"{"a":"# }.joined()
        let closing = (0..<depth).reversed().map { $0.isMultiple(of: 2) ? "]" : "}" }.joined()
        func nested(_ inner: String) -> String.UTF8View { (opening + inner + closing).utf8 }
        for inner in ["1", #"{"b":["c","d"],"e":[]}"#, #""s""#, "[[],{}]", #"{"a":{},"b":1}"#] where depth < 510 {
            _ = try scan(nested(inner))
            // Behind it, the containers around it go on.
            _ = try scan(nested(inner + (depth.isMultiple(of: 2) ? #","z":"y""# : #","y""#)))
            #expect(throws: JSONSyntaxError.self) { try scan(nested(inner + "]")) }
            #expect(throws: JSONSyntaxError.self) { try scan(nested(inner + "}")) }
        }
        #expect(throws: JSONSyntaxError(reason: .tooDeep, offset: opening.utf8.count)) {
            try scan(nested("[]"), depthLimit: depth)
        }
        _ = try scan(nested("1"), depthLimit: depth)
    }

    @Test func remembersOnlyTheMessageIDOfTheFirstData() throws {
        func start(_ text: String) throws -> UInt32 { try scan(text.utf8).messageIDStart }
        #expect(try start(#"{"data":{"a":"b","msg_id":"c"}}"#) == 26)
        #expect(try start(#"{"data":{"a":{"msg_id":"b"},"msg_id" : "c","msg_id":"d"}}"#) == 39)
        #expect(try start(#"{"data":{"a":"b"},"data":{"msg_id":"c"}}"#) == 0)
        #expect(try start(#"{"data":[{"msg_id":"c"}],"msg_id":"d","x":{"msg_id":"e"}}"#) == 0)
    }
}
