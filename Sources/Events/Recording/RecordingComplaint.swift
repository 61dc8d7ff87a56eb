/// What is wrong with a line of a recording, which is left out for that reason.
public struct RecordingComplaint: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Error, Equatable, Sendable {
        /// The line is not valid UTF-8.
        case notText
        /// The line is no JSON.
        case notJSON(JSONSyntaxError)
        /// The last line has no newline and is no whole JSON text: whoever wrote it was interrupted.
        case torn
        /// The line is longer than the limit, which is in bytes.
        case tooLong(limit: Int)
        /// The line is a CloudEvent, which has only a part of what Kazoo sent. A recording that holds one holds nothing
        /// else.
        case cloudEvent
        /// The line is JSON and nothing that ``EventFormatter`` writes as ``OutputFormat/raw`` or
        /// ``OutputFormat/envelope``.
        case notRecorded
    }

    /// The number of the line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var problem: Problem

    /// Creates a complaint.
    public init(line: Int, problem: Problem) {
        self.line = line
        self.problem = problem
    }

    /// One line for people, without a byte of the recording itself.
    public var description: String {
        switch problem {
        case .notText: "line \(line): not valid UTF-8"
        case .notJSON(let error): "line \(line): not JSON: \(error)"
        case .torn: "line \(line): the recording ends in the middle of this line"
        case .tooLong(let limit): "line \(line): longer than \(limit) bytes"
        case .cloudEvent:
            "line \(line): a CloudEvents line does not hold the whole event; record with --output envelope or raw"
        case .notRecorded: "line \(line): neither an event nor an envelope around one"
        }
    }
}
