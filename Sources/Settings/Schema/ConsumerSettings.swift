public import Events

/// A type of consumer: its name, and the keys that it has beside those of every consumer.
///
/// Whoever writes a consumer writes this beside it, and gives it to ``Capabilities``; nothing here needs to know.
public protocol ConsumerType: SectionReadable, Equatable, Sendable {
    /// The value of `type`.
    static var name: String { get }
    /// Whether there can be only one, because there is only one of what it writes to.
    static var isUnique: Bool { get }
}

extension ConsumerType {
    /// As many as one likes.
    public static var isUnique: Bool { false }
}

/// One item of `consumers`: what every consumer has.
public struct ConsumerSettings: Sendable {
    /// What becomes of events that the consumer is too slow for.
    public enum Overflow: String, CaseIterable, Sendable {
        case dropOldest = "drop_oldest"
        case dropNewest = "drop_newest"
    }

    /// What the consumer is called in messages, metrics and the names of files; no two have the same name.
    public var name: Located<String>
    /// What is particular to its type, such as ``FileSettings``.
    public var type: any ConsumerType
    /// The bindings whose events it gets; empty for every event.
    public var bindings: [Located<String>]
    /// What every event that it gets matches.
    public var matches: [EventMatch]
    /// The form in which it gets events.
    public var output: OutputFormat
    /// Whether it is told where events may have been missed.
    public var showsGaps: Bool
    /// How much may wait for it, in bytes.
    public var queueSize: Int
    /// What becomes of more.
    public var overflow: Overflow
    /// Where it begins when the journal does not know it; of no use without a journal.
    public var beginning: JournalBeginning
}

extension ConsumerSettings: Equatable {
    /// Whether all keys have the same values, wherever they stand.
    public static func == (one: Self, other: Self) -> Bool {
        one.name == other.name && one.type.isEqual(to: other.type) && one.bindings == other.bindings
            && one.matches == other.matches && one.output == other.output && one.showsGaps == other.showsGaps
            && one.queueSize == other.queueSize && one.overflow == other.overflow && one.beginning == other.beginning
    }
}

extension ConsumerType {
    fileprivate func isEqual(to other: any ConsumerType) -> Bool { other as? Self == self }
}

extension ConsumerSettings {
    /// The forms that programs read: `pretty` is for a terminal.
    static let outputs: [OutputFormat] = [.raw, .envelope, .cloudevents]

    fileprivate init?(from section: inout Section, capabilities: Capabilities) {
        let name = section.required("name", .located(.name))
        let type = Self.type(from: &section, capabilities)
        let bindings = section.optional("bindings", .oneOrMore(.located(.text(.binding(account: nil))))) ?? []
        let matches = Self.matches(from: &section)
        let output = section.value("output", .choice(of: Self.outputs), default: "raw")
        let showsGaps = section.value("gaps", .boolean, default: "false")
        let queueSize = section.value("queue", .queueSize, default: "64MiB")
        let overflow: Overflow = section.value("overflow", .choice, default: "drop_oldest")
        let beginning = Self.beginning(from: &section, capabilities)
        guard let name, let type else { return nil }
        self.init(
            name: name, type: type, bindings: bindings, matches: matches, output: output, showsGaps: showsGaps,
            queueSize: queueSize, overflow: overflow, beginning: beginning)
    }

    private static func beginning(from section: inout Section, _ capabilities: Capabilities) -> JournalBeginning {
        guard capabilities.journal else {
            section.refuse("from", because: "“from” is a place in a journal; \(Capabilities.unavailable("“journal”"))")
            return .now
        }
        return section.optional("from", .beginning) ?? .now
    }

    private static func type(from section: inout Section, _ capabilities: Capabilities) -> (any ConsumerType)? {
        let types = capabilities.consumers
        let name = Reading<String>.text.map { text throws(Mismatch) in
            if capabilities.plannedConsumers.contains(text) {
                throw Mismatch(Capabilities.unavailable("the consumer type \(Quotation.of(text))"))
            }
            guard types.contains(where: { $0.name == text }) else {
                throw Mismatch.unknown(text, among: types.map { $0.name })
            }
            return text
        }
        guard let name = section.required("type", name), let type = types.first(where: { $0.name == name }) else {
            section.allowUnknownKeys()
            return nil
        }
        return type.init(from: &section)
    }

    private static func matches(from section: inout Section) -> [EventMatch] {
        var matches: [EventMatch] = []
        for (path, pattern) in section.optional("match", .pairs(.literal)) ?? [] {
            do throws(EventMatchError) {
                matches.append(try EventMatch(path: path.value, pattern: pattern))
            } catch {
                section.report(error.message, at: path.origin)
            }
        }
        return matches
    }
}

extension Reading<ConsumerSettings> {
    static func consumer(of capabilities: Capabilities) -> Self {
        section { ConsumerSettings(from: &$0, capabilities: capabilities) }
    }
}

extension Reading<String> {
    /// A name that can be part of a file's name.
    fileprivate static var name: Self {
        text.map { text throws(Mismatch) in
            let isGood = text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard isGood, text.utf8.count <= 64, !text.hasPrefix("."), !text.hasPrefix("-") else {
                throw Mismatch(
                    "\(Quotation.of(text)) is not a name: up to 64 letters, digits, -, _ and ., not - or . at the beginning"
                )
            }
            return text
        }
    }
}
