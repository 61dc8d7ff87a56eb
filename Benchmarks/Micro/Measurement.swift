import Glibc

/// What a step took.
struct Measurement {
    /// The processor time of the work alone, of all threads, in seconds.
    let seconds: Double
    /// What the work has come to.
    let result: Int

    init(of step: consuming some Step & ~Copyable, total: Int) async throws {
        let start = Self.processorTime
        result = try await step.run(total)
        seconds = Self.processorTime - start
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
