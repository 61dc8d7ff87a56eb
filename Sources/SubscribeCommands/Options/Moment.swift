import ArgumentParser
import Events
import Subscriber

/// A moment on the command line, as people say it: `10:00`, `2026-11-21`, `2h` ago.
enum Moment {
    /// How it may be written, for the help.
    static let forms = "10:00, 2026-11-21, 2026-11-21T10:00, 2026-11-21T10:00:00Z, or 2h for two hours ago"

    /// Reads a moment, by the clock of the machine.
    ///
    /// - Throws: what is wrong with it, for a person.
    @Sendable static func parse(_ text: String) throws -> Timestamp {
        guard let moment = moment(text, now: .now, clock: WallClock(zone: .local)) else {
            throw ValidationError("“\(text)” is not a moment; write \(forms)")
        }
        return moment
    }

    /// Reads a moment.
    ///
    /// - Returns: `nil` for what is none.
    static func moment(_ text: String, now: Timestamp, clock: WallClock) -> Timestamp? {
        switch text {
        case "now": return now
        case "today": return midnight(of: now, clock)
        // An hour before midnight is in the day before, however long that was.
        case "yesterday":
            return midnight(of: now, clock).flatMap { midnight(of: $0 - .seconds(3600), clock) }
        default: break
        }
        if let moment = Timestamp(text) { return moment }
        if let moment = date(text, clock) ?? time(text, now: now, clock) { return moment }
        return ago(text, now: now)
    }

    private static func midnight(of moment: Timestamp, _ clock: WallClock) -> Timestamp? {
        var reading = clock.reading(at: moment)
        (reading.hour, reading.minute, reading.second) = (0, 0, 0)
        return clock.moment(of: reading)
    }

    /// `2026-11-21`, with or without a time.
    private static func date(_ text: String, _ clock: WallClock) -> Timestamp? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == "t" || $0 == " " }
        guard let date = parts.first.flatMap({ numbers($0, "-", digits: [4, 2, 2]) }) else { return nil }
        guard let time = parts.count == 1 ? [0, 0, 0] : timeOfDay(parts[1]) else { return nil }
        return clock.moment(
            of: WallClock.Reading(
                year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1], second: time[2]))
    }

    /// `10:00`: the last time that it was so late.
    private static func time(_ text: String, now: Timestamp, _ clock: WallClock) -> Timestamp? {
        guard let time = timeOfDay(text[...]) else { return nil }
        var day = now
        for _ in 0..<2 {
            var reading = clock.reading(at: day)
            (reading.hour, reading.minute, reading.second) = (time[0], time[1], time[2])
            guard let moment = clock.moment(of: reading) else { return nil }
            if moment <= now { return moment }
            guard let midnight = midnight(of: day, clock) else { return nil }
            day = midnight - .seconds(3600)
        }
        return nil
    }

    /// `2h`.
    private static func ago(_ text: String, now: Timestamp) -> Timestamp? {
        // A number alone might mean anything.
        guard text.last?.isLetter == true else { return nil }
        return TimeSpan(argument: text).map { now - $0.duration }
    }

    private static func timeOfDay(_ text: Substring) -> [Int]? {
        guard
            let time = numbers(text, ":", digits: [2, 2, 2]) ?? numbers(text, ":", digits: [2, 2]).map({ $0 + [0] }),
            time[0] < 24, time[1] < 60, time[2] < 60
        else { return nil }
        return time
    }

    private static func numbers(_ text: Substring, _ separator: Character, digits: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.count) == digits, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            return nil
        }
        return parts.compactMap { Int($0) }
    }
}
