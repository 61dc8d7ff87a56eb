import Glibc

/// What one step of an event's way costs, for the same events again and again.
///
///     micro-benchmark (scan|text|frames|batch|route|journal) FILE EVENTS
///
/// FILE holds one event a line. Prints one JSON object with the processor time of the work alone; what comes before it,
/// such as reading the file, does not count. Under callgrind, the difference between two numbers of events does the same.
@main struct MicroBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let name = StepName(rawValue: arguments[1]), let total = Int(arguments[3]),
            let events = lines(of: arguments[2]), !events.isEmpty
        else {
            let names = StepName.allCases.map(\.rawValue).joined(separator: "|")
            print("usage: micro-benchmark (\(names)) FILE EVENTS")
            exit(64)
        }
        let taken = try await name.measure(events, total: total)
        print(
            #"{"work":"\#(name.rawValue)","events":\#(total),"cpu_seconds":\#(taken.seconds),"result":\#(taken.result)}"#
        )
    }

    private static func lines(of path: String) -> [[UInt8]]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { text += piece[..<count] }
        return text.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}
