import Testing

@testable import Journal

@Suite struct RetentionPlanTests {
    private func step(
        _ retention: Retention, _ events: ClosedRange<UInt64>, used: Int = 0, cursor: UInt64? = nil,
        expired: UInt64? = nil, limit: Int = 1000
    ) -> RetentionPlan.Step? {
        RetentionPlan(retention: retention).step(
            for: RetentionPlan.Extent(events: events, usedBytes: used, lowestCursor: cursor, expired: expired),
            limit: limit)
    }

    @Test func `without bounds everything stays`() {
        #expect(step(Retention(), 1...1_000_000, used: 1 << 40, cursor: 1_000_000, expired: 999_999) == nil)
    }

    @Test func `age removes what is read`() {
        let age = Retention(age: .seconds(1))
        #expect(step(age, 5...100, expired: nil) == nil)
        #expect(step(age, 5...100, expired: 20) == .init(through: 20, isForced: false, hasMore: false))
        #expect(step(age, 5...100, cursor: 10, expired: 20) == .init(through: 10, isForced: false, hasMore: false))
        #expect(step(age, 5...100, cursor: 4, expired: 20) == nil)
    }

    @Test func `count removes what is read`() {
        let count = Retention(count: 30)
        #expect(step(count, 5...34) == nil)
        #expect(step(count, 5...35) == .init(through: 5, isForced: false, hasMore: false))
        #expect(step(count, 5...100, cursor: 50) == .init(through: 50, isForced: false, hasMore: false))
        #expect(step(count, 5...100) == .init(through: 70, isForced: false, hasMore: false))
        #expect(step(count, 1...3) == nil)
    }

    @Test func `size removes what it must`() {
        let size = Retention(size: 1600)
        #expect(step(size, 1...100, used: 1600, cursor: 0) == nil)
        // 2000 bytes in 100 events; 500 must go, so that a sixteenth is free.
        #expect(step(size, 1...100, used: 2000) == .init(through: 25, isForced: false, hasMore: false))
        #expect(step(size, 1...100, used: 2000, cursor: 25) == .init(through: 25, isForced: false, hasMore: false))
        #expect(step(size, 1...100, used: 2000, cursor: 24) == .init(through: 25, isForced: true, hasMore: false))
        #expect(step(size, 7...7, used: 1 << 20, cursor: 0) == .init(through: 7, isForced: true, hasMore: false))
    }

    @Test func `the strictest bound counts, and only size takes what is not read`() {
        let all = Retention(age: .seconds(1), size: 1600, count: 30)
        #expect(
            step(all, 1...100, used: 2000, cursor: 10, expired: 90)
                == .init(through: 25, isForced: true, hasMore: false))
        #expect(
            step(all, 1...100, used: 2000, cursor: 80, expired: 60)
                == .init(through: 70, isForced: false, hasMore: false))
    }

    @Test func `a step is short`() {
        let count = Retention(count: 1)
        #expect(step(count, 11...1000, limit: 100) == .init(through: 110, isForced: false, hasMore: true))
        #expect(step(count, 11...111, limit: 100) == .init(through: 110, isForced: false, hasMore: false))
    }
}

@Suite struct SpacePlanTests {
    @Test func `some pages stay`() {
        #expect(SpacePlan.step(pages: 10_000, freePages: 4096, limit: nil) == 0)
        #expect(SpacePlan.step(pages: 10_000, freePages: 4100, limit: nil) == 4)
        #expect(SpacePlan.step(pages: 100_000, freePages: 12_500, limit: nil) == 0)
        #expect(SpacePlan.step(pages: 100_000, freePages: 90_000, limit: nil) == SpacePlan.stepLimit)
    }

    @Test func `a file that is too large gives back what it can`() {
        #expect(SpacePlan.step(pages: 1000, freePages: 100, limit: 1000) == 0)
        #expect(SpacePlan.step(pages: 1000, freePages: 100, limit: 950) == 50)
        #expect(SpacePlan.step(pages: 1000, freePages: 100, limit: 10) == 100)
    }
}

@Suite struct LogBoundTests {
    /// Whether the log is moved after each commit that leaves it so long; it is moved where it should be.
    private func moves(_ lengths: [Int]) -> [Bool] {
        var bound = LogBound(threshold: long)
        return lengths.map { pages in
            let isDue = bound.isDue(pages: pages)
            if isDue { bound.wasMoved() }
            return isDue
        }
    }

    private let long = 100

    @Test func `a log that can begin anew is moved when it is long`() {
        #expect(moves([long - 1, long, 3, long - 1, long]) == [false, true, false, false, true])
    }

    @Test func `a log that cannot begin anew is moved now and then`() {
        #expect(moves([long, long + 10, 2 * long - 1, 2 * long]) == [true, false, false, true])
    }

    @Test func `a log that should have begun anew is overdue, and at some time long`() {
        var bound = LogBound(threshold: long)
        for (pages, isOverdue, isLong) in [
            (2 * long - 1, false, false), (2 * long, true, false), (16 * long, true, true), (3, false, false),
        ] {
            _ = bound.isDue(pages: pages)
            #expect(bound.isOverdue == isOverdue && bound.isLong == isLong, "\(pages) pages")
        }
    }

    @Test func `where it was waited in vain, it is waited again when the log has doubled`() {
        var bound = LogBound(threshold: long)
        for (pages, isOverdue) in [
            (3 * long, true), (6 * long - 1, false), (6 * long, true), (12 * long, true), (3, false), (2 * long, true),
        ] {
            _ = bound.isDue(pages: pages)
            #expect(bound.isOverdue == isOverdue, "\(pages) pages")
            if bound.isOverdue { bound.waitedInVain() }
        }
    }
}
