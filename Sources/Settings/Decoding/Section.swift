/// Something that is read from the keys of one mapping.
///
/// The keys that ``init(from:)`` asks for are the keys that there are: whatever else stands in the mapping is reported.
public protocol SectionReadable {
    /// Reads the keys.
    ///
    /// Asks for every key before it gives up, so that all mistakes are found at once.
    ///
    /// - Returns: `nil` when something needed is missing or wrong, which has been reported then.
    init?(from section: inout Section)
}

/// One mapping while its keys are read.
public struct Section {
    /// Where the mapping begins.
    public let origin: Origin
    private let entries: [YAMLNode.Entry]
    private var known: [String] = []
    private var shown: [YAMLNode.Entry] = []
    private var allowsUnknownKeys = false
    private var findings: Findings

    private init(_ entries: [YAMLNode.Entry], origin: Origin, findings: Findings) {
        self.entries = entries
        self.origin = origin
        self.findings = findings
    }

    // MARK: Keys

    /// The value of a key that may be left out.
    ///
    /// - Returns: `nil` when it is left out or wrong.
    public mutating func optional<Value>(_ key: String, _ reading: Reading<Value>) -> Value? {
        known.append(key)
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        let outcome = reading.read(entry.value, &findings)
        shown.append(YAMLNode.Entry(key, origin: entry.origin, value: outcome.shown))
        return outcome.value
    }

    /// The value of a key that must be there.
    ///
    /// - Returns: `nil` when it is missing or wrong.
    public mutating func required<Value>(_ key: String, _ reading: Reading<Value>) -> Value? {
        if !has(key) { report("\(Quotation.of(key)) is missing here", at: origin) }
        return optional(key, reading)
    }

    /// The value of a key that has a default.
    ///
    /// - Parameter text: the default as it would stand in a file; it must be right.
    public mutating func value<Value>(_ key: String, _ reading: Reading<Value>, default text: String) -> Value {
        if let value = optional(key, reading) { return value }
        var silent = Findings { _, _ in .good }
        let outcome = reading.read(YAMLNode(text: text, origin: .builtIn), &silent)
        guard let value = outcome.value else { preconditionFailure("\(key): \(text) is no default") }
        if !has(key) { shown.append(YAMLNode.Entry(key, origin: .builtIn, value: outcome.shown)) }
        return value
    }

    /// The keys below a key, all of which have defaults or may be left out.
    public mutating func section<Value: SectionReadable>(_ key: String, _ type: Value.Type) -> Value? {
        if has(key) { return optional(key, .section) }
        known.append(key)
        let outcome = Reading<Value>.section.read(YAMLNode(.mapping([]), origin: .builtIn), &findings)
        shown.append(YAMLNode.Entry(key, origin: .builtIn, value: outcome.shown))
        return outcome.value
    }

    /// Whether a key is there.
    public func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// Those keys of several that are there, in the order of the file.
    public func present(_ keys: [String]) -> [String] {
        entries.map(\.key).filter(keys.contains)
    }

    /// Where a key stands; where the mapping begins when it is left out.
    public func origin(of key: String) -> Origin {
        entries.first { $0.key == key }?.origin ?? origin
    }

    // MARK: Complaints

    /// Says that something is wrong.
    public mutating func report(_ message: String, at origin: Origin, suggestion: String? = nil) {
        findings.report(Problem(message, at: origin, suggestion: suggestion))
    }

    /// Says that something should be looked at.
    public mutating func warn(_ message: String, at origin: Origin) {
        findings.warn(Problem(message, at: origin))
    }

    /// Refuses a key that somebody has reason to write here.
    ///
    /// - Parameter message: why, and what to do instead.
    public mutating func refuse(_ key: String, because message: String) {
        guard let entry = entries.first(where: { $0.key == key }) else { return }
        known.append(key)
        report(message, at: entry.origin)
    }

    /// Lets keys pass that nobody asks for: it cannot be told which keys there are.
    public mutating func allowUnknownKeys() { allowsUnknownKeys = true }

    private mutating func reportUnknownKeys() {
        guard !allowsUnknownKeys else { return }
        let asked = Set(known)
        let missing = known.filter { !has($0) }
        for entry in entries where !asked.contains(entry.key) {
            // Looking for what was meant takes its time.
            guard findings.problems.count < Findings.limit else {
                report("unknown key", at: entry.origin)
                continue
            }
            let suggestion = Spelling.nearest(to: entry.key, among: missing)
            let choice = suggestion == nil ? "; known here: \(known.joined(separator: ", "))" : ""
            report("unknown key \(Quotation.of(entry.key))\(choice)", at: entry.origin, suggestion: suggestion)
        }
    }

    // MARK: Reading

    /// Reads the keys of a node.
    static func read<Value>(
        _ node: YAMLNode, _ findings: inout Findings, _ keys: (inout Section) -> Value?
    ) -> Reading<Value>.Outcome {
        guard let entries = findings.entries(of: node) else { return .init(value: nil, shown: node) }
        var section = Section(entries, origin: node.origin, findings: findings)
        let value = keys(&section)
        section.reportUnknownKeys()
        findings = section.findings
        return .init(value: value, shown: YAMLNode(.mapping(section.shown), origin: node.origin))
    }
}

extension Reading where Value: SectionReadable {
    /// The keys of a mapping.
    public static var section: Self { section(Value.init(from:)) }
}

extension Reading {
    /// The keys of a mapping, read by a function.
    public static func section(_ keys: @escaping (inout Section) -> Value?) -> Self {
        Self { node, findings in Section.read(node, &findings, keys) }
    }
}
