import Testing

@testable import Settings

@Suite struct SampleTests {
    private func lines() throws -> [Substring] {
        try Sample.text().split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test func isRight() throws {
        let settings = try Configuration.settings(Sample.text())
        #expect(settings.consumers.map(\.name.value) == ["archive"])
    }

    @Test func everyExampleIsRight() throws {
        let loaded = Configuration.load(try lines().map(Sample.uncommented).joined(separator: "\n"))
        #expect(loaded.problems == [])
        let settings = try #require(loaded.value)
        #expect(settings.consumers.map(\.name.value) == ["archive", "new-users", "calls", "feed"])
        #expect(settings.subscriptions.count == 2)
    }

    /// Where a key has a default and no better example, the example is the default.
    @Test func examplesShowDefaults() throws {
        let plain = Configuration.load(try Sample.text()).shown
        let defaults: [(section: String, keys: [String])] = [
            ("kazoo", ["hash", "redundancy", "subscriptions_per_connection", "renew", "follow_descendants"]),
            ("log", ["level", "format"]),
        ]
        let examples = Configuration.load(try lines().map(Sample.uncommented).joined(separator: "\n")).shown
        for (section, keys) in defaults {
            for key in keys {
                let (written, assumed) = (examples[section]?[key], plain[section]?[key])
                #expect(written?.origin.position != nil && assumed?.origin == .builtIn, "\(key)")
                #expect(written?.kind == assumed?.kind, "\(key)")
            }
        }
    }

    /// Every key that there is stands in the sample.
    @Test func isComplete() throws {
        let examples = Configuration.load(try lines().map(Sample.uncommented).joined(separator: "\n")).shown
        for key in ConnectionKey.allCases where key != .password {
            let alternatives = ["credentials_file", "api_key_file", "token_file", "account_realm", "phone_number"]
            guard !alternatives.contains(key.rawValue) else { continue }
            let node = key.path.reduce(examples["kazoo"]) { $0?[$1] }
            #expect(node?.origin.position != nil, "\(key)")
        }
        guard case .sequence(let consumers) = examples["consumers"]?.content else {
            Issue.record("no consumers")
            return
        }
        for key in [
            "bindings", "match", "output", "gaps", "queue", "overflow", "path", "rotate", "fsync", "mode", "owner",
        ] {
            #expect(consumers[0][key]?.origin.position != nil, "\(key)")
        }
        for key in ["command", "timeout", "concurrency", "order_by", "retry"] {
            #expect(consumers[1][key]?.origin.position != nil, "\(key)")
        }
        for key in ["shell", "mode", "environment"] { #expect(consumers[2][key]?.origin.position != nil, "\(key)") }
        for key in ["path", "retain", "max_size", "max_events", "fsync", "queue"] {
            #expect(examples["journal"]?[key]?.origin.position != nil, "\(key)")
        }
        #expect(examples["state_directory"] != nil)
    }
}
