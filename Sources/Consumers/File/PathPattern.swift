import Events
import Glibc

/// A path in which `strftime(3)` conversions may stand, and the names of the files that it leads to.
///
/// An old file is the path with the moment of its rotation, `events.ndjson-20261121T074214.123Z`: the name never changes
/// again, so that whoever follows or ships it is not confused and nothing is renamed in a row (as with `.1`, `.2`, …); it
/// is in UTC, so that names sort as they were written, through the end of summer time too. logrotate(8) knows the like as
/// `dateext`.
struct PathPattern: Equatable, Sendable {
    private enum Piece: Equatable {
        case literal(UInt8)
        /// So many digits.
        case digits(Int)
        /// Letters, digits and what else a conversion may write.
        case text
    }

    let text: String

    init(_ text: String) { self.text = text }

    /// Whether the path depends on the time.
    var isDated: Bool { text.utf8.contains(UInt8(ascii: "%")) }

    /// The path that is written at a moment.
    func path(at moment: Timestamp) throws(ConsumerFailure) -> String {
        guard isDated else { return text }
        guard let path = LocalTime(moment).formatted(text) else {
            throw ConsumerFailure(.retry, "\(text): the name that it makes is too long")
        }
        return path
    }

    /// How many of the directories that lead to a file must exist; those after them are created. Counted in components
    /// between slashes.
    var fixedComponents: Int {
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return components.firstIndex { $0.contains(UInt8(ascii: "%")) } ?? components.count
    }

    // MARK: Old files

    /// The ending of an old file's name.
    static func stamp(_ moment: Timestamp) -> String {
        // RFC 3339 without what would need quoting or says nothing: 2026-11-21T07:42:14.123456Z.
        let digits = moment.description.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        return "-" + String(decoding: digits.prefix(19), as: UTF8.self) + "Z"
    }

    /// The name of an old file that no other one has; a millisecond later when there is one.
    static func freeName(for path: String, at moment: Timestamp) -> String {
        var moment = moment
        while true {
            let name = path + stamp(moment)
            var status = stat()
            if lstat(name, &status) != 0, lstat(name + ".gz", &status) != 0 { return name }
            moment = moment + .milliseconds(1)
        }
    }

    /// What a name in the directory is, if it can have been made by this path.
    ///
    /// - Returns: the name without what compression adds, and whether it is compressed; `nil` for a stranger's file.
    func recognize(_ name: String) -> (file: String, isCompressed: Bool)? {
        let isCompressed = name.hasSuffix(".gz")
        let file = isCompressed ? String(name.dropLast(3)) : name
        var stem = Array(file.utf8)
        if Self.matches(stem.suffix(21)[...], Self.stampPieces[...]) { stem.removeLast(21) }
        let lastSlash = text.utf8.lastIndex(of: UInt8(ascii: "/"))
        let format = lastSlash.map { text.utf8[text.utf8.index(after: $0)...] } ?? text.utf8[...]
        return Self.matches(stem[...], Self.pieces(of: format)[...]) ? (file, isCompressed) : nil
    }

    private static let stampPieces: [Piece] =
        [.literal(UInt8(ascii: "-")), .digits(8), .literal(UInt8(ascii: "T")), .digits(6)]
        + [.literal(UInt8(ascii: ".")), .digits(3), .literal(UInt8(ascii: "Z"))]

    private static func pieces(of format: Substring.UTF8View) -> [Piece] {
        var pieces: [Piece] = []
        var rest = format
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let conversion = rest.popFirst() else {
                pieces.append(.literal(byte))
                continue
            }
            switch conversion {
            case UInt8(ascii: "%"): pieces.append(.literal(conversion))
            case UInt8(ascii: "Y"), UInt8(ascii: "G"): pieces.append(.digits(4))
            case UInt8(ascii: "j"): pieces.append(.digits(3))
            case UInt8(ascii: "C"), UInt8(ascii: "d"), UInt8(ascii: "g"), UInt8(ascii: "H"), UInt8(ascii: "I"),
                UInt8(ascii: "m"), UInt8(ascii: "M"), UInt8(ascii: "S"), UInt8(ascii: "U"), UInt8(ascii: "V"),
                UInt8(ascii: "W"), UInt8(ascii: "y"):
                pieces.append(.digits(2))
            case UInt8(ascii: "u"), UInt8(ascii: "w"): pieces.append(.digits(1))
            case UInt8(ascii: "F"): pieces += Self.pieces(of: "%Y-%m-%d"[...].utf8)
            case UInt8(ascii: "R"): pieces += Self.pieces(of: "%H:%M"[...].utf8)
            case UInt8(ascii: "T"): pieces += Self.pieces(of: "%H:%M:%S"[...].utf8)
            default:
                // Flags and widths, as in %-d, belong to the conversion.
                var letter: UInt8? = conversion
                while let byte = letter, Self.isFlag(byte) { letter = rest.popFirst() }
                pieces.append(.text)
            }
        }
        return pieces
    }

    private static func isFlag(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "#"), UInt8(ascii: "+"),
            UInt8(ascii: "E"), UInt8(ascii: "O"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func matches(_ name: ArraySlice<UInt8>, _ pieces: ArraySlice<Piece>) -> Bool {
        guard let piece = pieces.first else { return name.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .literal(let byte): return name.first == byte && matches(name.dropFirst(), rest)
        case .digits(let count):
            return name.count >= count && name.prefix(count).allSatisfy(isDigit) && matches(name.dropFirst(count), rest)
        case .text:
            let length = name.prefix { isDigit($0) || isLetter($0) || ":+- ".utf8.contains($0) }.count
            return length > 0 && (1...length).contains { matches(name.dropFirst($0), rest) }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
