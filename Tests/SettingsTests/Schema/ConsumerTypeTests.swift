import Testing

@testable import Settings

/// Another module's consumer: its keys stand beside it, and nothing here knows of it.
@Suite struct ConsumerTypeTests {
    private struct PagerSettings: ConsumerType {
        static let name = "pager"
        let number: String
        let pause: Duration

        init?(from section: inout Section) {
            let number = section.required("number", .text)
            pause = section.value("pause", .duration(), default: "1m")
            guard let number else { return nil }
            self.number = number
        }
    }

    private func load(_ consumer: String) -> Loaded<Settings> {
        Configuration.load(
            Configuration.kazoo + "subscriptions: [{bindings: call.*.*}]\nconsumers: [\(consumer)]\n",
            capabilities: Capabilities(consumers: [StandardOutputSettings.self, PagerSettings.self]))
    }

    @Test func isReadAsTheOthersAre() throws {
        let loaded = load("{name: night, type: pager, number: 0123, gaps: true}")
        #expect(loaded.problems == [])
        let consumer = try #require(loaded.value?.consumers.first)
        let pager = try #require(consumer.type as? PagerSettings)
        #expect((pager.number, pager.pause, consumer.showsGaps) == ("0123", .seconds(60), true))
        #expect(loaded.shown.text.contains("pause: 1m"))
    }

    @Test func isCheckedAsTheOthersAre() {
        #expect(
            load("{name: night, type: pager, numbr: 0123}").problems.map(\.description) == [
                "FILE:6:13: “number” is missing here",
                "FILE:6:40: unknown key “numbr” (did you mean “number”?)",
            ])
        #expect(
            load("{name: night, type: file}").problems.map(\.description)
                == ["FILE:6:33: “file” is not one of stdout, pager"])
    }
}
