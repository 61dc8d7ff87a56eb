import Testing

@testable import Events

@Suite struct NestedRangesTests {
    /// What is nested in the `data` of a text; `nil` when that is not known completely.
    private func nested(_ text: String) throws -> [Range<Int>]? {
        let nested = try scan(text.utf8).nestedInData
        return nested.isComplete ? (0..<Int(nested.count)).map { nested[$0] } : nil
    }

    @Test func countsFromTheBeginningOfData() throws {
        #expect(try nested(#"{"x":{},"data":{"a":1,"b":[2,{"c":[]}],"d":{}},"y":[]}"#) == [11..<23, 28..<30])
        #expect(try nested(#"{"data" : { "a" : [ ] } }"#) == [8..<11])
        #expect(try nested(#"{"data":{"a":"[","b":"{"}}"#) == [])
        #expect(try nested(#"{"data":"a","x":{"y":{}}}"#) == [])
        #expect(try nested(#"{"data":1,"data":{"y":{}}}"#) == [])
        #expect(try nested(#"{"data":{"x":1},"data":{"y":{}}}"#) == [])
        #expect(try nested(#"{"data":[{"y":{}}]}"#) == [])
    }

    @Test func givesUpWhereThereAreMany() throws {
        func text(_ count: Int) -> String {
            #"{"data":{"# + (0..<count).map { #""\#($0)":{}"# }.joined(separator: ",") + "}}"
        }
        #expect(try nested(text(4))?.count == 4)
        #expect(try nested(text(5)) == nil)
    }

    @Test func givesUpBeyondTwoBytes() throws {
        func text(_ end: Int) -> String {
            #"{"data":{"a":{"":"# + String(repeating: "1", count: end - 10) + "}}}"
        }
        #expect(try nested(text(65_535)) == [5..<65_535])
        #expect(try nested(text(65_536)) == nil)
    }

    /// Escapes in values do not matter, nor those in the keys of other objects.
    @Test(arguments: [
        (#"{"data":{"a":"\n"}}"#, true), (#"{"data":{"a":["\n",{"b":"\"c\":"}]}}"#, true),
        (#"{"data":{"a":{"b\n":1}}}"#, true), (#"{"d\u0061ta":{"a":1}}"#, true),
        (#"{"data":{"a\n":1}}"#, false), (#"{"data":{"a\n" : 1}}"#, false), (#"{"data":{"a":1,"\n":{}}}"#, false),
    ])
    func givesUpWhereKeysAreEscaped(_ text: String, _ isComplete: Bool) throws {
        #expect(try scan(text.utf8).nestedInData.isComplete == isComplete)
    }

    @Test func comparesWhatIsKnown() {
        var (one, other) = (NestedRanges.none, NestedRanges.none)
        one.append(from: 5, to: 9)
        #expect(one != other)
        other.append(from: 5, to: 9)
        #expect(one == other)
        other.giveUp()
        #expect(one != other)
        #expect(NestedRanges.none != .unknown)
    }
}
