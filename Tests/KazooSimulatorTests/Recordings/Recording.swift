import Events
import FoundationEssentials

@testable import KazooSimulator

/// One recorded scenario of real Kazoo: what a client sent, what the server answered.
struct Recording {
    /// One line of the recording.
    struct Line {
        /// Who speaks.
        enum Direction: String { case out, `in`, note }

        var direction: Direction
        /// Seconds since the recording began.
        var time: Double
        var connection: String
        var json: JSONValue

        subscript(key: String) -> JSONValue? { json[key] }
    }

    let flavour: KazooFlavour
    let name: String
    let lines: [Line]

    init(_ flavour: KazooFlavour, _ name: String) throws {
        self.flavour = flavour
        self.name = name
        let path = Fixtures.folder + "/transcripts/\(flavour.rawValue)/\(name).jsonl"
        lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            let json = try JSONValue(parsing: line)
            let time = if case .number(let text) = json["t"] { Double(text) ?? 0 } else { 0.0 }
            return Line(
                direction: Line.Direction(rawValue: json["dir"]?.string ?? "") ?? .note, time: time,
                connection: json["conn"]?.string ?? json["name"]?.string ?? "", json: json)
        }
    }

    /// The date of the first response that has one, in seconds since 1970.
    var began: Int64 {
        for line in lines {
            let head = line["http"]?.string ?? ""
            if let date = line["headers"]?["date"]?.string ?? Self.header("date", in: head),
                let seconds = Self.unixSeconds(httpDate: date)
            {
                return seconds
            }
        }
        return 1_795_225_000
    }

    private static func header(_ name: String, in head: String) -> String? {
        let line = head.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name): ") }
        return line.map { String($0.dropFirst(name.count + 2)) }
    }

    /// Reads `Sat, 21 Nov 2026 01:47:26 GMT`.
    private static func unixSeconds(httpDate: String) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = httpDate.split(separator: " ").map(String.init)
        guard words.count == 6, let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: words[2])
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3 else { return nil }
        let time: Int64 = clock[0] * 3600 + clock[1] * 60 + clock[2]
        return days(year, month + 1, day) * 86400 + time
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return Int64(shifted * 365 + leapDays + dayOfYear - 719_468)
    }
}

/// Where the recordings lie.
enum Fixtures {
    static let folder: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/Fixtures/kazoo"
    }()

    /// The names of the scenarios recorded of a flavour.
    static func transcripts(_ flavour: KazooFlavour) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/transcripts/\(flavour.rawValue)")
            .filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
    }

    /// The recorded event frames of a flavour, as they came, by the names of their files.
    static func frames(_ flavour: KazooFlavour) throws -> [String] {
        let folder = folder + "/events/\(flavour.rawValue)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".json") }
            .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    }

    /// The recorded event frames of a flavour, by name.
    static func events(_ flavour: KazooFlavour) throws -> [String: JSONValue] {
        let folder = folder + "/events/\(flavour.rawValue)"
        var events: [String: JSONValue] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".json") {
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            events[String(file.dropLast(5))] = try JSONValue(parsing: text)
        }
        return events
    }
}
