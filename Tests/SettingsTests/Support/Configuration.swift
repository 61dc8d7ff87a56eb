import Testing

@testable import Settings

/// Config files as texts.
enum Configuration {
    /// What a file needs at the least.
    static let kazoo = """
        kazoo:
          server: http://kazoo:8000
          username: events
          account_name: master

        """

    /// Reads a file that is called `FILE`.
    static func load(
        _ text: String, layers: [ConnectionLayer] = [], capabilities: Capabilities = .tested,
        judge: @escaping Judge = { _, _ in .good }
    ) -> Loaded<Settings> {
        Settings.load(YAMLDocument(text, file: "FILE"), layers: layers, capabilities: capabilities, judge: judge)
    }

    /// The settings in a file in which nothing is wrong.
    static func settings(_ text: String, capabilities: Capabilities = .tested) throws -> Settings {
        let loaded = load(text, capabilities: capabilities)
        #expect(loaded.problems == [])
        return try #require(loaded.value)
    }

    /// What is said about a file that has these consumers.
    static func problems(consumers: String) -> [String] {
        load(kazoo + "subscriptions: [{bindings: call.*.*}]\nconsumers:\n" + consumers).problems.map(\.description)
    }

    /// What is particular to the only consumer of a file.
    static func consumer<Type>(_ text: String, as type: Type.Type) throws -> Type {
        let settings = try settings(kazoo + "subscriptions: [{bindings: call.*.*}]\nconsumers:\n" + text)
        return try #require(settings.consumers.first?.type as? Type)
    }
}

extension Capabilities {
    /// Every type that the module has.
    static let tested = Self(
        journal: true,
        consumers: [StandardOutputSettings.self, FileSettings.self, HookSettings.self], plannedConsumers: ["webhook"])
}
