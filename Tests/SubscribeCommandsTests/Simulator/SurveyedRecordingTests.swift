import Foundation
import KazooSimulator
import Testing

@testable import SubscribeCommands

/// What is said of a recording before it is played, and why one is refused.
@Suite struct SurveyedRecordingTests {
    private static let account = "009afc511c97b2ae693c6cc4920988e8"
    private static let event =
        #"{"action":"event","name":"N","routing_key":"call.\#(account).N.x","data":{"msg_id":"m"}}"#

    private static func envelope(_ time: String) -> String { #"{"received_at":"\#(time)","event":\#(event)}"# }

    /// Does something with a file, which is gone afterwards.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path)
    }

    private func withFile<Result>(_ lines: [String], _ body: (String) throws -> Result) throws -> Result {
        try withFile(Array(lines.map { $0 + "\n" }.joined().utf8), body)
    }

    /// What is said of a recording, without the path of its file.
    private func said(
        of lines: [String], _ pace: RecordedStory.Pace = .recorded(speed: 1, rate: 5)
    ) throws -> [String] {
        let log = LogLines()
        return try withFile(lines) { path in
            try SurveyedRecording(path, logger: log.logger).describe(pace, to: log.logger)
            return log.all.map { $0.replacingOccurrences(of: path, with: "FILE") }
        }
    }

    /// Why a file is refused, without its path, and with which exit code.
    private func refusal(of path: String) -> String {
        do {
            _ = try SurveyedRecording(path, logger: LogLines().logger)
            return "not refused"
        } catch {
            return "\(error.exitCode): " + error.description.replacingOccurrences(of: path, with: "FILE")
        }
    }

    @Test func `it says how many events there are, of whom, and what is left out`() throws {
        let lines = [
            Self.envelope("2026-11-21T01:00:00Z"), #"{"action":"gap"}"#, "damaged", #"{"action":"gap"}"#,
            #"{"action":"event"}"#, Self.envelope("2026-11-21T09:12:59Z"),
        ]
        #expect(
            try said(of: lines) == [
                "FILE: line 3: not JSON: unexpected byte at offset 0",
                "FILE has 2 events of 1 account in 8 h 12 min",
                "account Acme has the id \(Self.account) and 2 events",
                "left out: 2 gaps, 1 incomplete event, 1 unusable line",
            ])
    }

    @Test(arguments: [
        ("01:00:07.25", "7.3 s"), ("01:01:59", "119.0 s"), ("01:02:00", "2 min"), ("02:59:59", "119 min"),
    ])
    func `it says how long it takes to play`(end: String, length: String) throws {
        let lines = [Self.envelope("2026-11-21T01:00:00Z"), Self.envelope("2026-11-21T\(end)Z")]
        #expect(try said(of: lines)[0] == "FILE has 2 events of 1 account in \(length)")
    }

    @Test func `it says so when the times are not known`() throws {
        #expect(
            try said(of: [Self.event])[0]
                == "FILE has 1 event of 1 account without their times, for 5 a second")
        #expect(try said(of: [Self.event], .even(rate: 0.5))[0] == "FILE has 1 event of 1 account, for 0.5 a second")
    }

    @Test func `of many unusable lines only the first are named`() throws {
        let said = try said(of: Array(repeating: "damaged", count: 100) + [Self.event])
        #expect(said.count { $0.contains("not JSON") } == 5)
        #expect(said.last == "left out: 100 unusable lines")
    }

    @Test(arguments: [
        ("/nowhere", "74: cannot read FILE: No such file or directory"),
        ("/usr", "74: cannot read FILE: Is a directory"),
        ("/dev/null", "74: FILE is no regular file: a recording is read more than once"),
    ])
    func `what is no file that can be read is refused`(path: String, words: String) {
        #expect(refusal(of: path) == words)
    }

    @Test func `a compressed recording is to be unpacked first`() throws {
        let words = try withFile([0x1F, 0x8B, 0x08, 0x00]) { refusal(of: $0) }
        #expect(words == "65: FILE is compressed: unpack it with gunzip")
    }

    @Test(arguments: [
        ([], "65: FILE is empty: it holds no recorded events"),
        ([""], "65: FILE holds no events that can be played"),
        (["x", "{"], "65: FILE holds no events that can be played: line 1: not JSON: unexpected byte at offset 0"),
        (
            [#"{"specversion":"1.0"}"#],
            "65: FILE: line 1: a CloudEvents line does not hold the whole event; record with --output envelope or raw"
        ),
    ])
    func `what holds no events is refused`(lines: [String], words: String) throws {
        #expect(try withFile(lines) { refusal(of: $0) } == words)
    }
}
