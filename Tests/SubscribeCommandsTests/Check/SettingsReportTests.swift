import Foundation
import Settings
import Testing

@testable import SubscribeCommands

@Suite final class SettingsReportTests {
    private let directory: URL
    private var path: String { directory.appendingPathComponent("kazoo-subscribe/config.yaml").path }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory.appendingPathComponent("kazoo-subscribe"), withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func report(_ text: String, mode: Int = 0o644, _ variables: [String: String] = [:]) throws -> SettingsReport
    {
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return try Environment.$substitute.withValue(variables) { try SettingsReport(config: path) }
    }

    private static let kazoo = "kazoo: {server: http://kazoo, username: events, account_name: master}\n"

    @Test func aGoodFile() throws {
        let report = try report(
            Self.kazoo + """
                subscriptions: [{bindings: [call.*.*, object.*.*]}]
                consumers: [{name: a, type: stdout}, {name: b, type: file, path: /tmp/b}]
                """)
        #expect(report.isGood && report.lines == [])
        #expect(report.summary == "2 bindings, 2 consumers: a, b")
        #expect(report.settings?.consumers.count == 2)
    }

    @Test func aBindingThatNothingBrings() throws {
        let report = try report(
            Self.kazoo + """
                subscriptions: [{bindings: [call.CHANNEL_CREATE.*, object.*.user]}]
                consumers:
                  - {name: a, type: stdout, bindings: [call.*.*, object.doc_created.user]}
                  - {name: b, type: file, path: /tmp/b, bindings: [call.CHANNEL_DESTROY.*, object.*.user]}
                """)
        #expect(report.isGood)
        #expect(
            report.lines == [
                "\(path):5:52: warning: no subscription brings call.CHANNEL_DESTROY.*; this consumer gets nothing by it"
            ])
    }

    /// What only the consumer's own type can know.
    @Test func aHookThatCannotBeStarted() throws {
        let report = try report(
            Self.kazoo + """
                subscriptions: [{bindings: call.*.*}]
                consumers:
                  - {name: a, type: hook, command: [/bin/echo, "{data.id"]}
                  - {name: b, type: hook, shell: "echo {data.id}"}
                """)
        #expect(!report.isGood && report.settings == nil)
        #expect(report.lines.count == 2)
        #expect(report.lines.first?.hasPrefix("\(path):4:37: a placeholder has no end") == true)
        #expect(report.lines.last?.hasPrefix("\(path):5:34: {data.id} is not filled in here") == true)
    }

    @Test func aFileForStreamAlone() throws {
        let report = try report(Self.kazoo)
        #expect(report.isGood)
        #expect(report.summary == "for stream alone: no subscriptions and no consumers")
    }

    /// Those of the file's form, of its keys and of other modules' texts, together and in order.
    @Test func everythingThatIsWrong() throws {
        let report = try report(
            """
            kazoo: {server: kazoo, username: events, account_name: master, password_file: /nowhere}
            subscriptions: [{account: "*", bindings: [object.*.*, cal.*.*]}]
            consumer: []
            log: {level: info, level: info}
            """)
        #expect(!report.isGood && report.settings == nil)
        let places = report.lines.map { $0.dropFirst(path.count).prefix { $0 != " " } }
        #expect(places == [":1:1:", ":1:17:", ":1:79:", ":2:43:", ":2:55:", ":3:1:", ":4:20:"])
        #expect(report.lines.last == "\(path):4:20: “level” occurs twice; the first is in line 4")
    }

    @Test func theEnvironmentGoesOverTheFile() throws {
        let report = try report(
            "kazoo: {server: http://kazoo, username: events, account_name: master, password_file: /nowhere}\n",
            [
                "KAZOO_SUBSCRIBE_SERVER": "kazoo", "KAZOO_SUBSCRIBE_PASSWORD": "hunter2",
            ])
        #expect(
            report.lines
                == ["KAZOO_SUBSCRIBE_SERVER: “kazoo” has no scheme (http, https); did you mean “http://kazoo”?"])
        let good = try self.report(Self.kazoo, ["KAZOO_SUBSCRIBE_PASSWORD": "hunter2"])
        #expect(good.isGood && good.shown.contains("KAZOO_SUBSCRIBE_PASSWORD") && !good.shown.contains("hunter2"))
    }

    @Test func whatOthersMayDo() throws {
        let secret = """
            subscriptions: [{bindings: call.*.*}]
            consumers: [{name: a, type: hook, shell: x, environment: {TOKEN: hunter2}}]
            """
        let readable = try report(Self.kazoo + secret)
        #expect(readable.isGood && !readable.shown.contains("hunter2"))
        #expect(readable.lines == ["\(path):3:66: warning: others can read this secret; chmod 600 \(path)"])
        #expect(try report(Self.kazoo + secret, mode: 0o600).lines == [])
        #expect(
            try report(Self.kazoo, mode: 0o664).lines
                == ["\(path): warning: others can write this file, and with it commands to be run; chmod go-w \(path)"])
    }

    @Test func noFile() throws {
        let missing = #expect(throws: SettingsReport.NoFile.self) { try SettingsReport(config: "/nowhere/config.yaml") }
        #expect(missing?.lines == ["/nowhere/config.yaml: No such file or directory"])
    }
}
