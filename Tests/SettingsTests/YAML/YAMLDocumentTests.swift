import Testing

@testable import Settings

@Suite struct YAMLDocumentTests {
    private func place(_ line: Int, _ column: Int) -> Origin {
        .file("FILE", SourcePosition(line: line, column: column))
    }

    private func problems(_ text: String) -> [String] {
        YAMLDocument(text, file: "FILE").problems.map(\.description)
    }

    @Test func knowsWhereEverythingStands() throws {
        let document = YAMLDocument("a: no\nbé: [1e3, {c: 'null'}]\n", file: "FILE")
        #expect(document.problems == [])
        let root = try #require(document.root)
        #expect(root.origin == place(1, 1))
        #expect(root["a"] == YAMLNode(.scalar("no", isPlain: true), origin: place(1, 4)))
        let inner = YAMLNode.Entry(
            "c", origin: place(2, 12), value: YAMLNode(.scalar("null", isPlain: false), origin: place(2, 15)))
        let items = [
            YAMLNode(.scalar("1e3", isPlain: true), origin: place(2, 6)),
            YAMLNode(.mapping([inner]), origin: place(2, 11)),
        ]
        #expect(root["bé"] == YAMLNode(.sequence(items), origin: place(2, 5)))
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "---\n...\n", "\u{FEFF}"])
    func anEmptyFileIsAnEmptyMapping(_ text: String) {
        let document = YAMLDocument(text, file: "FILE")
        #expect(document.problems == [])
        #expect(document.root == YAMLNode(.mapping([]), origin: place(1, 1)))
    }

    @Test(arguments: [
        ("a: &x 1\n", "FILE:1:4: anchors (“&x”) are not supported"),
        ("a: 1\nb: *x\n", "FILE:2:4: aliases (“*x”) are not supported; if the text “*x” is meant, write it in quotes"),
        ("a: !!str 1\n", "FILE:1:4: tags (“tag:yaml.org,2002:str”) are not supported: each key knows its type"),
        ("a: 1\n<<: {b: 2}\n", "FILE:2:1: merge keys (<<) are not supported; write the keys out"),
        ("a: 1\nb: 2\na: 3\na: 4\n", "FILE:3:1: “a” occurs twice; the first is in line 1"),
        ("[a, b]: c\n", "FILE:1:1: a key is a text, not a list"),
        ("a: 1\n---\nb: 2\n", "FILE:2:1: a config file is one document; a second one begins here"),
    ])
    func refusesWhatReadersWouldPuzzleOver(_ text: String, _ message: String) {
        #expect(problems(text).first == message)
    }

    @Test func findsAllThatIsNotSupported() {
        #expect(problems("a: &x 1\nb: *x\nc: !t 2\na: 3\n").count == 4)
    }

    @Test(arguments: [
        ("a: *\n", "FILE:1:5", "a text that begins with * or & must stand in quotes"),
        ("a: @b\n", "FILE:1:4", "a text that begins with @, ` or % must stand in quotes"),
        ("a:\n\tb: 1\n", "FILE:2:1", "tabs cannot indent; use spaces"),
        ("é: \"ü\n", "FILE:1:6", "while scanning a quoted scalar"),
        ("a: [1, 2\nb: 3\n", "FILE:2:2", "while parsing a flow sequence that begins in line 1"),
        ("a: 1\n  b: 2\n", "FILE:2:4", "mapping values are not allowed in this context"),
    ])
    func saysWhatIsNotYAML(_ text: String, _ place: String, _ words: String) throws {
        let problems = problems(text)
        #expect(problems.count == 1)
        let problem = try #require(problems.first)
        #expect(problem.hasPrefix(place + ": not YAML: "), "\(problem)")
        #expect(problem.contains(words), "\(problem)")
    }

    @Test func refusesOtherEncodings() throws {
        let latin = YAMLDocument(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A], file: "FILE")
        #expect(latin.root == nil)
        #expect(
            latin.problems.map(\.description) == ["FILE:2:4: the file is not UTF-8: incomplete UTF-8 octet sequence"]
        )
        #expect(problems("a: \u{1}\n") == ["FILE:1:4: control characters are not allowed (#x1)"])
    }

    @Test func isBounded() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(problems(deep) == ["FILE:1:33: this is nested deeper than 32 levels"])
        // Of which no stack and no patience would see the end.
        for opening in ["[", "{", "- ", "? ", "[{a: ", "{a: ["] {
            let text = String(repeating: opening, count: YAMLDocument.sizeLimit / opening.utf8.count)
            #expect(problems(text).count == 1)
        }
        let large = [UInt8](repeating: UInt8(ascii: "#"), count: YAMLDocument.sizeLimit + 1)
        #expect(
            YAMLDocument(large, file: "FILE").problems.map(\.description)
                == ["FILE:1:1: the file is larger than 1 MiB; this is no config file"])
        #expect(YAMLDocument(Array(large.dropLast()), file: "FILE").problems == [])
    }

    @Test func showsNoControlCharacters() {
        #expect(
            problems("\"a\\e[31m\\u202e\": 1\n\"a\\e[31m\\u202e\": 2\n")
                == ["FILE:2:1: “a\\u{1b}[31m\\u{202e}” occurs twice; the first is in line 1"])
    }
}
