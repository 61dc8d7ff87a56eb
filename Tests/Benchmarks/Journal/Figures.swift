import Glibc

/// What something took.
struct Figures: CustomStringConvertible {
    var seconds: Double
    /// Of all threads, in the program and in the system.
    var processorSeconds: Double

    var description: String {
        let rate = Int(Double(JournalBenchmark.events) / seconds)
        return "\(rate) events/s, \(seconds) s, \(processorSeconds) s of processor time"
    }

    static func of(_ work: () throws -> Void) rethrows -> Figures {
        let (start, used) = (ContinuousClock.now, processorTime())
        try work()
        return Figures(seconds: (ContinuousClock.now - start) / .seconds(1), processorSeconds: processorTime() - used)
    }

    static func of(_ work: () async throws -> Void) async rethrows -> Figures {
        let (start, used) = (ContinuousClock.now, processorTime())
        try await work()
        return Figures(seconds: (ContinuousClock.now - start) / .seconds(1), processorSeconds: processorTime() - used)
    }

    private static func processorTime() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
