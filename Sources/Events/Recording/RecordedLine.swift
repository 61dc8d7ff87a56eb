/// One line of a recording, taken apart: what it holds, and what its envelope says about that.
struct RecordedLine {
    /// What the line holds.
    private(set) var kind: EventBatch.Line.Kind
    /// Where in the line the event stands, or what stands in its place.
    private(set) var text: Range<Int>
    /// The number that the event had.
    private(set) var sequence: UInt64?
    /// When the event was received.
    private(set) var receivedAt: Timestamp?
    /// The name of the connection that brought the event.
    private(set) var connection = ""

    /// Greater numbers are taken for damage: the journal could not keep them.
    private static let sequenceLimit = UInt64(Int64.max)

    /// Takes a line apart.
    ///
    /// - Returns: `nil` for a line of nothing but whitespace.
    init?(_ line: UnsafeRawBufferPointer) throws(RecordingComplaint.Problem) {
        guard let bytes = JSONBytes(line), bytes.skipWhitespace(from: 0) < bytes.count else { return nil }
        guard Self.isText(line) else { throw .notText }
        let index: JSONScanner.Index
        do {
            index = try JSONScanner.scan(line)
        } catch {
            throw .notJSON(error)
        }
        let start = bytes.skipWhitespace(from: 0)
        (kind, text) = (.event, start..<bytes.skipValue(from: start))
        if index.action == nil { try openEnvelope(bytes) }
        guard let kind = Self.kind(of: line, text) else { throw .notRecorded }
        self.kind = kind
    }

    private static func isText(_ line: UnsafeRawBufferPointer) -> Bool {
        (try? UTF8Span(validating: line.bindMemory(to: UInt8.self).span)) != nil
    }

    /// Reads what the envelope says and goes on with what it holds.
    private mutating func openEnvelope(_ bytes: JSONBytes) throws(RecordingComplaint.Problem) {
        var (event, sequence, moment, connection): (Range<Int>?, Range<Int>?, Range<Int>?, Range<Int>?)
        var isCloudEvent = false
        bytes.forEachMember { key, value in
            if bytes.holds(#""event""#, at: key.lowerBound) {
                event = event ?? value
            } else if bytes.holds(#""seq""#, at: key.lowerBound) {
                sequence = sequence ?? value
            } else if bytes.holds(#""received_at""#, at: key.lowerBound) {
                moment = moment ?? value
            } else if bytes.holds(#""connection""#, at: key.lowerBound) {
                connection = connection ?? value
            } else if bytes.holds(#""specversion""#, at: key.lowerBound) {
                isCloudEvent = true
            }
            return true
        }
        guard let event else { throw isCloudEvent ? .cloudEvent : .notRecorded }
        text = event
        self.sequence = sequence.flatMap { UInt64(bytes.text($0)) }.flatMap { $0 <= Self.sequenceLimit ? $0 : nil }
        receivedAt = moment.flatMap(bytes.string).flatMap { Timestamp($0) }
        self.connection = connection.flatMap(bytes.string) ?? ""
    }

    /// What an event, or what stands in its place, is by its `action`; `nil` when it is none of them.
    private static func kind(of line: UnsafeRawBufferPointer, _ text: Range<Int>) -> EventBatch.Line.Kind? {
        guard let action = JSONPath.action.find(in: line, from: text) else { return nil }
        return switch JSONString.decode(UnsafeRawBufferPointer(rebasing: line[action])) {
        case "event": .event
        case "invalid": .invalid
        case "gap": .notice
        default: nil
        }
    }
}

extension JSONBytes {
    fileprivate func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
    }

    /// The text of the string at a range; `nil` for other values.
    fileprivate func string(_ range: Range<Int>) -> String? {
        JSONString.decode(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}
