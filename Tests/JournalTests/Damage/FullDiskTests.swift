import Events
import Glibc
import Testing

@testable import Journal

@Suite(.enabled(if: SmallDisk.isPossible), .timeLimit(.minutes(1))) struct FullDiskTests {
    private let told = Told()

    private func open(_ disk: String, bufferLimit: Int = 64 << 20) async throws -> Journal {
        try await Journal.open(
            JournalConfiguration(
                path: "\(disk)/journal.sqlite", commitInterval: .milliseconds(5),
                cursorInterval: .milliseconds(10), bufferLimit: bufferLimit), notify: told.add)
    }

    /// Fills what is left of a disk.
    private func fill(_ disk: SmallDisk) throws -> String {
        let path = "\(disk.path)/ballast"
        let file = try #require(fopen(path, "w"))
        let block = [UInt8](repeating: 1, count: 4096)
        while fwrite(block, 1, block.count, file) == block.count, fflush(file) == 0 {}
        fclose(file)
        return path
    }

    @Test func `events wait in memory while the disk is full`() async throws {
        let disk = try SmallDisk(size: 4 << 20)
        let journal = try await open(disk.path)
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...10))
        try await journal.flush()
        let ballast = try fill(disk)
        for first in stride(from: 11, to: 300, by: 10) { journal.append(try calls(first...(first + 9), length: 2000)) }
        try await eventually("it is told") { journal.counts.isSuspended }
        guard case .suspended(let error) = told.all.first else {
            Issue.record("what was told: \(told.all)")
            return
        }
        #expect(error.kind == .full, "\(error)")
        await #expect(throws: JournalError.self) { try await journal.flush() }
        #expect(journal.counts.dropped == 0)

        unlink(ballast)
        var numbers: [Int] = []
        while numbers.last != 300, let batch = await reader.next(limit: 1 << 20) {
            numbers += batch.numbers
            reader.acknowledge(through: batch.last?.sequence ?? 0)
        }
        #expect(numbers == Array(1...300), "nothing is lost, and nothing is doubled")
        #expect(!journal.counts.isSuspended)
        guard case .resumed = told.all.last else {
            Issue.record("what was told: \(told.all)")
            return
        }
        await journal.close()
    }

    @Test func `what memory cannot hold is a gap in its place`() async throws {
        let disk = try SmallDisk(size: 4 << 20)
        let journal = try await open(disk.path, bufferLimit: 1 << 18)
        let reader = try await journal.reader("archive", from: .now)
        journal.append(try calls(1...10))
        try await journal.flush()
        let ballast = try fill(disk)
        for first in stride(from: 11, to: 1010, by: 10) { journal.append(try calls(first...(first + 9), length: 2000)) }
        try await eventually("it is told") { journal.counts.isSuspended }
        let dropped = journal.counts.dropped
        #expect(dropped > 500)
        #expect(journal.counts.waitingMemory <= 1 << 18)

        unlink(ballast)
        try await eventually("the disk is used again") { !journal.counts.isSuspended }
        journal.append(try calls(2000...2000))
        var numbers: [Int] = []
        while numbers.last != 2000, let batch = await reader.next(limit: 1 << 20) { numbers += batch.numbers }
        let kept = numbers.filter { $0 > 0 }
        #expect(kept == Set(kept).sorted(), "in order, and none twice")
        #expect(kept.count - 1 + dropped == 1010)
        // One, unless the log had room for a commit more before the disk was full.
        let gaps = told.all.compactMap { if case .dropped(let gap) = $0 { gap.events } else { nil } }
        #expect(gaps.reduce(0, +) == dropped)
        #expect(numbers.count { $0 == -1 } == gaps.count)
        #expect(numbers.suffix(2) == [-1, 2000])
        await journal.close()
    }

    @Test func `at the end it is told what could not be written`() async throws {
        let disk = try SmallDisk(size: 4 << 20)
        let journal = try await open(disk.path)
        let ballast = try fill(disk)
        for first in stride(from: 1, to: 300, by: 10) { journal.append(try calls(first...(first + 9), length: 2000)) }
        try await eventually("it is told") { journal.counts.isSuspended }
        await journal.close(within: .milliseconds(50))
        let lost = told.all.compactMap { if case .lost(let events) = $0 { events } else { nil } }.reduce(0, +)
        #expect(lost > 0)
        try #require(unlink(ballast) == 0)
        let kept = try Database(path: "\(disk.path)/journal.sqlite", .readOnly).integer("SELECT count(*) FROM events")
        #expect(Int(kept ?? -1) + lost == 300)
    }

    @Test func `a repair waits for room, and gives nothing up before`() async throws {
        let disk = try SmallDisk(size: 4 << 20)
        let first = try await open(disk.path)
        first.append(try calls(1...500, length: 1000))
        await first.close()
        let file = Glibc.open("\(disk.path)/journal.sqlite", O_WRONLY)
        let garbage = [UInt8](repeating: 0x58, count: 4096)
        try #require(pwrite(file, garbage, garbage.count, 0) == garbage.count)
        close(file)
        let ballast = try fill(disk)

        let journal = try await open(disk.path)
        try await eventually("it is told") { journal.counts.isSuspended }
        guard case .repairing(let damage)? = told.all.first, case .suspended(let error)? = told.all.dropFirst().first
        else {
            Issue.record("what was told: \(told.all)")
            return
        }
        #expect(damage.kind == .damaged, "\(damage)")
        #expect(error.kind == .full, "\(error)")
        try #require(unlink(ballast) == 0)
        journal.append(try calls(501...501))
        try await eventually("everything is there") { journal.lastSequence == 501 }
        let repairs = told.all.compactMap { if case .repaired(let repair) = $0 { repair.events } else { nil } }
        #expect(repairs == [500])
        await journal.close()
    }

    @Test func `a file system that may only be read is refused with what to do`() async throws {
        let disk = try SmallDisk(size: 1 << 20, isReadOnly: true)
        let error = await #expect(throws: JournalError.self) { _ = try await open(disk.path) }
        #expect(error?.kind == .readOnly)
        #expect(
            error?.description.hasSuffix(
                "Read-only file system; the user that runs the program must be allowed to write the file and its "
                    + "directory") == true)
    }
}
