import Glibc
import Testing

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
    @Test func `nothing that was committed is lost by kills`() throws {
        var template = Array("/tmp/kazoo-subscribe-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        let directory = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        var trial = CrashTrial(directory: directory, executable: try Self.executable())
        for _ in 1...8 { try trial.kill() }
        try trial.finish()
        #expect(trial.appended > 0)
        CrashTrial.remove(directory)
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
