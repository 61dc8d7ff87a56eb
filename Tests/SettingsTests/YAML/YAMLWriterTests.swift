import Testing

@testable import Settings

@Suite struct YAMLWriterTests {
    @Test(arguments: [
        "events", "http://kazoo:8000", "call.*.*", "/var/log/a.ndjson", "0123", "true", "a b", "", "*", "null", "~",
        "a: b",
        "a:", " a", "- a", "{data.id}", "#", "a #b", "\"", "\\", "a\nb\t", "é\u{202e}\u{7f}\u{85}", "'", "+4930", "🐟",
        "@",
        "---", "...", "<redacted>",
    ])
    func whatIsWrittenIsReadAgain(_ text: String) throws {
        let node = YAMLNode(
            .mapping([
                .init("key", origin: .builtIn, value: YAMLNode(text: text, origin: .environment("VARIABLE"))),
                .init(
                    "list", origin: .builtIn,
                    value: YAMLNode(.sequence([YAMLNode(text: text, origin: .builtIn)]), origin: .builtIn)),
                .init("k" + text, origin: .builtIn, value: YAMLNode(text: "value", origin: .builtIn)),
            ]), origin: .builtIn)
        let document = YAMLDocument(node.text, file: "FILE")
        #expect(document.problems == [])
        let root = try #require(document.root)
        #expect(root["key"].flatMap(scalar) == text)
        guard case .sequence(let items) = root["list"]?.content else {
            Issue.record("no list: \(node.text)")
            return
        }
        #expect(items.map(scalar) == [text])
        #expect(root["k" + text].flatMap(scalar) == "value")
    }

    private func scalar(_ node: YAMLNode) -> String? {
        if case .scalar(let text, _) = node.content { text } else { nil }
    }

    @Test func saysWhereEverythingComesFrom() throws {
        let loaded = Configuration.load(
            """
            kazoo: {server: "http://kazoo:8000", username: events, account_name: master, proxy: "http://me:pw@proxy:1"}
            subscriptions:
              - bindings: call.*.*
              - {account: descendants, bindings: [fax.status.*]}
            consumers:
              - {name: feed, type: hook, command: [/bin/true, ""], environment: {TOKEN: abc}}
            """,
            layers: [
                .environment {
                    ["KAZOO_SUBSCRIBE_SERVER": "http://other:1", "KAZOO_SUBSCRIBE_PASSWORD": "secret"][$0]
                },
                .options([.websocket: ["ws://a:1", "ws://b:2"], .insecure: ["true"]]),
            ])
        #expect(loaded.problems == [])
        #expect(
            loaded.shown.text == """
                kazoo:
                  server: http://other:1              # environment: KAZOO_SUBSCRIBE_SERVER
                  websocket:
                    - ws://a:1                        # --websocket
                    - ws://b:2                        # --websocket
                  username: events                    # FILE:1
                  hash: sha1                          # default
                  account_name: master                # FILE:1
                  password: "<redacted>"              # environment: KAZOO_SUBSCRIBE_PASSWORD
                  tls:
                    insecure: true                    # --insecure
                  proxy: "http://<redacted>@proxy:1"  # FILE:1
                  redundancy: 1                       # default
                  subscriptions_per_connection: 500   # default
                  renew: 15m                          # default
                  follow_descendants: 60s             # default
                subscriptions:
                  - bindings: call.*.*                # FILE:3
                  - account: descendants              # FILE:4
                    bindings:
                      - fax.status.*                  # FILE:4
                consumers:
                  - name: feed                        # FILE:6
                    type: hook                        # FILE:6
                    command:
                      - /bin/true                     # FILE:6
                      - ""                            # FILE:6
                    mode: event                       # default
                    timeout: 30s                      # default
                    concurrency: 1                    # default
                    retry:
                      attempts: 5                     # default
                      backoff: 1s..5m                 # default
                    environment:
                      TOKEN: "<redacted>"             # FILE:6
                    output: raw                       # default
                    gaps: false                       # default
                    queue: 64MiB                      # default
                    overflow: drop_oldest             # default
                log:
                  level: notice                       # default
                  format: text                        # default

                """, "\(loaded.shown.text)")
        #expect(loaded.secrets.map(\.description) == ["FILE:1:85", "FILE:6:77"])
    }
}
