/// Decides when memory that a backlog has held is given back to the system.
///
/// The allocator keeps what was freed, a heap for each thread. After an overload that was measured to be three times what
/// the program needs, for as long as it runs. A value without IO.
struct MemoryRelief: Sendable {
    /// How much must have waited for that to be worth it, in bytes.
    static let worth = 16 << 20

    private var most = 0

    /// - Parameter memory: how much events hold that are not committed, in bytes.
    /// - Returns: whether a backlog is over, and what it has held is free.
    mutating func isDue(memory: Int) -> Bool {
        most = max(most, memory)
        guard most >= Self.worth, memory <= most / 8 else { return false }
        most = memory
        return true
    }
}
