import Events
import Glibc

/// A moment as clocks on the wall show it, by the time zone of the machine or the variable `TZ`.
struct LocalTime {
    private let seconds: Int
    private var parts = tm()

    init(_ moment: Timestamp) {
        seconds = moment.unixSeconds
        var seconds = time_t(seconds)
        localtime_r(&seconds, &parts)
    }

    /// How many whole intervals have passed since 1970 on the wall; changes at midnight for `1d`.
    ///
    /// - Parameter interval: in seconds, at least 1.
    func period(of interval: Int) -> Int {
        (seconds + parts.tm_gmtoff) / interval
    }

    /// Fills in the conversions of `strftime(3)`; `nil` when the result is empty or longer than a path can be.
    func formatted(_ format: String) -> String? {
        var parts = parts
        let text = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, $0.count, format, &parts) }
        }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }
}
