import Foundation

/// What a running program holds of the system's resources.
struct ProcessResources {
    /// What its open file descriptors stand for, sorted: `socket`, `pipe`, a path.
    let descriptors: [String]
    let threads: Int
    /// Memory in main storage, in kilobytes.
    let resident: Int
    /// That part of it which is the program's own, in kilobytes: without the code, whose pages come and go.
    let anonymous: Int

    init(of program: RunningProgram) throws {
        let directory = "/proc/\(program.processID)"
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/fd").compactMap { number in
            // One that was closed since the list was made has no target any more.
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/fd/\(number)")
            return target?.split(separator: ":[").first.map(String.init)
        }
        // Which it reads for a moment after each readiness, to give its code pages back.
        .filter { !$0.hasSuffix("/maps") }.sorted()
        threads = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/task").count
        let status = try String(contentsOfFile: "\(directory)/status", encoding: .utf8)
        func kilobytes(_ name: String) throws -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
                throw Unmet("no \(name) in \(status)")
            }
            return number
        }
        resident = try kilobytes("VmRSS")
        anonymous = try kilobytes("RssAnon")
    }
}
