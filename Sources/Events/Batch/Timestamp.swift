/// A moment in Coordinated Universal Time, in whole microseconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var microseconds: Int64

    /// The Unix epoch in Kazoo's Gregorian seconds, which count from the year 0 (Erlang's `calendar`).
    public static let gregorianEpochOffset: Int64 = 62_167_219_200

    /// Creates a moment from microseconds since the Unix epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Creates a moment from seconds since the Unix epoch.
    public init(unixSeconds: Int) {
        microseconds = Int64(unixSeconds) * 1_000_000
    }

    /// Creates a moment from Kazoo's Gregorian seconds.
    ///
    /// - Returns: `nil` when the moment is out of range.
    public init?(gregorianSeconds: Int64) {
        let (seconds, tooEarly) = gregorianSeconds.subtractingReportingOverflow(Self.gregorianEpochOffset)
        let (microseconds, tooLate) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !tooEarly, !tooLate else { return nil }
        self.microseconds = microseconds
    }

    /// Seconds since the Unix epoch, rounded down, also before it.
    public var unixSeconds: Int { Int(Self.floorDivide(microseconds, 1_000_000).quotient) }

    /// The moment in Kazoo's Gregorian seconds, rounded down.
    public var gregorianSeconds: Int64 { Int64(unixSeconds) + Self.gregorianEpochOffset }

    /// The earlier moment is the smaller one.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The beginning of the next month, UTC.
    public var nextMonth: Timestamp {
        let today = Self.floorDivide(microseconds, 86_400_000_000).quotient
        // No month is longer than 31 days, and none begins twice within them.
        let day = (1...31).lazy.map { today + $0 }.first { Self.date(ofDay: $0).day == 1 } ?? today + 31
        return Timestamp(microseconds: day * 86_400_000_000)
    }

    /// RFC 3339 in UTC with microseconds, such as `2026-11-21T01:47:37.000125Z`.
    public var description: String {
        var output: [UInt8] = []
        encode(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the moment in RFC 3339, UTC, with microseconds: 27 bytes for the years 0 to 9999.
    public func encode(into output: inout [UInt8]) {
        let (days, timeOfDay) = Self.floorDivide(microseconds, 86_400_000_000)
        let (year, month, day) = Self.date(ofDay: days)
        Self.append(year, digits: 4, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &output)
        output.append(UInt8(ascii: "-"))
        Self.append(day, digits: 2, to: &output)
        output.append(UInt8(ascii: "T"))
        Self.appendTime(timeOfDay, fractionDigits: 6, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    /// Appends the time of day in UTC with milliseconds, such as `01:47:37.000`.
    func encodeTimeOfDay(into output: inout [UInt8]) {
        Self.appendTime(Self.floorDivide(microseconds, 86_400_000_000).remainder, fractionDigits: 3, to: &output)
    }

    // MARK: Calendar

    /// The proleptic Gregorian date of a day, counted from 1970-01-01.
    ///
    /// Years begin in March here, so that the leap day is the last one of a year; 400 of them have 146,097 days.
    static func date(ofDay daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func appendTime(_ microseconds: Int64, fractionDigits: Int, to output: inout [UInt8]) {
        let seconds = microseconds / 1_000_000
        append(seconds / 3_600, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        append(seconds / 60 % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        append(seconds % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: "."))
        let fraction = microseconds % 1_000_000
        append(fractionDigits == 6 ? fraction : fraction / 1_000, digits: fractionDigits, to: &output)
    }

    private static func append(_ number: Int64, digits: Int, to output: inout [UInt8]) {
        let text = String(abs(number))
        if number < 0 { output.append(UInt8(ascii: "-")) }
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, digits - text.utf8.count)))
        output.append(contentsOf: text.utf8)
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
