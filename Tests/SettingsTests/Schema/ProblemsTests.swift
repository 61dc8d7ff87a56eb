import Testing

@testable import Settings

/// What is wrong is said, all of it, each where it stands.
@Suite struct ProblemsTests {
    private func problems(_ text: String, layers: [ConnectionLayer] = []) -> [String] {
        Configuration.load(text, layers: layers).problems.map(\.description)
    }

    @Test func allOfThemAtOnce() {
        let text = """
            kazo:
              server: x
            kazoo:
              servr: http://kazoo:8000
              username: events
              acount_name: master
              websocket: [a, [b]]
              tls: {insecure: maybe, cert: relative}
              redundancy: 0
            subscriptions:
              - account: a
              - bindings: {}
            metrics: {listen: 127.0.0.1:9464}
            journal:
              path: journal
            consumers:
              - type: fil
                name: a b
              - name: crm
                type: webhook
                url: https://crm.example.com/kazoo
                queue: 64
              - {name: c, type: file, rotate: {size: 1}, bindings: []}
              - {name: c, type: hook, command: [x], retry: {backof: 1s}}
            log: {level: loud}
            """
        #expect(
            problems(text) == [
                "FILE:1:1: unknown key “kazo”; known here: kazoo, subscriptions, journal, consumers, metrics, log, state_directory",
                "FILE:4:3: “server” is missing here",
                "FILE:4:3: which account does the user belong to? give “account_name”, “account_realm” or “phone_number”",
                "FILE:4:3: unknown key “servr” (did you mean “server”?)",
                "FILE:6:3: unknown key “acount_name” (did you mean “account_name”?)",
                "FILE:7:18: a text is expected here, not a list",
                "FILE:8:19: “maybe” is neither true nor false",
                "FILE:8:26: “cert” and “key” belong together; give both",
                "FILE:8:32: “relative” is not an absolute path; write it from /",
                "FILE:9:15: “0” is not between 1 and 8",
                "FILE:11:5: “bindings” is missing here",
                "FILE:12:15: a text is expected here, not keys with values",
                "FILE:13:1: “metrics” is not available in this version",
                "FILE:15:9: “journal” is not an absolute path; write it from /",
                "FILE:17:11: “fil” is not one of stdout, file, hook (did you mean “file”?)",
                "FILE:18:11: “a b” is not a name: up to 64 letters, digits, -, _ and ., not - or . at the beginning",
                "FILE:20:11: the consumer type “webhook” is not available in this version",
                "FILE:22:12: “64” is not a size; write a whole number and B, kB, MB, GB, KiB, MiB or GiB, such as 100MB (did you mean “64B”?)",
                "FILE:23:5: “path” is missing here",
                "FILE:23:42: “1” is not a size; write a whole number and B, kB, MB, GB, KiB, MiB or GiB, such as 100MB (did you mean “1B”?)",
                "FILE:23:56: an empty list is of no use here",
                "FILE:24:49: unknown key “backof” (did you mean “backoff”?)",
                "FILE:25:14: “loud” is not one of trace, debug, info, notice, warning, error, critical",
            ])
    }

    @Test(arguments: [
        ("", ["FILE:1:1: “kazoo” is missing here"]),
        ("- a\n", ["FILE:1:1: a mapping, KEY: VALUE, is expected here, not a list"]),
        ("hello\n", ["FILE:1:1: a mapping, KEY: VALUE, is expected here, not “hello”"]),
        (
            "kazoo:\n",
            [
                "FILE:1:7: “server” is missing here",
                "FILE:1:7: nobody to log in as: give “username” and “account_name”, or “api_key_file”, or “token_file”",
            ]
        ),
        ("kazoo: 5\n", ["FILE:1:8: a mapping, KEY: VALUE, is expected here, not “5”"]),
    ])
    func files(_ text: String, _ expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test(arguments: [
        (
            "password: hunter2",
            "FILE:5:3: a config file is no place for secrets; name a file with “password_file”"
        ),
        ("token_file: /t", "FILE:5:3: “username” and “token_file” exclude each other; give one of them"),
        ("phone_number: 1", "FILE:5:3: “account_name” and “phone_number” exclude each other; give one of them"),
        ("tls: {key: /k}", "FILE:5:9: “key” and “cert” belong together; give both"),
        ("password_file: '-'", "FILE:5:18: “-” is not an absolute path; write it from /"),
        ("renew: 1s", "FILE:5:10: “1s” is not between 10s and 3650d"),
        ("websocket: &a x", "FILE:5:14: anchors (“&a”) are not supported"),
    ])
    func connections(_ line: String, _ expected: String) {
        #expect(problems(Configuration.kazoo + "  \(line)\n") == [expected])
    }

    @Test(arguments: [
        ("- {name: a}", "FILE:7:5: “type” is missing here"),
        ("- {type: stdout}", "FILE:7:5: “name” is missing here"),
        ("- stdout", "FILE:7:5: a mapping, KEY: VALUE, is expected here, not “stdout”"),
        (
            "- {name: ../x, type: stdout}",
            "FILE:7:12: “../x” is not a name: up to 64 letters, digits, -, _ and ., not - or . at the beginning"
        ),
        ("- {name: a, type: stdout, path: /x}", "FILE:7:29: unknown key “path” (did you mean “match”?)"),
        (
            "- {name: a, type: stdout, match: {data..id: 1}}",
            "FILE:7:37: \"data..id\" is no path; write keys with dots between them, such as data.type"
        ),
        ("- {name: a, type: stdout, match: [a]}", "FILE:7:36: a mapping, KEY: VALUE, is expected here, not a list"),
        ("- {name: a, type: file, path: x}", "FILE:7:33: “x” is not an absolute path; write it from /"),
        ("- {name: a, type: file, path: /x/}", "FILE:7:33: this is a directory; name a file in it"),
        ("- {name: a, type: file, path: /x, owner: 'a:'}", "FILE:7:44: “a:” is no owner; write USER or USER:GROUP"),
        ("- {name: a, type: file, path: /x, rotate: 5}", "FILE:7:45: a mapping, KEY: VALUE, is expected here, not “5”"),
        ("- {name: a, type: hook}", "FILE:7:5: what is to be started? give “command” or “shell”"),
        (
            "- {name: a, type: hook, command: [x], shell: y}",
            "FILE:7:41: “command” and “shell” exclude each other; give one of them"
        ),
        (
            "- {name: a, type: hook, command: x y}",
            "FILE:7:36: a list is expected here, which no shell sees; write [PROGRAM, ARGUMENT, …], or “shell” instead of “command”"
        ),
        ("- {name: a, type: hook, command: []}", "FILE:7:36: an empty list is of no use here"),
        ("- {name: a, type: stdout, bindings: []}", "FILE:7:39: an empty list is of no use here"),
        ("- {name: a, type: hook, command: ['']}", "FILE:7:37: a text is expected here, not an empty text"),
        (
            "- {name: a, type: hook, command: [x, {data.id}]}",
            "FILE:7:40: a text is expected here, not keys with values; if the text “{data.id}” is meant, write it in quotes"
        ),
        (
            "- {name: a, type: hook, command: [x], order_by: data.}",
            "FILE:7:51: “data.” is no path; write keys with dots between them, such as data.id"
        ),
        (
            "- {name: a, type: hook, shell: x, mode: stream, timeout: 1s}",
            "FILE:7:51: “timeout” has no meaning with “mode: stream”; leave it out"
        ),
        ("- {name: a, type: hook, shell: x, environment: {A=B: c}}", "FILE:7:51: “A=B” is not the name of a variable"),
        (
            "- {name: a, type: stdout}\n  - {name: a, type: file, path: /x}",
            "FILE:8:12: another consumer is called “a”: FILE:7:12",
        ),
        (
            "- {name: a, type: stdout}\n  - {name: b, type: stdout}",
            "FILE:8:12: “a” is of the type stdout already, of which there can be one only"
        ),
    ])
    func consumers(_ text: String, _ expected: String) {
        #expect(Configuration.problems(consumers: "  \(text)\n") == [expected])
    }

    @Test func halfADaemon() {
        #expect(
            problems(Configuration.kazoo + "subscriptions: [{bindings: call.*.*}]\n")
                == ["FILE:1:1: “consumers” is missing here, without which “subscriptions” are of no use"])
        #expect(
            problems(Configuration.kazoo + "consumers: [{name: a, type: stdout}]\n")
                == ["FILE:1:1: “subscriptions” is missing here, without which “consumers” are of no use"])
        #expect(problems(Configuration.kazoo) == [], "stream needs no more")
    }

    @Test func othersAreAsked() {
        let text = """
            kazoo: {server: S, websocket: [W], api_key_file: /F, tls: {cacert: /A}}
            subscriptions: [{account: C, bindings: [B]}]
            consumers: [{name: a, type: hook, bindings: [B], command: [P, Q]}]
            """
        var asked: [TextKind: [String]] = [:]
        let loaded = Configuration.load(text) { text, kind in
            asked[kind, default: []].append(text)
            return text == "B" ? .wrong(Mismatch("no", suggestion: "yes")) : .doubtful("hm")
        }
        #expect(
            asked == [
                .server: ["S"], .websocket: ["W"], .secretFile: ["/F"], .readableFile: ["/A"], .account: ["C"],
                .binding(account: "C"): ["B"], .binding(account: nil): ["B"], .program: ["P"],
            ])
        #expect(
            loaded.problems.map(\.description)
                == ["FILE:2:41: no (did you mean “yes”?)", "FILE:3:46: no (did you mean “yes”?)"])
        #expect(loaded.warnings.count == 6)
    }

    @Test func thousandsOfProblemsAreNotListed() {
        let text = (1...5000).map { "key\($0): 1\n" }.joined()
        let loaded = Configuration.load(text)
        #expect(loaded.problems.count == Findings.limit)
        #expect(loaded.unkept == 5001 - Findings.limit)
    }
}
