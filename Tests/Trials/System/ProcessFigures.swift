import Glibc

/// What a process holds, from `/proc`.
struct ProcessFigures: Equatable, Sendable {
    /// Open descriptors.
    let descriptors: Int
    /// Threads.
    let threads: Int
    /// Resident memory, in kilobytes.
    let residentKilobytes: Int

    /// Looks at a process.
    ///
    /// - Parameter process: its id, or `self`. Of this process the descriptor that lists the descriptors is counted, too.
    init(of process: String = "self") throws {
        let status = try Self.read("/proc/\(process)/status")
        threads = try Self.number("Threads:", in: status)
        residentKilobytes = try Self.number("VmRSS:", in: status)
        guard let directory = opendir("/proc/\(process)/fd") else {
            throw TrialFailure("the descriptors of process \(process) cannot be listed")
        }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        descriptors = count
    }

    private static func number(_ name: String, in status: String) throws -> Int {
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            if let number = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
                return number
            }
        }
        throw TrialFailure("the status of the process does not tell \(name)")
    }

    private static func read(_ path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw TrialFailure("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = Glibc.read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
