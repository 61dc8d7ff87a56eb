/// The server's clock, as its answers tell it: `"timestamp":"2026-11-21T02:19:46Z"`.
///
/// How long a token lasts is counted by the clock that made it; ours may be wrong.
enum ServerTime {
    /// Reads a time in UTC.
    ///
    /// - Returns: seconds since the Unix epoch; `nil` when the text is of another form.
    static func unixSeconds(_ text: String) -> Int? {
        let form = Array("0000-00-00T00:00:00Z".utf8)
        let characters = Array(text.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard characters.count == form.count,
            zip(characters, form).allSatisfy({ digits.contains($1) ? digits.contains($0) : $0 == $1 })
        else { return nil }
        func number(_ positions: Range<Int>) -> Int {
            characters[positions].reduce(0) { $0 * 10 + Int($1 - digits.lowerBound) }
        }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard year >= 1970, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        // The year begins in March, so that the leap day is its last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
