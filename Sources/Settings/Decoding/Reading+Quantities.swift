extension Reading<Duration> {
    /// A length of time: `500ms`, `30s`, `5m`, `12h`, `1d`.
    public static func duration(_ limits: ClosedRange<Duration> = .milliseconds(1)...Quantity.longest) -> Self {
        scalar(expecting: "a length of time, such as 30s") { text throws(Mismatch) in
            try Quantity.duration(text, within: limits)
        }
    }
}

extension Reading<ClosedRange<Duration>> {
    /// Two lengths of time, the shorter first: `1s..5m`.
    public static var durations: Self {
        scalar(expecting: "two lengths of time, such as 1s..5m") { text throws(Mismatch) in
            let limits = Duration.milliseconds(1)...Quantity.longest
            guard let dots = text.firstRange(of: "..") else {
                throw Mismatch("\(Quotation.of(text)) is not the way from one length of time to another: 1s..5m")
            }
            let first = try Quantity.duration(text[..<dots.lowerBound], within: limits)
            let last = try Quantity.duration(text[dots.upperBound...], within: limits)
            guard first <= last else {
                throw Mismatch("\(Quotation.of(text)) goes from the longer to the shorter")
            }
            return first...last
        }
    }
}

extension Reading<Int> {
    /// A size in bytes: `64KiB`, `100MB`, `2GB`.
    public static func size(_ limits: ClosedRange<Int> = 1...Int.max) -> Self {
        scalar(expecting: "a size, such as 100MB") { text throws(Mismatch) in
            try Quantity.size(text, within: limits)
        }
    }

    /// How much may wait in a queue, in bytes.
    static var queueSize: Self { size((1 << 16)...(1 << 40)) }
}

/// Numbers with units.
public enum Quantity {
    /// Ten years of 365 days: more than anybody waits, and less than what overflows.
    public static let longest = Duration.seconds(315_360_000)

    private static let durations: [(unit: String, length: Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
        ("d", .seconds(86_400)),
    ]

    /// In powers of 1000 as disks are sold (MB), or of 1024 (MiB), as IEC 80000-13 names them.
    private static let sizes: [(unit: String, bytes: Int)] = [
        ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    static func duration(
        _ text: some StringProtocol, within limits: ClosedRange<Duration>
    ) throws(Mismatch) -> Duration {
        guard let (number, unit) = split(text), let length = durations.first(where: { $0.unit == unit })?.length else {
            throw Mismatch(
                "\(Quotation.of(text)) is not a length of time; write a whole number and ms, s, m, h or d, such as 30s",
                suggestion: Int(text).map { "\($0)s" })
        }
        guard number <= 315_360_000_000, limits.contains(length * number) else {
            throw Mismatch(
                "\(Quotation.of(text)) is not between \(shown(limits.lowerBound)) and \(shown(limits.upperBound))")
        }
        return length * number
    }

    static func size(_ text: some StringProtocol, within limits: ClosedRange<Int>) throws(Mismatch) -> Int {
        guard let (number, unit) = split(text),
            let bytes = sizes.first(where: { $0.unit.lowercased() == unit.lowercased() })?.bytes
        else {
            throw Mismatch(
                "\(Quotation.of(text)) is not a size; write a whole number and B, kB, MB, GB, KiB, MiB or GiB, such as 100MB",
                suggestion: Int(text).map { "\($0)B" })
        }
        let (size, overflows) = number.multipliedReportingOverflow(by: bytes)
        guard !overflows, limits.contains(size) else {
            throw Mismatch("\(Quotation.of(text)) is not between \(limits.lowerBound) and \(limits.upperBound) bytes")
        }
        return size
    }

    /// The digits, and what follows them.
    private static func split<Text: StringProtocol>(_ text: Text) -> (number: Int, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (number, String(text[digits.endIndex...]))
    }

    /// A length of time in the largest unit that measures it.
    private static func shown(_ duration: Duration) -> String {
        func milliseconds(_ duration: Duration) -> Int64 {
            duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        }
        let total = milliseconds(duration)
        let fit = durations.last { total >= milliseconds($0.length) && total % milliseconds($0.length) == 0 }
        return fit.map { "\(total / milliseconds($0.length))\($0.unit)" } ?? "\(duration)"
    }
}
