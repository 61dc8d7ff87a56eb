import CSIMD
import TestSupport
import Testing

/// What the processor's vectors say of 64 bytes, and of as many some way on, against what the same bytes are one by one,
/// and eight at a time.
@Suite struct CSIMDTests {
    @Test(arguments: UInt8.min...UInt8.max)
    func findsEachByteInEachPlace(_ byte: UInt8) {
        for neighbour: UInt8 in [0x20, 0x23, 0x5D, 0xFF] {
            for place in 0..<64 {
                var bytes = [UInt8](repeating: neighbour, count: 64)
                bytes[place] = byte
                expectAgreement(on: bytes)
            }
        }
    }

    @Test func agreesOnNoise() {
        var random = SeededGenerator(seed: 64)
        for _ in 0..<2_000 {
            expectAgreement(on: (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) })
            let frequent = Array(#""\ax"#.utf8) + [0x00, 0x1F, 0x20]
            expectAgreement(on: (0..<64).map { _ in frequent.randomElement(using: &random) ?? 0 })
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 15, 16, 17, 63, 64, 65])
    func findsPairsAtAnyDistance(_ distance: Int) {
        var random = SeededGenerator(seed: UInt64(distance))
        let (first, second) = (UInt8(ascii: "\""), UInt8(ascii: "d"))
        for alphabet: [UInt8] in [[first, second], [first, second, 0x00, 0x23, 0x65], Array(.min ... .max)] {
            for _ in 0..<200 {
                let bytes = (0..<(64 + distance)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
                let marks = (0..<64).reduce(into: UInt64(0)) { marks, place in
                    if bytes[place] == first, bytes[place + distance] == second { marks |= 1 << UInt64(place) }
                }
                #expect(kz_pair_marks(bytes, first, second, distance) == marks)
                #expect(kz_pair_marks_portably(bytes, first, second, distance) == marks)
            }
        }
    }

    private func expectAgreement(on bytes: [UInt8]) {
        let marks = bytes.enumerated().reduce(into: UInt64(0)) { marks, byte in
            if byte.element < 0x20 || [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(byte.element) {
                marks |= 1 << UInt64(byte.offset)
            }
        }
        #expect(kz_string_marks(bytes) == marks)
        #expect(kz_string_marks_portably(bytes) == marks)
        #expect(kz_short_string_marks(bytes) == marks & 0xFFFF)
        #expect(kz_short_string_marks_portably(bytes) == marks & 0xFFFF)
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        #expect(kz_is_ascii(bytes) == isASCII)
        #expect(kz_is_ascii_portably(bytes) == isASCII)
    }
}
