import Events
import Foundation
import Testing

@testable import SubscribeCommands

@Suite struct RecordingSourceTests {
    private final class Complaints {
        var lines: [String] = []
    }

    private let complaints = Complaints()

    private static func envelope(_ number: Int, second: Int) -> String {
        #"{"seq":\#(number),"received_at":"2026-11-21T10:00:0\#(second).000000Z","id":null,"account_id":null,"#
            + #""connection":"a","event":{"action":"event","name":"n\#(number)","data":{}}}"#
    }

    /// The names of the events of a recording.
    private func names(_ text: String, _ choice: RecordingSource.Choice = .init()) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID().uuidString)")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var source = try RecordingSource(path: file.path, choice) { [complaints] in
            complaints.lines.append($0.replacingOccurrences(of: file.path, with: "FILE"))
        }
        var names: [String] = []
        while let batch = try source.next() { names += batch.map { $0.name ?? "-" } }
        #expect(source.fraction == 1)
        return names
    }

    private static let day = (1...5).map { envelope($0, second: $0) + "\n" }.joined()

    @Test func `a recording is read, the last line without its newline, too`() throws {
        #expect(try names(Self.day) == ["n1", "n2", "n3", "n4", "n5"])
        #expect(try names(String(Self.day.dropLast())) == ["n1", "n2", "n3", "n4", "n5"])
        #expect(try names("") == [])
        #expect(complaints.lines == [])
    }

    @Test func `an interval of it`() throws {
        let choice = RecordingSource.Choice(
            since: Timestamp("2026-11-21T10:00:02Z"), until: Timestamp("2026-11-21T10:00:04Z"), needsTimes: true)
        #expect(try names(Self.day, choice) == ["n2", "n3"])
    }

    @Test func `lines without a time do for whoever needs none`() throws {
        let raw = #"{"action":"event","name":"n","data":{}}"# + "\n"
        #expect(try names(raw) == ["n"])
        let error = #expect(throws: UsageError.self) {
            _ = try names(raw, RecordingSource.Choice(needsTimes: true))
        }
        #expect(error?.description.contains("record with --output envelope") == true)
        #expect(error?.exitCode == 65)
    }

    @Test func `lines that are no events are left out, and said to be`() throws {
        #expect(try names("no JSON\n" + Self.day + #"{"name":"#) == ["n1", "n2", "n3", "n4", "n5"])
        #expect(
            complaints.lines == [
                "FILE: line 1: not JSON: unexpected byte at offset 0; it is left out",
                "FILE: line 7: the recording ends in the middle of this line; it is left out",
            ])
    }

    @Test func `many of them are counted`() throws {
        #expect(try names(String(repeating: "?\n", count: 50) + Self.day).count == 5)
        #expect(complaints.lines.count == 11)
        #expect(complaints.lines.last == "FILE: 50 lines in all are left out")
    }

    @Test(arguments: [
        ("what is this?\n", "there is not one event in it"),
        (#"{"specversion":"1.0","id":"a","data":{}}"# + "\n", "record with --output envelope or raw"),
    ])
    func `what holds no events is refused`(_ text: String, _ words: String) throws {
        let error = #expect(throws: UsageError.self) { _ = try names(text) }
        #expect(error?.description.contains(words) == true)
        #expect(error?.exitCode == 65)
    }

    @Test(arguments: [("/nonexistent", "No such file or directory"), ("/", "Is a directory")])
    func `there may be nothing to read`(_ path: String, _ words: String) throws {
        let error = #expect(throws: UsageError.self) { _ = try RecordingSource(path: path, .init()) { _ in } }
        #expect(error?.description == "cannot read \(path): \(words)")
        #expect(error?.exitCode == 74)
    }
}
