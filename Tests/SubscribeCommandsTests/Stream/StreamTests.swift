import ArgumentParser
import Blackhole
import Crossbar
import Events
import Subscriber
import Testing

@testable import SubscribeCommands

/// The command line of `stream`, and the help.
@Suite struct StreamTests {
    private func refusal(_ arguments: [String]) -> String {
        do {
            _ = try Stream.parse(arguments)
            return ""
        } catch {
            return Stream.message(for: error)
        }
    }

    @Test func defaults() throws {
        let stream = try Stream.parse(["--binding", "call.*.*"])
        #expect(stream.subscription.binding == ["call.*.*"])
        #expect(stream.subscription.account.isEmpty)
        #expect(!stream.subscription.noReconnect)
        #expect(stream.outputOptions.count == nil)
        #expect(stream.outputOptions.output == .raw)
        #expect(stream.outputOptions.format == nil)
        #expect(!stream.connection.insecure)
        #expect(stream.logging.form == .text)
        #expect(stream.logging.colour == .auto)
    }

    @Test func sessionOptions() throws {
        let usual = try Stream.parse(["-b", "call.*.*"]).subscription
        var unchanged = usual.policy
        usual.apply(to: &unchanged)
        #expect(unchanged == .oneShot)
        #expect(usual.lastLive == nil)
        let stream = try Stream.parse([
            "-b", "call.*.*", "--redundancy", "2", "--subscriptions-per-connection", "50", "--renew", "0", "--follow",
            "5m", "--state-file", "/var/lib/last-live", "--no-reconnect",
        ])
        var expected = SessionPolicy.once
        expected.redundancy = 2
        expected.subscriptionsPerConnection = 50
        expected.renewalInterval = nil
        expected.accountsInterval = .seconds(300)
        var policy = stream.subscription.policy
        stream.subscription.apply(to: &policy)
        #expect(policy == expected)
        #expect(stream.subscription.lastLive?.path == "/var/lib/last-live")
    }

    @Test(arguments: [
        (["--redundancy", "0"], "--redundancy wants a number of connections, at least 1"),
        (["--subscriptions-per-connection", "0"], "--subscriptions-per-connection wants a number, at least 1"),
        (["--follow", "0"], "--follow wants a time of at least 1 s"),
        (["--renew", "1s"], "--renew wants a time of at least 10 s, or 0 for never"),
    ])
    func wrongSessionOptions(_ arguments: [String], _ words: String) {
        #expect(refusal(["-b", "call.*.*"] + arguments).contains(words))
    }

    @Test func allOptions() throws {
        let stream = try Stream.parse([
            "-b", "call.*.*", "-b", "fax.status.*", "--account", "descendants", "--no-reconnect", "-c", "3", "--wait",
            "5m",
            "--duration", "1h", "--output", "envelope", "--match", "data.type=user", "--quiet", "--log-format", "json",
            "--color", "never", "--hash", "md5",
        ])
        #expect(stream.subscription.binding == ["call.*.*", "fax.status.*"])
        #expect(stream.subscription.noReconnect)
        #expect(stream.outputOptions.count == 3)
        #expect(stream.outputOptions.wait?.duration == .seconds(300))
        #expect(stream.outputOptions.duration?.duration == .seconds(3600))
        #expect(stream.outputOptions.output == .envelope)
        #expect(stream.connection.hashMethod == .md5)
    }

    @Test(arguments: [
        (["--quiet", "--verbose"], "--quiet and --verbose contradict each other"),
        (["--format", "{name}", "--output", "pretty"], "--format and --output exclude each other"),
        (["--count", "0"], "--count wants a number of events, at least 1"),
        (["--count", "many"], "many"),
        (["--wait", "soon"], "soon"),
        (["--output", "xml"], "xml"),
        (["--match", "data.type"], "--match: "),
        (["--format", "{name"], "--format: column 1"),
        (["--hash", "sha256"], "sha256"),
        (["--bindng", "x"], "--bindng"),
    ])
    func refused(_ arguments: [String], _ words: String) {
        #expect(refusal(arguments).contains(words), "\(refusal(arguments))")
    }

    @Test(arguments: [
        ([], [], "nothing to subscribe to: give --binding"),
        (["call.CHANEL_CREATE.*"], [], "--binding: "),
        (["call.*.*"], ["Acme"], "--account: "),
        (["object.*.*"], ["*"], "--account: "),
    ])
    func unusableSubscription(_ bindings: [String], _ accounts: [String], _ words: String) throws {
        let error = try #require(
            throws: UsageError.self,
            performing: { try SubscriptionOptions.wanted(bindings: bindings, accounts: accounts) })
        #expect(error.description.hasPrefix(words), "\(error)")
        #expect(error.exitCode == 64)
    }

    @Test func everyBindingForEveryAccount() throws {
        let wanted = try SubscriptionOptions.wanted(
            bindings: ["call.*.*", "fax.status.*"], accounts: ["009afc511c97b2ae693c6cc4920988e8", "descendants"])
        #expect(wanted.map(\.binding.description) == ["call.*.*", "call.*.*", "fax.status.*", "fax.status.*"])
        #expect(wanted.map { $0.accounts == .descendants } == [false, true, false, true])
        #expect(try SubscriptionOptions.wanted(bindings: ["call.*.*"]).map(\.accounts) == [.own])
    }

    @Test func help() {
        let help = Root.helpText
        for option in [
            "--binding", "--account", "--count", "--wait", "--duration", "--output", "--format", "--match", "--server",
            "--password-file", "--cacert", "--proxy", "--quiet",
        ] {
            #expect(help.contains(option))
        }
        for heading in ["EXAMPLES:", "BINDINGS:", "COMMANDS:"] { #expect(help.contains(heading)) }
        let commands = help.split(separator: "COMMANDS:").last ?? ""
        for command in ["stream", "demo", "simulate", "hash"] { #expect(commands.contains("\n  \(command)")) }
        for line in help.split(separator: "\n") { #expect(line.count <= 100) }
    }
}
