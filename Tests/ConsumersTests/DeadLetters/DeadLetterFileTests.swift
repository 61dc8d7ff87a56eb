import Events
import Glibc
import TestSupport
import Testing

@testable import Consumers

@Suite(.timeLimit(.minutes(10))) struct DeadLetterFileTests {
    private let folder: TemporaryFolder
    private let file: DeadLetterFile
    private static let failure = ConsumerFailure(
        .retryWithinLimit, "it ended with exit status 3", exitStatus: 3, standardError: "no such user\n\u{0}ü")

    init() throws {
        folder = try TemporaryFolder()
        file = DeadLetterFile(consumer: "new-users", directory: folder.path)
    }

    private func keep(_ texts: String...) async throws {
        for text in texts { try await file.keep(try events(text, firstSequence: 42), attempts: 5, Self.failure) }
    }

    private func letters() throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        try file.read {
            letters.append($0)
            return true
        }
        return letters
    }

    @Test func `what is kept is read again`() async throws {
        let event = #"{ "name":"X\n$(reboot)","data":{"id":1e3,"msg_id":"m"},"routing_key":"r" }"#
        try await keep(event, "{}")
        let letters = try letters()
        #expect(letters.count == 2)
        let letter = try #require(letters.first)
        #expect(letter.event.map { String(decoding: $0, as: UTF8.self) } == event, "byte for byte")
        #expect(letter.consumer == "new-users")
        #expect(letter.attempts == 5)
        #expect(letter.reason == Self.failure.description)
        #expect(letter.exitStatus == 3)
        #expect(letter.standardError == Self.failure.standardError)
        #expect(letter.batch?.first?.eventID == "m+r")
        #expect(letter.batch?.first?.sequence == 42)
        #expect(letter.batch?.receivedAt == Timestamp(microseconds: 1_795_225_657_000_125))
        #expect(letter.id != letters[1].id && letter.id.utf8.count == 10)
        #expect(abs(letter.time.microseconds - Timestamp.now.microseconds) < 60_000_000)
        let lines = try #require(folder.text("new-users.ndjson")).split(separator: "\n")
        #expect(lines.count == 2, "a line each")
        for line in lines { #expect(throws: Never.self) { try JSONValue(parsing: line) } }
    }

    @Test func `nobody else can read it`() async throws {
        try await keep("{}")
        var status = stat()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `a torn line and a foreign one do no harm`() async throws {
        try await keep(#"{"name":"A"}"#, #"{"name":"B"}"#)
        let whole = try #require(folder.text("new-users.ndjson"))
        try folder.write("new-users.ndjson", "# a note\n" + whole.dropLast(20))
        try await keep(#"{"name":"C"}"#)
        let letters = try letters()
        #expect(letters.map { $0.batch?.first?.name } == ["A", "C"])
        #expect(try file.read { _ in true } == 2, "two lines are no letters")

        #expect(try file.takeOut([letters[0].id, "unknown"]) == [letters[0].id])
        #expect(try self.letters().map(\.id) == [letters[1].id])
        #expect(try file.read { _ in true } == 2, "they are still there")
        #expect(folder.text("new-users.ndjson")?.hasPrefix("# a note\n") == true)
    }

    @Test func `an event that is too long is described`() async throws {
        try await keep(#"{"name":"\#(String(repeating: "x", count: DeadLetter.eventLimit))"}"#)
        let letter = try #require(try letters().first)
        #expect(letter.event == nil && letter.batch == nil)
        #expect(try #require(folder.text("new-users.ndjson")).utf8.count < 1000)
    }

    @Test func `nothing there`() throws {
        #expect(try letters() == [])
        #expect(try file.takeOut(["x"]) == [])
        #expect(try DeadLetterFile.all(in: folder.path + "/nowhere").isEmpty)
    }

    @Test func `all consumers of a directory`() async throws {
        try await keep("{}")
        try folder.write("a.b.ndjson", "")
        try folder.write(".dead-letters-x.ndjson", "")
        try folder.write("notes.txt", "")
        #expect(try DeadLetterFile.all(in: folder.path).map(\.consumer) == ["a.b", "new-users"])
    }

    @Test func `a planted link is not followed, a failure asks for another try`() async throws {
        symlink("/etc/passwd", file.path)
        let failure = await #expect(throws: ConsumerFailure.self) { try await keep("{}") }
        #expect(failure?.remedy == .retry)
        #expect(failure?.description.hasPrefix("the dead letters cannot be written: \(file.path): ") == true)
    }

    @Test func `writers and removers at once lose nothing`() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<25 { try await keep(#"{"name":"\#(writer).\#(number)"}"#) }
                    return 0
                }
            }
            group.addTask {
                // Takes out every letter with an odd number that is there, again and again.
                var removed = 0
                while removed < 48 {
                    let odd = try letters().filter {
                        Int($0.batch?.first?.name?.split(separator: ".").last ?? "").map { $0 % 2 == 1 } ?? false
                    }
                    removed += try file.takeOut(Set(odd.map(\.id))).count
                    await Task.yield()
                }
                return removed
            }
            var removed = 0
            for try await count in group { removed += count }
            #expect(removed == 48)
        }
        #expect(try letters().count == 52)
        #expect(folder.files == ["new-users.ndjson"], "no draft is left")
    }
}
