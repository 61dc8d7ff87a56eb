import TestSupport
import Testing

@testable import Settings

/// Files that somebody has spoilt: whatever they have become, each problem has a place in them.
@Suite struct DamagedFileTests {
    private func sample() throws -> [UInt8] {
        let lines = try Sample.text().split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map(Sample.uncommented).joined(separator: "\n").utf8)
    }

    /// Reads a file, and returns how many problems it has.
    private func check(_ text: [UInt8]) -> Int {
        let document = YAMLDocument(text, file: "FILE")
        let loaded = Settings.load(document, capabilities: .tested) { _, _ in .good }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect(loaded.value != nil || !loaded.problems.isEmpty, "nothing is refused without a word")
        for problem in loaded.problems {
            guard let position = problem.origin.position else {
                Issue.record("no place: \(problem)")
                continue
            }
            // libyaml ends lines where Unicode does, so a line of its own counting may be part of one of ours.
            let isInside =
                position.line >= 1 && position.column >= 1
                && (hasOtherLineEnds(text)
                    || (position.line <= lines.count && position.column <= lines[position.line - 1].count + 1))
            #expect(isInside, "\(problem)\n\(String(decoding: text, as: UTF8.self))")
            #expect(!problem.message.isEmpty && !problem.description.contains("\n"))
        }
        if loaded.problems.isEmpty {
            let again = Configuration.load(loaded.shown.text)
            #expect(again.problems == [], "what is shown can be read")
        }
        return loaded.problems.count
    }

    private func hasOtherLineEnds(_ text: [UInt8]) -> Bool {
        text.contains(UInt8(ascii: "\r")) || text.contains(0x85) || text.contains(0xA8) || text.contains(0xA9)
    }

    @Test(arguments: UInt64(1)...8)
    func changedBytes(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try sample()
        var spoilt = 0
        for _ in 0..<150 {
            var text = sample
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                let special = Array(" \t\n:-[]{}#&*!|>'\"%@`,?\\~\0\r".utf8)
                text[place] =
                    random.once(in: 2)
                    ? special.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            if check(text) > 0 { spoilt += 1 }
        }
        #expect(spoilt > 30, "most of them are found out")
    }

    @Test(arguments: UInt64(11)...14)
    func removedLines(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lines = try sample().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var spoilt = 0
        for _ in 0..<100 {
            var kept = lines
            for _ in 0...Int.random(in: 0..<5, using: &random) {
                kept.remove(at: Int.random(in: kept.indices, using: &random))
            }
            if check(Array(kept.joined(separator: [UInt8(ascii: "\n")]))) > 0 { spoilt += 1 }
        }
        #expect(spoilt > 10)
    }

    @Test func everyBeginning() throws {
        let sample = try sample()
        for count in stride(from: 0, to: sample.count, by: 7) { _ = check(Array(sample[..<count])) }
    }

    /// Every key in turn misspelt: the right one is named, where it stands.
    @Test func misspeltKeys() throws {
        let text = String(decoding: try sample(), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var tried = 0
        for (index, line) in lines.enumerated() {
            let bare = line.drop { $0 == " " || $0 == "-" }
            guard !bare.hasPrefix("#"), let colon = bare.firstIndex(of: ":") else { continue }
            let key = bare[..<colon]
            guard key.count > 3, key.allSatisfy({ $0.isLetter || $0 == "_" }) else { continue }
            // What a mapping without its type or name is, cannot be told; a name's last letter is doubled.
            let wrong = key + String(key.suffix(1))
            var changed = lines
            changed[index] = line[..<bare.startIndex] + wrong + line[colon...]
            let problems = Configuration.load(changed.joined(separator: "\n")).problems.map(\.description)
            let column = line.distance(from: line.startIndex, to: bare.startIndex) + 1
            if key != "type" {
                #expect(
                    problems.contains(
                        "FILE:\(index + 1):\(column): unknown key “\(wrong)” (did you mean “\(key)”?)"),
                    "\(wrong): \(problems)")
            }
            #expect(!problems.isEmpty)
            tried += 1
        }
        #expect(tried > 30)
    }
}
