import Glibc

/// The resident memory of this process, looked at now and then; in bytes.
struct Memory {
    /// What was seen, the first at the beginning.
    private(set) var looks: [Int] = []

    /// Begins, and forgets the peak of what was before.
    init() {
        if let file = fopen("/proc/self/clear_refs", "w") {
            fputs("5", file)
            fclose(file)
        }
        look()
    }

    /// Looks at it now.
    mutating func look() { looks.append(Self.value(of: "VmRSS:")) }

    /// The most since the beginning.
    static var peak: Int { value(of: "VmHWM:") }

    private static func value(of name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix(name) else { continue }
            return (text.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
        }
        return 0
    }
}
