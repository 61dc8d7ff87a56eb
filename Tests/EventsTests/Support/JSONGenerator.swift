import TestSupport

/// Writes random JSON texts: all kinds of values, whitespace and escapes, and Kazoo's keys among the others.
struct JSONGenerator {
    var random: SeededGenerator

    static let knownKeys = [
        "action", "subscribed_key", "subscription_key", "name", "routing_key", "data", "request_id", "status",
    ]

    mutating func text() -> [UInt8] {
        var output: [UInt8] = []
        whitespace(&output)
        if random.once(in: 8) { value(&output, depth: 0) } else { object(&output, depth: 0) }
        whitespace(&output)
        return output
    }

    /// A text with some of its bytes lost, doubled, replaced or swapped; most of them are no longer JSON.
    mutating func mangled(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &random) where !text.isEmpty {
            let offset = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: text.remove(at: offset)
            case 1: text.insert(text[offset], at: offset)
            case 2: text[offset] = UInt8.random(in: 0...255, using: &random)
            case 3: text[offset] = Array(#"{}[]":,\/ntfue0123-+.E"#.utf8).randomElement(using: &random) ?? 0
            case 4: text.swapAt(offset, Int.random(in: 0..<text.count, using: &random))
            default: text.removeLast(text.count - offset)
            }
        }
        return text
    }

    private mutating func value(_ output: inout [UInt8], depth: Int) {
        switch Int.random(in: depth > 4 ? 2...7 : 0...7, using: &random) {
        case 0: object(&output, depth: depth)
        case 1: array(&output, depth: depth)
        case 2: output += "true".utf8
        case 3: output += "false".utf8
        case 4: output += "null".utf8
        case 5: number(&output)
        default: string(&output)
        }
    }

    private mutating func object(_ output: inout [UInt8], depth: Int) {
        output.append(UInt8(ascii: "{"))
        for position in 0..<Int.random(in: 0...8, using: &random) {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            whitespace(&output)
            if random.once(in: 3) {
                string(&output)
            } else {
                output += "\"\(Self.knownKeys.randomElement(using: &random) ?? "")\"".utf8
            }
            whitespace(&output)
            output.append(UInt8(ascii: ":"))
            whitespace(&output)
            value(&output, depth: depth + 1)
            whitespace(&output)
        }
        whitespace(&output)
        output.append(UInt8(ascii: "}"))
    }

    private mutating func array(_ output: inout [UInt8], depth: Int) {
        output.append(UInt8(ascii: "["))
        for position in 0..<Int.random(in: 0...5, using: &random) {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            whitespace(&output)
            value(&output, depth: depth + 1)
            whitespace(&output)
        }
        whitespace(&output)
        output.append(UInt8(ascii: "]"))
    }

    private mutating func string(_ output: inout [UInt8]) {
        let pieces = ["a", "Z9", "_", " ", "é", "€", "🎉", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\u00e9"#, #"\uD83C\uDF89"#]
        output.append(UInt8(ascii: "\""))
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            output += (random.once(in: 3) ? pieces.randomElement(using: &random) ?? "" : "x").utf8
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func number(_ output: inout [UInt8]) {
        let numbers = ["0", "-0", "1", "-17", "0.5", "1e+25", "1E-7", "63962445949", "123456789012345678901234567890"]
        output += (numbers.randomElement(using: &random) ?? "").utf8
    }

    private mutating func whitespace(_ output: inout [UInt8]) {
        guard random.once(in: 6) else { return }
        output += ([" ", "  ", "\n", "\r\n", "\t", " \n\t"].randomElement(using: &random) ?? "").utf8
    }
}
