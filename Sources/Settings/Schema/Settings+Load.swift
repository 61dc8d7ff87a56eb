/// Settings as they have been read: the values where they could be made, and everything that is to be said about them.
public struct Loaded<Value> {
    /// The settings; `nil` when too much is wrong. They are of use only where there are no ``problems``.
    public var value: Value?
    /// What is wrong, in the order of the file.
    public var problems: [Problem]
    /// How many more problems there are.
    public var unkept: Int
    /// What can be used, and should be looked at.
    public var warnings: [Problem]
    /// Where secrets stand among the settings themselves.
    public var secrets: [Origin]
    /// What is in force, with where each value comes from, without secrets.
    public var shown: YAMLNode
}

extension Loaded: Sendable where Value: Sendable {}

extension Settings {
    /// Reads a whole config file.
    ///
    /// - Parameters:
    ///   - document: the file.
    ///   - layers: what goes over its section `kazoo`, each over the one before.
    ///   - capabilities: what there is to be configured.
    ///   - judge: knows the texts of other modules.
    public static func load(
        _ document: YAMLDocument, layers: [ConnectionLayer] = [], capabilities: Capabilities,
        judge: @escaping Judge
    ) -> Loaded<Settings> {
        let reading = SettingsReading(capabilities: capabilities)
        return Reading<Settings>.section(reading.read).load(document, layers: layers, judge: judge)
    }
}

extension KazooSettings {
    /// Reads the section `kazoo` alone, for a command that is no daemon.
    ///
    /// - Parameters:
    ///   - document: the file; `nil` for none.
    ///   - layers: what goes over its section, each over the one before.
    ///   - judge: knows the texts of other modules.
    public static func load(
        _ document: YAMLDocument?, layers: [ConnectionLayer], judge: @escaping Judge
    ) -> Loaded<KazooSettings> {
        let reading = Reading<KazooSettings>.section { section in
            section.allowUnknownKeys()
            return section.section("kazoo", KazooSettings.self)
        }
        return reading.load(document ?? YAMLDocument(), layers: layers, judge: judge)
    }
}

extension Reading {
    fileprivate func load(
        _ document: YAMLDocument, layers: [ConnectionLayer], judge: @escaping Judge
    ) -> Loaded<Value> {
        var findings = Findings(document.problems, judge: judge)
        guard let root = document.root else {
            return Loaded(
                value: nil, problems: findings.problems, unkept: findings.unkept, warnings: [], secrets: [],
                shown: YAMLNode(.refused, origin: .builtIn))
        }
        let outcome = read(root.withConnection(layers), &findings)
        return Loaded(
            value: outcome.value, problems: findings.problems.inOrder(), unkept: findings.unkept,
            warnings: findings.warnings.inOrder(), secrets: findings.secrets, shown: outcome.shown)
    }
}

extension YAMLNode {
    /// The file with layers over its section `kazoo`.
    fileprivate func withConnection(_ layers: [ConnectionLayer]) -> YAMLNode {
        guard case .mapping(var entries) = content else { return self }
        let index = entries.firstIndex { $0.key == "kazoo" }
        var section = index.map { entries[$0].value }
        for layer in layers { section = layer.laid(over: section, origin: origin) }
        guard let section else { return self }
        if let index {
            entries[index].value = section
        } else {
            entries.append(Entry("kazoo", origin: section.origin, value: section))
        }
        return YAMLNode(.mapping(entries), origin: origin)
    }
}
