import TestSupport
import Testing
import WebSocket

@Suite struct UTF8ValidatorTests {
    /// The offset of the byte at which validation fails, given the text in these pieces.
    private func failure(_ pieces: [[UInt8]]) -> Int? {
        var validator = UTF8Validator()
        var offset = 0
        for piece in pieces {
            guard piece.withUnsafeBytes({ validator.validate($0) }) else { return offset }
            offset += piece.count
        }
        return validator.isAtBoundary ? nil : offset
    }

    @Test(arguments: [
        "", "a", "κόσμε", "\u{0}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFD}",
        "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "😀😀", String(repeating: "a", count: 200) + "ä",
    ])
    func acceptsText(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBytes(UTF8Validator.isValid))
        #expect(failure(Array(text.utf8).bytewise) == nil)
    }

    /// Each with the offset of the first byte that cannot be there: as soon as that has come, the text is lost.
    @Test(arguments: [
        ([0x80], 0), ([0xBF], 0), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xF5, 0x80], 0), ([0xFF], 0), ([0xFE], 0),
        ([0xC2, 0x41], 1), ([0xC2, 0xC2], 1), ([0xE0, 0x9F, 0xBF], 1), ([0xED, 0xA0, 0x80], 1),
        ([0xE1, 0x80, 0x41], 2), ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
        ([0xF1, 0x80, 0xC0], 2), ([0xF1, 0x80, 0x80, 0x00], 3), ([0xEE, 0x80, 0x80, 0x80], 3),
    ])
    func rejectsAtTheFirstWrongByte(_ text: [UInt8], _ offset: Int) {
        for count in [0, 1, 7, 8, 63, 64, 65, 200] {
            let before = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            #expect(failure((before + text).bytewise) == count + offset)
            #expect(!(before + text).withUnsafeBytes(UTF8Validator.isValid))
            #expect(!(before + text + before).withUnsafeBytes(UTF8Validator.isValid))
        }
    }

    @Test(arguments: ["ä", "€", "😀"])
    func anUnfinishedSequenceIsNoBoundary(_ character: String) {
        let bytes = Array(character.utf8)
        for count in 1..<bytes.count {
            var validator = UTF8Validator()
            #expect(bytes.prefix(count).withUnsafeBytes { validator.validate($0) })
            #expect(!validator.isAtBoundary)
            #expect(bytes.dropFirst(count).withUnsafeBytes { validator.validate($0) })
            #expect(validator.isAtBoundary)
        }
    }

    /// The judge is the standard library. A prefix can become valid if one of these endings makes it so: the least and
    /// the greatest continuation byte are between them allowed after every lead.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func agreesWithTheStandardLibraryInAnyPieces(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = randomText(using: &generator)
        let isValid = String(validating: text, as: UTF8.self) != nil
        #expect(text.withUnsafeBytes(UTF8Validator.isValid) == isValid)

        let expected = isValid ? nil : (0..<text.count).first { !canBecomeValid(text[...$0]) } ?? text.count
        #expect(failure(text.bytewise) == expected)
        for _ in 0..<10 {
            let pieces = text.pieces(upTo: 40, using: &generator)
            var validator = UTF8Validator()
            let isAccepted = pieces.allSatisfy { $0.withUnsafeBytes { validator.validate($0) } }
            #expect((isAccepted && validator.isAtBoundary) == isValid)
        }
    }

    private func canBecomeValid(_ prefix: ArraySlice<UInt8>) -> Bool {
        let endings: [[UInt8]] = (0..<4).reduce([[]]) { endings, _ in
            endings + endings.flatMap { [$0 + [0x80], $0 + [0xBF]] }
        }
        // Only what follows the last ASCII byte matters, if what precedes it is valid.
        return endings.contains { String(validating: prefix + $0, as: UTF8.self) != nil }
    }

    /// Text of all lengths of sequence in runs, valid in half of the cases.
    private func randomText(using generator: inout SeededGenerator) -> [UInt8] {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
            for _ in 0..<Int.random(in: 0...(range.lowerBound == 0 ? 90 : 9), using: &generator) {
                guard let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) else { continue }
                text += Array(String(scalar).utf8)
            }
        }
        guard !text.isEmpty, Bool.random(using: &generator) else { return text }
        let position = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text[position] = .random(in: 0...255, using: &generator)
        case 1: text.insert(.random(in: 0x80...255, using: &generator), at: position)
        case 2: text.remove(at: position)
        default: text.removeLast()
        }
        return text
    }
}
