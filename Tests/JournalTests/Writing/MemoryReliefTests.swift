import Testing

@testable import Journal

@Suite struct MemoryReliefTests {
    private let worth = MemoryRelief.worth

    /// Whether memory is given back after each commit that leaves so much waiting.
    private func isDue(_ memory: [Int]) -> [Bool] {
        var relief = MemoryRelief()
        return memory.map { relief.isDue(memory: $0) }
    }

    @Test func `memory is given back once a backlog is over`() {
        #expect(isDue([0, worth, worth / 2, worth / 8, 0]) == [false, false, false, true, false])
    }

    @Test func `what waits in the course of things is no backlog`() {
        #expect(isDue([worth - 1, 0, worth - 1, 0]) == [false, false, false, false])
    }

    @Test func `the next backlog counts anew`() {
        #expect(isDue([4 * worth, 0, worth - 1, 0, worth, 0]) == [false, true, false, false, false, true])
    }
}
