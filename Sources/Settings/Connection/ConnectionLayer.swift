/// What the environment or the command line says about the connection: laid over the section `kazoo` of the file.
///
/// This is the one place that decides what goes over what: options over environment over file, matter by matter.
public struct ConnectionLayer: Sendable {
    private var values: [ConnectionKey: YAMLNode] = [:]

    /// What the environment says.
    ///
    /// - Parameters:
    ///   - hasPasswordCredential: whether systemd has handed over a `password` (`$CREDENTIALS_DIRECTORY`), which goes
    ///     over `KAZOO_SUBSCRIBE_PASSWORD`.
    ///   - variable: the value of a variable; `nil` when it is not set, or empty.
    public static func environment(
        hasPasswordCredential: Bool = false, _ variable: (String) -> String?
    ) -> Self {
        var layer = Self()
        for key in ConnectionKey.allCases {
            guard let name = key.variable, let text = variable(name) else { continue }
            // Of a password it is known that it is there, and no more: nothing that is read from here can show it.
            layer.values[key] = YAMLNode(text: key == .password ? "<redacted>" : text, origin: .environment(name))
        }
        if hasPasswordCredential {
            layer.values[.password] = YAMLNode(text: "<redacted>", origin: .environment("CREDENTIALS_DIRECTORY"))
        }
        if layer.values[.passwordFile] != nil { layer.values[.password] = nil }
        return layer
    }

    /// What the command line says.
    ///
    /// - Parameter options: the values of the options that are given.
    public static func options(_ options: [ConnectionKey: [String]]) -> Self {
        var layer = Self()
        for (key, texts) in options {
            guard let option = key.option else { continue }
            let nodes = texts.map { YAMLNode(text: $0, origin: .option(option)) }
            layer.values[key] = nodes.count > 1 ? YAMLNode(.sequence(nodes), origin: .option(option)) : nodes.first
        }
        return layer
    }

    /// The section `kazoo` with this layer over it.
    ///
    /// - Parameters:
    ///   - section: the section as it is so far; `nil` for none. What is no mapping is left as it is.
    ///   - origin: where a section is missed, if there is none.
    func laid(over section: YAMLNode?, origin: Origin) -> YAMLNode? {
        guard !values.isEmpty else { return section }
        var entries: [YAMLNode.Entry] = []
        var origin = origin
        if let section, !section.isEmpty {
            guard case .mapping(let existing) = section.content else { return section }
            (entries, origin) = (existing, section.origin)
        }
        let matters = Set(values.keys.map(\.matter))
        for key in ConnectionKey.allCases where matters.contains(key.matter) {
            Self.remove(key.path[...], from: &entries)
        }
        for key in ConnectionKey.allCases {
            if let value = values[key] { Self.add(value, at: key.path[...], to: &entries) }
        }
        return YAMLNode(.mapping(entries), origin: origin)
    }

    private static func remove(_ path: ArraySlice<String>, from entries: inout [YAMLNode.Entry]) {
        guard let index = entries.firstIndex(where: { $0.key == path.first }) else { return }
        if path.count == 1 {
            entries.remove(at: index)
        } else if case .mapping(var below) = entries[index].value.content {
            remove(path.dropFirst(), from: &below)
            entries[index].value.content = .mapping(below)
        }
    }

    private static func add(_ value: YAMLNode, at path: ArraySlice<String>, to entries: inout [YAMLNode.Entry]) {
        guard let key = path.first else { return }
        guard path.count > 1 else { return entries.append(YAMLNode.Entry(key, origin: value.origin, value: value)) }
        if !entries.contains(where: { $0.key == key }) {
            let section = YAMLNode(.mapping([]), origin: value.origin)
            entries.append(YAMLNode.Entry(key, origin: value.origin, value: section))
        }
        for index in entries.indices where entries[index].key == key {
            if entries[index].value.isEmpty { entries[index].value.content = .mapping([]) }
            // What is no mapping stays as it is, to be complained about.
            guard case .mapping(var below) = entries[index].value.content else { return }
            add(value, at: path.dropFirst(), to: &below)
            entries[index].value.content = .mapping(below)
        }
    }
}
