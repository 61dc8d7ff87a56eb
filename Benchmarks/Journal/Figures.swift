import Glibc

/// What some work took; prints as JSON.
struct Figures: CustomStringConvertible {
    private var members: [(name: String, value: String)] = []

    /// Measures some work, with the memory before and after it.
    ///
    /// - Parameter work: told how much memory there is whenever it looks, such as in the middle of everything.
    static func of(_ work: (inout Memory) async throws -> Void) async rethrows -> Figures {
        var memory = Memory()
        let (start, used) = (ContinuousClock.now, processorTime)
        try await work(&memory)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let processor = processorTime - used
        memory.look()
        var figures = Figures()
        figures.add("seconds", seconds)
        figures.add("cpu_seconds", processor)
        figures.add("memory", "[\(memory.looks.map(String.init).joined(separator: ","))]")
        figures.add("peak_memory", Memory.peak)
        return figures
    }

    /// Adds a figure.
    mutating func add(_ name: String, _ value: some CustomStringConvertible) {
        members.append((name, value.description))
    }

    var description: String {
        "{" + members.map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",") + "}"
    }

    /// Of all threads, in the program and in the system.
    private static var processorTime: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
