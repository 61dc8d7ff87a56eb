/// A date and time in UTC, worked out without a calendar library.
struct CivilDate: Equatable, Sendable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
    /// 0 is Sunday.
    var weekday: Int

    /// The date of a Unix time, by Howard Hinnant's `civil_from_days`.
    init(unixSeconds: Int64) {
        let days = Int((unixSeconds - (unixSeconds % 86400 + 86400) % 86400) / 86400)
        let rest = Int((unixSeconds % 86400 + 86400) % 86400)
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = ((days + 4) % 7 + 7) % 7
    }

    /// `202611`, the suffix of a database that holds one month.
    var yearMonth: String { String(year) + Self.two(month) }

    /// `2026-11-21T02:18:13Z`.
    var iso8601: String {
        "\(year)-\(Self.two(month))-\(Self.two(day))T\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second))Z"
    }

    /// `Sat, 21 Nov 2026 02:18:13 GMT`, as HTTP's `date` header wants it.
    var httpDate: String {
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = "\(Self.two(hour)):\(Self.two(minute)):\(Self.two(second))"
        return "\(weekdays[weekday]), \(Self.two(day)) \(months[month - 1]) \(year) \(time) GMT"
    }

    /// How many seconds remain until the first second of the next month.
    var secondsUntilNextMonth: Int64 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let daysLeft = lengths[month - 1] - day
        return Int64(daysLeft * 86400 + 86400 - hour * 3600 - minute * 60 - second)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
