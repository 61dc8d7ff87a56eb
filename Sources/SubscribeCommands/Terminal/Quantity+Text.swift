/// Numbers as people read them.
extension Int {
    /// With a comma before every three digits: `1,234,567`.
    var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return self < 0 ? "-\(text)" : text
    }

    /// As a size, in bytes: `512 B`, `1.5 MB`.
    var formattedSize: String {
        var (value, unit) = (Double(self), "B")
        for next in ["kB", "MB", "GB", "TB"] where value >= 1000 { (value, unit) = (value / 1000, next) }
        let tenths = Int((value * 10).rounded(.down))
        return unit == "B" ? "\(self) B" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// With the name of what is counted, which takes an `s` for more or less than one.
    func counted(_ what: String) -> String { "\(grouped) \(what)\(self == 1 ? "" : "s")" }
}
