/// The server's clock, as its answers tell it: `"timestamp":"2026-11-21T02:19:46Z"`.
///
/// How long a token lasts is counted by the clock that made it; ours may be wrong.
enum ServerTime {
    /// Reads a time in UTC.
    ///
    /// - Returns: seconds since the Unix epoch; `nil` when the text is of another form.
    static func unixSeconds(_ text: String) -> Int? {
        let fields = text.split(whereSeparator: { "-T:Z".contains($0) }).map { Int($0) }
        guard text.hasSuffix("Z"), fields.count == 6, let year = fields[0], let month = fields[1], let day = fields[2],
            let hour = fields[3], let minute = fields[4], let second = fields[5],
            (1970...9999).contains(year), (1...12).contains(month)
        else { return nil }
        // The year begins in March, so that the leap day is its last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
