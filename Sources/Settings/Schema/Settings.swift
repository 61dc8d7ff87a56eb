/// Everything that a config file says, with environment and options over its `kazoo` section.
public struct Settings: Equatable, Sendable {
    /// Which cluster, as whom, over which network.
    public var kazoo: KazooSettings
    /// What is subscribed to; empty in a file that is for `stream` alone.
    public var subscriptions: [SubscriptionSettings]
    /// Where events are kept; `nil` where they are not.
    public var journal: JournalSettings?
    /// Where events go; empty in a file that is for `stream` alone.
    public var consumers: [ConsumerSettings]
    /// How the program talks about itself.
    public var log: LogSettings
    /// The directory for what must outlive the program; `nil` for the one that systemd or the daemon chooses.
    public var stateDirectory: Located<String>?
}

/// What this version of the program can do of all that a config file may ask for.
public struct Capabilities: Sendable {
    /// The section `journal`.
    public var journal: Bool
    /// The types of consumers.
    public var consumers: [any ConsumerType.Type]
    /// The types of consumers that are planned, and are refused by name.
    public var plannedConsumers: [String]

    /// Creates capabilities.
    public init(
        journal: Bool = false, consumers: [any ConsumerType.Type],
        plannedConsumers: [String] = []
    ) {
        self.journal = journal
        self.consumers = consumers
        self.plannedConsumers = plannedConsumers
    }

    static func unavailable(_ what: String) -> String { "\(what) is not available in this version" }
}

/// The top of the file; what a version can do decides which keys it has.
struct SettingsReading {
    let capabilities: Capabilities

    func read(_ section: inout Section) -> Settings? {
        let kazoo = section.required("kazoo", Reading<KazooSettings>.section)
        let subscriptions = section.optional("subscriptions", .list(Reading<SubscriptionSettings>.section)) ?? []
        let journal = journal(&section)
        let consumers = section.optional("consumers", .list(.consumer(of: capabilities))) ?? []
        section.refuse("metrics", because: Capabilities.unavailable("“metrics”"))
        let log = section.section("log", LogSettings.self)
        let stateDirectory = section.optional("state_directory", .located(.path))

        for (present, absent) in [("subscriptions", "consumers"), ("consumers", "subscriptions")]
        where section.has(present) && !section.has(absent) {
            section.report("“\(absent)” is missing here, without which “\(present)” are of no use", at: section.origin)
        }
        refuseRepeatedNames(consumers, &section)
        refuseSeconds(consumers, &section)
        guard let kazoo, let log else { return nil }
        return Settings(
            kazoo: kazoo, subscriptions: subscriptions, journal: journal, consumers: consumers, log: log,
            stateDirectory: stateDirectory)
    }

    private func journal(_ section: inout Section) -> JournalSettings? {
        guard capabilities.journal else {
            section.refuse("journal", because: Capabilities.unavailable("“journal”"))
            return nil
        }
        return section.optional("journal", .section)
    }

    private func refuseRepeatedNames(_ consumers: [ConsumerSettings], _ section: inout Section) {
        var lines: [String: Origin] = [:]
        for name in consumers.map(\.name) {
            if let first = lines[name.value] {
                section.report("another consumer is called \(Quotation.of(name.value)): \(first)", at: name.origin)
            }
            lines[name.value] = lines[name.value] ?? name.origin
        }
    }

    private func refuseSeconds(_ consumers: [ConsumerSettings], _ section: inout Section) {
        var firsts: [String: ConsumerSettings] = [:]
        for consumer in consumers where type(of: consumer.type).isUnique {
            let type = type(of: consumer.type).name
            guard let first = firsts[type] else {
                firsts[type] = consumer
                continue
            }
            section.report(
                "\(Quotation.of(first.name.value)) is of the type \(type) already, of which there can be one only",
                at: consumer.name.origin)
        }
    }
}
