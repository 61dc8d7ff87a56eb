import Glibc
import Testing
import Threads

@testable import trials

@Suite struct CrashVerdictTests {
    @Test func `what came again after a kill is no fault`() {
        #expect(
            CrashVerdict.faults(of: "c", log: ["start", "1", "2", "3", "start", "start", "2", "3", "4"], last: 4) == [])
    }

    @Test func `what came twice in one life is`() {
        #expect(
            CrashVerdict.faults(of: "c", log: ["start", "1", "2", "2"], last: 2)
                == ["c: 2 came after 2 without a kill between them"])
    }

    @Test func `what was skipped is`() {
        #expect(CrashVerdict.faults(of: "c", log: ["start", "1", "3"], last: 3).count == 2)
        #expect(CrashVerdict.faults(of: "c", log: ["start", "1", "start", "3"], last: 3).count == 2)
        #expect(
            CrashVerdict.faults(of: "c", log: ["start", "1"], last: 3) == ["c: 2 were never delivered, such as 2"])
        #expect(CrashVerdict.faults(of: "c", log: [], last: 0) == [])
    }

    @Test func `what is buried is not delivered`() {
        #expect(CrashVerdict.faults(of: "c", log: ["start", "1", "3"], last: 4, buried: [2, 4]) == [])
        #expect(
            CrashVerdict.faults(of: "c", log: ["start", "1", "2"], last: 2, buried: [2])
                == ["c: 2 was delivered and buried"])
    }

    @Test func `cursors do not move back`() {
        #expect(CrashVerdict.faults(cursors: ["a": 5, "b": 1], before: ["a": 5]) == [])
        #expect(
            CrashVerdict.faults(cursors: ["a": 4], before: ["a": 5, "b": 2]) == [
                "a: its cursor moved back from 5 to 4", "b: its cursor moved back from 2 to nothing",
            ])
    }
}

/// The short form of `make crash-test`.
@Suite(.timeLimit(.minutes(2))) struct CrashTests {
    @Test func `nothing that was committed is lost by kills`() async throws {
        let executable = try Self.executable()
        // It waits for processes: not on the threads that tests share.
        let appended = await BlockingThread.run("crash") {
            Result { try Self.appended(by: executable) }
        }
        #expect(try appended.get() > 0)
    }

    /// How many events were appended between the kills.
    private static func appended(by executable: String) throws -> Int {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TrialFailure("there is no room for a trial") }
        let directory = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        var trial = CrashTrial(directory: directory, executable: executable)
        for _ in 1...8 { try trial.kill() }
        try trial.finish()
        CrashTrial.remove(directory)
        return trial.appended
    }

    /// The program stands beside the tests.
    private static func executable() throws -> String {
        let resolved = try #require(realpath("/proc/self/exe", nil))
        defer { free(resolved) }
        let path = String(cString: resolved)
        let slash = try #require(path.utf8.lastIndex(of: UInt8(ascii: "/")))
        return "\(path[..<slash])/trials"
    }
}
