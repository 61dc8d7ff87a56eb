import Events
import Glibc

/// The time of day where the program runs: what people mean by `10:00`, and what they are shown.
struct WallClock: Sendable {
    /// By what time zone.
    enum Zone: Sendable {
        /// That of the machine, or of the variable `TZ`.
        case local
        /// So many seconds east of UTC, for tests.
        case fixed(Int)
    }

    /// A date and a time of day.
    struct Reading: Equatable, Sendable {
        var (year, month, day) = (1970, 1, 1)
        var (hour, minute, second) = (0, 0, 0)
        /// What the zone is called at that moment, such as `CET`.
        var zone = "UTC"
    }

    let zone: Zone

    /// What the clock shows at a moment.
    func reading(at moment: Timestamp) -> Reading {
        var seconds = time_t(moment.unixSeconds)
        var parts = tm()
        switch zone {
        case .local: localtime_r(&seconds, &parts)
        case .fixed(let offset):
            seconds += offset
            gmtime_r(&seconds, &parts)
        }
        return Reading(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec),
            zone: parts.tm_zone.map { String(cString: $0) } ?? "")
    }

    /// When the clock shows that; `nil` for days that do not exist. Of two moments, when clocks are set back, either.
    func moment(of reading: Reading) -> Timestamp? {
        var parts = tm()
        parts.tm_year = Int32(clamping: reading.year - 1900)
        parts.tm_mon = Int32(clamping: reading.month - 1)
        parts.tm_mday = Int32(clamping: reading.day)
        parts.tm_hour = Int32(clamping: reading.hour)
        parts.tm_min = Int32(clamping: reading.minute)
        parts.tm_sec = Int32(clamping: reading.second)
        // Whether clocks are set forward then is for the zone to say.
        parts.tm_isdst = -1
        let seconds: Int
        switch zone {
        case .local: seconds = mktime(&parts)
        case .fixed(let offset): seconds = timegm(&parts) - offset
        }
        // Both have mended what does not exist, such as the 31st of June.
        guard Int(parts.tm_mon) + 1 == reading.month, Int(parts.tm_mday) == reading.day else { return nil }
        return Timestamp(unixSeconds: seconds)
    }

    /// A moment as people read it, to the second: `2026-11-21 10:03:14`.
    func text(_ moment: Timestamp) -> String {
        let reading = reading(at: moment)
        return [(reading.year, 4), (reading.month, 2), (reading.day, 2)].map(Self.padded).joined(separator: "-")
            + " "
            + [(reading.hour, 2), (reading.minute, 2), (reading.second, 2)].map(Self.padded).joined(separator: ":")
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
