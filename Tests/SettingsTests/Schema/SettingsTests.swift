import Events
import Testing

@testable import Settings

/// What is written arrives.
@Suite struct SettingsTests {
    @Test func theFileOfTheDocumentation() throws {
        let settings = try Configuration.settings(
            """
            kazoo:
              server: https://kazoo.example.com:8443
              websocket: [wss://kazoo-a.example.com:7777, wss://kazoo-b.example.com:7777]
              username: events
              password_file: /etc/kazoo-subscribe/password
              account_name: master
            subscriptions:
              - bindings: [object.doc_created.user, "call.*.*"]
              - account: 009afc511c97b2ae693c6cc4920988e8
                bindings: ["fax.status.*"]
            journal:
              path: /var/lib/kazoo-subscribe/journal.sqlite
              retain: 7d
              max_size: 2GB
            consumers:
              - name: archive
                type: file
                path: /var/log/kazoo-subscribe/events.ndjson
                rotate: {size: 100MB, every: 1d, keep: 14, compress: gzip}
              - name: new-users
                type: hook
                bindings: [object.doc_created.user]
                match: {data.type: user}
                command: [/usr/local/bin/on-user, "{data.id}"]
                timeout: 30s
                concurrency: 4
                order_by: data.id
                retry: {attempts: 5, backoff: 1s..5m}
              - name: feed
                type: stdout
            log: {level: info, format: text}
            """)

        #expect(settings.kazoo.server.value == "https://kazoo.example.com:8443")
        #expect(settings.kazoo.server.origin.description == "FILE:2:11")
        #expect(
            settings.kazoo.websockets.map(\.value)
                == ["wss://kazoo-a.example.com:7777", "wss://kazoo-b.example.com:7777"])
        guard case .user("events", let password, .name("master")) = settings.kazoo.login else {
            Issue.record("\(settings.kazoo.login)")
            return
        }
        #expect(password.file?.value == "/etc/kazoo-subscribe/password")
        #expect(password.digest == .sha1)

        #expect(
            settings.subscriptions.map { $0.bindings.map(\.value) } == [
                ["object.doc_created.user", "call.*.*"], ["fax.status.*"],
            ])
        #expect(settings.subscriptions.map(\.account?.value) == [nil, "009afc511c97b2ae693c6cc4920988e8"])
        #expect(settings.subscriptions[0].bindings[1].origin.description == "FILE:8:41")

        let journal = try #require(settings.journal)
        #expect(journal.path.value == "/var/lib/kazoo-subscribe/journal.sqlite")
        #expect(journal.retention == .seconds(7 * 86_400))
        #expect(journal.sizeLimit == 2_000_000_000)

        #expect(settings.consumers.map(\.name.value) == ["archive", "new-users", "feed"])
        let file = try #require(settings.consumers[0].type as? FileSettings)
        #expect(file.path.value == "/var/log/kazoo-subscribe/events.ndjson")
        #expect(file.rotation?.size == 100_000_000)
        #expect(file.rotation?.interval == .seconds(86_400))
        #expect(file.rotation?.keep == 14)
        #expect(file.rotation?.compression == .gzip)
        #expect((file.synchronization, file.mode, file.owner?.value) == (.interval, 0o640, nil))

        let hook = try #require(settings.consumers[1].type as? HookSettings)
        guard case .arguments(let arguments) = hook.command, case .event(let event) = hook.mode else {
            Issue.record("\(hook)")
            return
        }
        #expect(arguments.map(\.value) == ["/usr/local/bin/on-user", "{data.id}"])
        #expect(event.timeout == .seconds(30))
        #expect(event.concurrency == 4)
        #expect(event.orderBy == JSONPath("data.id"))
        #expect(event.retry.attempts == 5)
        #expect(event.retry.backoff == Duration.seconds(1)...Duration.seconds(300))
        #expect(settings.consumers[1].bindings.map(\.value) == ["object.doc_created.user"])
        #expect(settings.consumers[1].matches == [try EventMatch("data.type=user")])

        #expect(settings.consumers[2].type is StandardOutputSettings)
        #expect((settings.log.level, settings.log.form) == (.info, .text))
    }

    @Test func defaults() throws {
        let settings = try Configuration.settings(
            Configuration.kazoo
                + "subscriptions: [{bindings: call.*.*}]\nconsumers: [{name: a, type: stdout}]\nlog:\n")
        let kazoo = settings.kazoo
        #expect(kazoo.websockets.isEmpty && kazoo.proxy == nil && kazoo.tls.authorities == nil && !kazoo.tls.isInsecure)
        #expect((kazoo.redundancy, kazoo.subscriptionsPerConnection) == (1, 500))
        #expect((kazoo.renewal, kazoo.descendantsInterval) == (.seconds(900), .seconds(60)))
        let consumer = settings.consumers[0]
        #expect(
            (consumer.output, consumer.showsGaps, consumer.queueSize, consumer.overflow) == (
                .raw, false, 64 << 20, .dropOldest
            ))
        #expect(consumer.bindings.isEmpty && consumer.matches.isEmpty)
        #expect((settings.log.level, settings.log.form) == (.notice, .text))
        #expect(settings.journal == nil && settings.stateDirectory == nil)
    }

    @Test func journals() throws {
        func journal(_ keys: String) throws -> JournalSettings? {
            try Configuration.settings("kazoo: {server: http://kazoo, token_file: /token}\njournal: {path: /j\(keys)}")
                .journal
        }
        let plain = try #require(try journal(""))
        #expect((plain.retention, plain.sizeLimit, plain.countLimit) == (nil, nil, nil))
        #expect((plain.synchronization, plain.queueSize) == (.commit, 64 << 20))
        let other = try #require(try journal(", max_events: 5, fsync: interval, queue: 256MiB"))
        #expect((other.countLimit, other.synchronization, other.queueSize) == (5, .interval, 256 << 20))
    }

    @Test func everyOtherKey() throws {
        let settings = try Configuration.settings(
            """
            kazoo:
              server: https://kazoo
              websocket: wss://kazoo
              token_file: /token
              tls: {cacert: /ca, cert: /cert, key: /key, insecure: no}
              proxy: http://proxy:3128
              redundancy: 2
              subscriptions_per_connection: 100
              renew: 1h
              follow_descendants: 5m
            subscriptions: [{account: "*", bindings: [call.*.*]}]
            consumers:
              - {name: a, type: file, path: /a-%F, fsync: always, mode: 0600, owner: root:adm, output: envelope, gaps: yes,
                 queue: 1MiB, overflow: drop_newest, match: {data.flag: true, data.none: null, name: CHANNEL_*}}
            state_directory: /var/lib/kazoo-subscribe
            log: {level: debug, format: json}
            """)
        let kazoo = settings.kazoo
        guard case .token(let file) = kazoo.login else {
            Issue.record("\(kazoo.login)")
            return
        }
        #expect(file.value == "/token")
        #expect(kazoo.websockets.map(\.value) == ["wss://kazoo"])
        #expect(
            [kazoo.tls.authorities, kazoo.tls.certificate, kazoo.tls.key].map(\.?.value) == ["/ca", "/cert", "/key"])
        #expect(kazoo.proxy?.value == "http://proxy:3128")
        #expect((kazoo.redundancy, kazoo.subscriptionsPerConnection) == (2, 100))
        #expect((kazoo.renewal, kazoo.descendantsInterval) == (.seconds(3600), .seconds(300)))
        #expect(settings.subscriptions[0].account?.value == "*")
        let consumer = settings.consumers[0]
        #expect(
            (consumer.output, consumer.showsGaps, consumer.queueSize, consumer.overflow) == (
                .envelope, true, 1 << 20, .dropNewest
            ))
        #expect(consumer.matches.map(\.description) == ["data.flag=true", "data.none=null", "name=CHANNEL_*"])
        let archive = try #require(consumer.type as? FileSettings)
        #expect((archive.synchronization, archive.mode, archive.owner?.value) == (.always, 0o600, "root:adm"))
        #expect(settings.stateDirectory?.value == "/var/lib/kazoo-subscribe")
        #expect((settings.log.level, settings.log.form) == (.debug, .json))
    }

    @Test func theWaysToLogIn() throws {
        func login(_ keys: String) throws -> LoginSettings {
            try Configuration.settings("kazoo:\n  server: http://kazoo\n" + keys).kazoo.login
        }
        guard case .apiKey(let key) = try login("  api_key_file: /key\n") else {
            Issue.record("no API key")
            return
        }
        #expect(key.value == "/key")
        let hash = try login("  username: u\n  credentials_file: /hash\n  account_realm: no\n")
        guard case .credentials(let file, .realm("no")) = hash else {
            Issue.record("\(hash)")
            return
        }
        #expect(file.value == "/hash")
        let user = try login("  username: 1e3\n  phone_number: 0123\n  hash: md5\n")
        guard case .user("1e3", let password, .phoneNumber("0123")) = user else {
            Issue.record("\(user)")
            return
        }
        #expect(password.file == nil && password.digest == .md5)
    }

    @Test func aHookThatStays() throws {
        let hook = try Configuration.consumer(
            "  - {name: a, type: hook, shell: 'jq .', mode: stream, environment: {A: '', B: no}}", as: HookSettings.self
        )
        guard case .shell(let script) = hook.command, case .stream = hook.mode else {
            Issue.record("\(hook)")
            return
        }
        #expect(script.value == "jq .")
        #expect(hook.environment == ["A": "", "B": "no"])
    }

    @Test func theSectionOfOneCommandAlone() {
        let document = YAMLDocument(Configuration.kazoo + "consumers: nonsense\n", file: "FILE")
        let loaded = KazooSettings.load(document, layers: [], judge: { _, _ in .good })
        #expect(loaded.problems == [])
        #expect(loaded.value?.server.value == "http://kazoo:8000")
        let none = KazooSettings.load(nil, layers: [.options([.server: ["http://a"]])], judge: { _, _ in .good })
        #expect(
            none.problems.map(\.description)
                == ["nobody to log in as: give “username” and “account_name”, or “api_key_file”, or “token_file”"])
    }
}
