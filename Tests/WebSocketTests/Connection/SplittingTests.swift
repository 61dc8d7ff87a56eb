import TestSupport
import Testing
import WebSocket

/// However a stream is cut into reads, the same comes of it.
@Suite struct SplittingTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func validStreams(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let stream = RandomStream(using: &generator)
        let whole = Exchange([stream.bytes])
        #expect(whole.messages == stream.messages)
        #expect(whole.actions == stream.actions)
        expectSameHoweverSplit(stream.bytes, whole, using: &generator)
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func mangledStreams(_ seed: UInt64) {
        var generator = SeededGenerator(seed: 1000 + seed)
        var bytes = RandomStream(using: &generator, largestPayload: 300).bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[position] = .random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: position)
            default: bytes.insert(.random(in: 0...255, using: &generator), at: position)
            }
        }
        expectSameHoweverSplit(bytes, Exchange([bytes]), using: &generator)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func noise(_ seed: UInt64) {
        var generator = SeededGenerator(seed: 5000 + seed)
        let bytes = (0..<100).map { _ in UInt8.random(in: 0...255, using: &generator) & .random(using: &generator) }
        expectSameHoweverSplit(bytes, Exchange([bytes]), using: &generator)
    }

    private func expectSameHoweverSplit(
        _ bytes: [UInt8], _ expected: Exchange, using generator: inout SeededGenerator
    ) {
        #expect(Exchange(bytes.bytewise) == expected)
        for size in [3, 50, 5000] {
            #expect(Exchange(bytes.pieces(upTo: size, using: &generator)) == expected)
        }
    }
}

extension UInt8 {
    /// Mostly few bits, so that noise gets past the first header.
    fileprivate static func random(using generator: inout SeededGenerator) -> UInt8 {
        .random(in: 0...255, using: &generator) & .random(in: 0...255, using: &generator)
    }
}

/// Valid frames of every kind and length class, and what must come of them.
private struct RandomStream {
    var bytes: [UInt8] = []
    var messages: [Exchange.Message] = []
    var actions: [Connection.Action] = []

    init(using generator: inout SeededGenerator, largestPayload: Int = 66_000) {
        let sizes = [0, 1, 2, 125, 126, 127, 300, 65_535, 65_536].filter { $0 <= largestPayload }
        // One of the large sizes is enough for a stream.
        var budget = largestPayload + 1000
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let size = min(budget, sizes[Int.random(in: 0..<sizes.count, using: &generator)])
            budget -= size
            appendControl(using: &generator)
            appendMessage(ofAbout: size, using: &generator)
        }
        if Bool.random(using: &generator) {
            bytes += serverClose(1001, "ä")
            actions.append(.transmit(clientClose(1001)))
            actions.append(.closed(.init(code: .goingAway, reason: "ä", origin: .peer, isClean: true)))
        }
    }

    private mutating func appendMessage(ofAbout size: Int, using generator: inout SeededGenerator) {
        let isText = Bool.random(using: &generator)
        let payload: [UInt8]
        if isText {
            var text = ""
            while text.utf8.count < size {
                let character: Character = ["a", "ä", "€", "😀"].randomElement(using: &generator) ?? "a"
                text += String(repeating: character, count: .random(in: 1...100, using: &generator))
            }
            messages.append(.text(text))
            payload = Array(text.utf8)
        } else {
            payload = (0..<size).map { _ in .random(in: 0...255, using: &generator) }
            messages.append(.binary(payload))
        }

        // Fragments end anywhere, inside a character too, and may be empty.
        let cuts = (0..<Int.random(in: 0...3, using: &generator))
            .map { _ in Int.random(in: 0...payload.count, using: &generator) }.sorted()
        let bounds = [0] + cuts + [payload.count]
        for index in 0..<bounds.count - 1 {
            let opcode: UInt8 = index > 0 ? 0x0 : isText ? 0x1 : 0x2
            let isFinal = index == bounds.count - 2
            bytes += serverFrame(opcode, Array(payload[bounds[index]..<bounds[index + 1]]), isFinal: isFinal)
            if !isFinal { appendControl(using: &generator) }
        }
    }

    private mutating func appendControl(using generator: inout SeededGenerator) {
        let payload = (0..<Int.random(in: 0...125, using: &generator))
            .map { _ in UInt8.random(in: 0...255, using: &generator) }
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            bytes += serverFrame(0x9, payload)
            actions.append(.transmit(clientFrame(0xA, payload)))
        case 1:
            bytes += serverFrame(0xA, payload)
        default:
            break
        }
    }
}
