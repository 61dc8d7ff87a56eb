import Events
import Journal
import Threads

/// What `journal list` prints: a table for eyes, or an object a line for programs.
struct JournalTable {
    private let clock: WallClock
    private let isJSON: Bool
    private let colour: Bool
    private let summary: EventFormatter
    private var output = OutputText()
    private var hasTitle = false

    init(clock: WallClock, isJSON: Bool, colour: Bool) {
        self.clock = clock
        self.isJSON = isJSON
        self.colour = colour
        summary = .summary(color: colour)
    }

    /// Prints what has gathered.
    mutating func finish() throws { try output.flush() }

    // MARK: Events

    /// Events, whose table has no end: its columns are as wide as numbers and times are.
    mutating func write(_ batch: EventBatch) throws {
        if isJSON {
            for event in batch { try output.append(Self.json(event).json + "\n") }
            return
        }
        guard !batch.isEmpty else { return }
        if !hasTitle {
            hasTitle = true
            let zone = clock.reading(at: batch.receivedAt).zone
            try output.append(title(Self.row("NUMBER", Self.padded("RECEIVED (\(zone))"), "EVENT            ACCOUNT")))
        }
        for event in batch {
            var text: [UInt8] = []
            summary.append(event, to: &text)
            try output.append(
                Self.row(String(event.sequence), Self.padded(clock.text(event.receivedAt)), ""))
            try output.append(text)
        }
    }

    private static func row(_ number: String, _ time: String, _ event: String) -> String {
        String(repeating: " ", count: max(0, 10 - number.count)) + "\(number)  \(time)  \(event)"
    }

    private static func padded(_ time: String) -> String {
        time + String(repeating: " ", count: max(0, 19 - time.count))
    }

    private func title(_ text: String) -> String { colour ? "\u{1b}[1m\(text)\u{1b}[0m\n" : text + "\n" }

    private static func json(_ event: EventView) -> JSONValue {
        [
            "seq": .number(String(event.sequence)), "received_at": .string(event.receivedAt.description),
            "kind": .string(event.kind.name), "id": .text(event.eventID), "account_id": .text(event.accountID),
            "family": event.kind == .event ? .string(event.family.description) : .null, "name": .text(event.name),
            "routing_key": .text(event.routingKey), "connection": .string(event.connection),
            "bytes": .number(String(event.json.count)),
        ]
    }

    // MARK: Consumers

    /// Where consumers stand.
    ///
    /// - Returns: how many there are.
    mutating func write(_ consumers: [JournalConsumer]) throws -> Int {
        if isJSON {
            for consumer in consumers { try output.append(Self.json(consumer).json + "\n") }
            return consumers.count
        }
        guard !consumers.isEmpty else { return 0 }
        var table = TextTable([
            ("CONSUMER", .left), ("POSITION", .right), ("BEHIND", .right), ("OLDEST WAITING", .left), ("MOVED", .left),
            ("DEAD LETTERS", .right),
        ])
        for consumer in consumers {
            table.append([
                consumer.name, consumer.position.description, consumer.behind.grouped,
                consumer.oldest.map(clock.text) ?? "-", clock.text(consumer.changedAt), consumer.letters.grouped,
            ])
        }
        try output.append(table.text(colour: colour))
        return consumers.count
    }

    private static func json(_ consumer: JournalConsumer) -> JSONValue {
        [
            "consumer": .string(consumer.name), "position": .number(String(consumer.position)),
            "behind": .number(String(consumer.behind)), "oldest": .text(consumer.oldest?.description),
            "moved_at": .string(consumer.changedAt.description), "dead_letters": .number(String(consumer.letters)),
        ]
    }

    // MARK: Gaps

    /// The gaps that somebody reads.
    ///
    /// - Returns: how many there are.
    mutating func writeGaps(_ forEach: ((JournalGap) throws -> Void) throws -> Void) throws -> Int {
        var count = 0
        var table = TextTable([
            ("FROM", .left), ("TO", .left), ("SECONDS", .right), ("REASON", .left), ("EVENTS", .right),
            ("CONSUMER", .left),
        ])
        try forEach { gap in
            count += 1
            if isJSON {
                try output.append(Self.json(gap).json + "\n")
            } else {
                let duration = Duration.microseconds(max(0, gap.to.microseconds - gap.from.microseconds))
                table.append([
                    clock.text(gap.from), clock.text(gap.to), duration.formattedSeconds, gap.reason,
                    gap.events?.grouped ?? "unknown", gap.consumer ?? "all",
                ])
            }
        }
        if !isJSON, count > 0 { try output.append(table.text(colour: colour)) }
        return count
    }

    private static func json(_ gap: JournalGap) -> JSONValue {
        [
            "from": .string(gap.from.description), "to": .string(gap.to.description), "reason": .string(gap.reason),
            "events": gap.events.map { .number(String($0)) } ?? .null, "consumer": .text(gap.consumer),
            "accounts": gap.notice["accounts"] ?? .null, "bindings": gap.notice["bindings"] ?? .null,
        ]
    }
}

extension JSONValue {
    /// A string, or `null`.
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension EventBatch.Line.Kind {
    fileprivate var name: String {
        switch self {
        case .event: "event"
        case .invalid: "invalid"
        case .notice: "notice"
        }
    }
}
