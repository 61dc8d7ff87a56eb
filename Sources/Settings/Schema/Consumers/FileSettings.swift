/// `type: file`: events appended to a file.
public struct FileSettings: ConsumerType {
    /// `file`.
    public static let name = "file"

    /// When what was written is made to reach the disk.
    public enum Synchronization: String, CaseIterable, Sendable {
        case never, interval, always
    }

    /// The file; what `strftime(3)` knows may stand in it.
    public var path: Located<String>
    /// When a new file is begun; `nil` for never.
    public var rotation: RotationSettings?
    /// When what was written is made to reach the disk.
    public var synchronization: Synchronization
    /// The permissions of a new file.
    public var mode: UInt32
    /// To whom a new file belongs, `USER` or `USER:GROUP`; `nil` for whoever the program runs as.
    public var owner: Located<String>?

    /// Reads the keys.
    public init?(from section: inout Section) {
        let path = section.required("path", .located(.path))
        rotation = section.optional("rotate", .section)
        synchronization = section.value("fsync", .choice, default: "interval")
        mode = section.value("mode", .fileMode, default: "0640")
        owner = section.optional("owner", .located(.owner))
        guard let path else { return nil }
        self.path = path
        if path.value.hasSuffix("/") { section.report("this is a directory; name a file in it", at: path.origin) }
    }
}

/// The keys below `rotate`.
public struct RotationSettings: Equatable, Sendable, SectionReadable {
    /// How an old file is compressed.
    public enum Compression: String, CaseIterable, Sendable {
        case none, gzip
    }

    /// How large a file becomes, in bytes.
    public var size: Int?
    /// For how long a file is written.
    public var interval: Duration?
    /// How many old files are kept; `nil` for all.
    public var keep: Int?
    /// How an old file is compressed.
    public var compression: Compression

    /// Reads the keys.
    public init?(from section: inout Section) {
        size = section.optional("size", .size(1000...Int.max))
        interval = section.optional("every", .duration(.seconds(1)...Quantity.longest))
        keep = section.optional("keep", .integer(0...100_000))
        compression = section.value("compress", .choice, default: "none")
    }
}

extension Reading<UInt32> {
    /// Permissions in octal digits, as chmod(1) has them: `0640`, `640`.
    static var fileMode: Self {
        scalar(expecting: "permissions, such as 0640") { text throws(Mismatch) in
            let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
            guard (3...4).contains(digits.utf8.count), let mode = UInt32(digits, radix: 8), mode <= 0o777 else {
                throw Mismatch("\(Quotation.of(text)) are no permissions; write three octal digits, such as 0640")
            }
            return mode
        }
    }
}

extension Reading<String> {
    /// `USER` or `USER:GROUP`.
    static var owner: Self {
        text.map { text throws(Mismatch) in
            let names = text.split(separator: ":", omittingEmptySubsequences: false)
            guard names.count <= 2, names.allSatisfy({ name in !name.isEmpty && !name.contains { $0.isWhitespace } })
            else {
                throw Mismatch("\(Quotation.of(text)) is no owner; write USER or USER:GROUP")
            }
            return text
        }
    }
}
