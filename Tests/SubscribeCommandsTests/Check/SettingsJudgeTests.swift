import Glibc
import Settings
import Testing

@testable import SubscribeCommands

@Suite struct SettingsJudgeTests {
    private func words(_ text: String, _ kind: TextKind) -> String? {
        switch SettingsJudge.judge(text, kind) {
        case .good: nil
        case .doubtful(let message): "doubtful: " + message
        case .wrong(let mismatch): mismatch.message
        }
    }

    @Test(arguments: [
        ("https://kazoo:8443", TextKind.server), ("wss://kazoo", .websocket), ("call.*.*", .binding(account: nil)),
        ("call.*.*", .binding(account: "*")), ("object.*.*", .binding(account: "descendants")),
        ("descendants", .account),
        ("*", .account), ("009afc511c97b2ae693c6cc4920988e8", .account), ("/bin/sh", .program), ("jq", .program),
        ("/opt/{name}", .program), ("/etc/passwd", .readableFile), ("/dev/null", .secretFile),
    ])
    func isGood(_ text: String, _ kind: TextKind) {
        #expect(words(text, kind) == nil)
    }

    @Test(arguments: [
        ("ws://kazoo", TextKind.server, "the scheme “ws” cannot be used here"),
        ("kazoo:5555", .websocket, "“kazoo:5555” has no scheme"),
        ("call.CHANEL_CREATE.*", .binding(account: nil), "did you mean call.CHANNEL_CREATE.*?"),
        ("object.*.*", .binding(account: "*"), "needs an account id"),
        ("009AFC511C97B2AE693C6CC4920988E8", .account, "did you mean 009afc511c97b2ae693c6cc4920988e8?"),
        ("/nowhere/secret", .secretFile, "/nowhere/secret: No such file or directory"),
        ("/etc", .readableFile, "/etc is a directory"),
        ("/dev/null", .program, "/dev/null: Permission denied"), ("/usr/bin", .program, "/usr/bin is a directory"),
        (
            "/etc/passwd", .secretFile,
            "doubtful: others can read /etc/passwd; protect it with: chmod 600 /etc/passwd"
        ),
    ])
    func isNotGood(_ text: String, _ kind: TextKind, _ expected: String) {
        #expect(words(text, kind)?.contains(expected) == true, "\(words(text, kind) ?? "good")")
    }

    /// An account that is wrong is told once, where it stands.
    @Test func aWrongAccountIsNotTheBindingsFault() {
        #expect(words("object.*.*", .binding(account: "nobody")) == nil)
    }
}
