import Events
import Journal
import Threads

/// What `journal list` prints: a table for eyes, or an object a line for programs.
///
/// The table of events has no end, so its columns are as wide as numbers and times are; the others are as wide as they
/// must be.
struct JournalTable {
    private let clock: WallClock
    private let isJSON: Bool
    private let colour: Bool
    private let summary: EventFormatter
    private var hasTitle = false

    init(clock: WallClock, isJSON: Bool, colour: Bool) {
        self.clock = clock
        self.isJSON = isJSON
        self.colour = colour
        summary = .summary(color: colour)
    }

    // MARK: Events

    /// The next events.
    mutating func text(of batch: EventBatch) -> [UInt8] {
        guard !isJSON else { return batch.flatMap { Array((Self.json($0).json + "\n").utf8) } }
        var text: [UInt8] = []
        if !hasTitle, let first = batch.first {
            hasTitle = true
            let zone = clock.reading(at: first.receivedAt).zone
            let title = Self.row("NUMBER", "RECEIVED (\(zone))", "EVENT            ACCOUNT")
            text += (colour ? "\u{1b}[1m\(title)\u{1b}[0m\n" : title + "\n").utf8
        }
        for event in batch {
            text += Self.row(String(event.sequence), clock.text(event.receivedAt), "").utf8
            summary.append(event, to: &text)
        }
        return text
    }

    private static func row(_ number: String, _ time: String, _ event: String) -> String {
        func space(_ width: Int, _ text: String) -> String { String(repeating: " ", count: max(0, width - text.count)) }
        return "\(space(10, number))\(number)  \(time)\(space(19, time))  \(event)"
    }

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
    func text(of consumers: [JournalConsumer]) -> String {
        guard !isJSON else { return consumers.map { Self.json($0).json + "\n" }.joined() }
        guard !consumers.isEmpty else { return "" }
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
        return table.text(colour: colour)
    }

    private static func json(_ consumer: JournalConsumer) -> JSONValue {
        [
            "consumer": .string(consumer.name), "position": .number(String(consumer.position)),
            "behind": .number(String(consumer.behind)), "oldest": .text(consumer.oldest?.description),
            "moved_at": .string(consumer.changedAt.description), "dead_letters": .number(String(consumer.letters)),
        ]
    }

    // MARK: Gaps

    /// Where events may be missing.
    func text(of gaps: [JournalGap]) -> String {
        guard !isJSON else { return gaps.map { Self.json($0).json + "\n" }.joined() }
        guard !gaps.isEmpty else { return "" }
        var table = TextTable([
            ("FROM", .left), ("TO", .left), ("SECONDS", .right), ("REASON", .left), ("EVENTS", .right),
            ("CONSUMER", .left),
        ])
        for gap in gaps {
            let duration = max(.zero, gap.to - gap.from)
            table.append([
                clock.text(gap.from), clock.text(gap.to), duration.formattedSeconds, gap.reason,
                gap.events?.grouped ?? "unknown", gap.consumer ?? "all",
            ])
        }
        return table.text(colour: colour)
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
