import Events

extension DeadLetter {
    /// The letter as one line of JSON, with the newline. The event is in it byte for byte.
    public var line: [UInt8] {
        let facts: JSONValue = [
            "id": .string(id), "time": .string(time.description), "consumer": .string(consumer),
            "attempts": .number(String(attempts)), "reason": .string(reason),
            "exit_status": exitStatus.map { .number(String($0)) } ?? nil,
            "stderr": standardError.map { .string($0) } ?? nil,
            "seq": .number(String(sequence)), "received_at": .string(receivedAt.description),
            "connection": .string(connection),
        ]
        var line: [UInt8] = []
        facts.encode(into: &line)
        line.removeLast()
        line += #","event":"#.utf8
        line += event ?? Array("null".utf8)
        line += "}\n".utf8
        return line
    }

    /// Reads a letter from a line without its newline.
    ///
    /// - Returns: `nil` when the line is no letter: it is torn, or something else has written to the file.
    public init?(line: UnsafeRawBufferPointer) {
        guard (try? JSONScanner.scan(line)) != nil, let eventPath = JSONPath("event") else { return nil }
        guard let eventRange = eventPath.find(in: line) else { return nil }
        // What stands before the event is small, and is a JSON text with the event taken out.
        var facts = Array(line[..<eventRange.lowerBound])
        facts += "null".utf8
        facts += line[eventRange.upperBound...]
        guard let value = facts.withUnsafeBytes({ try? JSONValue(parsing: $0) }),
            let id = value["id"]?.string, let time = value["time"]?.string.flatMap({ Timestamp($0) }),
            let consumer = value["consumer"]?.string, let attempts = value["attempts"]?.int,
            let reason = value["reason"]?.string, let sequence = value["seq"]?.int.flatMap({ UInt64(exactly: $0) }),
            let receivedAt = value["received_at"]?.string.flatMap({ Timestamp($0) }),
            let connection = value["connection"]?.string
        else { return nil }
        self.id = id
        self.time = time
        self.consumer = consumer
        self.attempts = attempts
        self.reason = reason
        exitStatus = value["exit_status"]?.int.flatMap { Int32(exactly: $0) }
        standardError = value["stderr"]?.string
        self.sequence = sequence
        self.receivedAt = receivedAt
        self.connection = connection
        let event = line[eventRange]
        self.event = event.elementsEqual("null".utf8) ? nil : Array(event)
    }
}
