import ArgumentParser

/// A length of time on the command line: a number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`.
struct TimeSpan: ExpressibleByArgument, Equatable {
    var duration: Duration

    init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        let unit = units.first { argument.hasSuffix($0.0) }
        let digits = argument.dropLast(unit?.0.count ?? 0)
        // Ten years are more than anybody waits, and less than what overflows.
        guard let first = digits.first, first.isNumber || first == ".", let number = Double(digits),
            number >= 0, number * (unit?.1 ?? 1) <= 315_576_000
        else { return nil }
        duration = .seconds(number * (unit?.1 ?? 1))
    }
}
