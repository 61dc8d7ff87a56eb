import Events
import Network
import Subscriber
import Testing

@testable import SubscribeCommands

/// What a check-up comes to, and how it is written, without IO.
@Suite struct CheckupTests {
    private static let api = Checkup.Target(
        url: ServerURL(scheme: .https, host: "kazoo.example.com", port: 8443), role: .server(logsIn: true))
    private static let named = Checkup.Target(
        url: ServerURL(scheme: .ws, host: "10.0.0.1", port: 5555), role: .websocket(isGuess: false))
    private static let guess = Checkup.Target(
        url: ServerURL(scheme: .ws, host: "10.0.0.1", port: 5556), role: .websocket(isGuess: true))

    private static let refused = Finding.failure(
        .temporary, "refused: 429 Too Many Requests", advice: "close some, or have an administrator raise it")

    private func sample() -> Checkup {
        var checkup = Checkup()
        _ = checkup.record(.dns, of: Self.api, elapsed: .microseconds(1_240), .good("10.0.0.1"))
        _ = checkup.record(.tcp, of: Self.api, elapsed: .microseconds(999_949), .good("connected to 10.0.0.1:8443"))
        _ = checkup.record(
            .tls, of: Self.api, elapsed: .seconds(2), .good("TLSv1.3").fact("tls", "TLSv1.3").warning("renew it"))
        _ = checkup.record(.login, of: Self.api, elapsed: .microseconds(5_500), .good("Kazoo 5.4\u{1B}[2J"))
        _ = checkup.record(.dns, of: Self.named, .good("10.0.0.1"))
        _ = checkup.record(.tcp, of: Self.named, elapsed: .microseconds(80), .good("connected to 10.0.0.1:5555"))
        _ = checkup.record(.upgrade, of: Self.named, elapsed: .milliseconds(12), Self.refused)
        _ = checkup.skipRest(of: Self.named)
        return checkup
    }

    // MARK: Text

    @Test func `plain words in aligned columns`() {
        let text = CheckupText(style: .words)
        let lines = sample().results.flatMap { text.lines(for: $0) } + [text.line(for: sample().verdict)]
        #expect(text.header(of: Self.api) == "https://kazoo.example.com:8443")
        #expect(
            lines.joined(separator: "\n") == """
                  ok   DNS          1.2 ms  10.0.0.1
                  ok   TCP        999.9 ms  connected to 10.0.0.1:8443
                  warn TLS           2.0 s  TLSv1.3
                                            remedy: renew it
                  ok   login        5.5 ms  Kazoo 5.4\u{FFFD}[2J
                  ok   DNS                  10.0.0.1
                  ok   TCP          0.1 ms  connected to 10.0.0.1:5555
                  FAIL upgrade     12.0 ms  refused: 429 Too Many Requests
                                            remedy: close some, or have an administrator raise it
                  skip subscribe            not possible: upgrade failed
                  skip ping                 not possible: upgrade failed
                FAIL: upgrade failed at ws://10.0.0.1:5555
                """)
    }

    @Test func `coloured marks, and lines that fit`() {
        let text = CheckupText(style: .marks, width: 60)
        let lines = sample().results.suffix(3).flatMap { text.lines(for: $0) } + [text.line(for: sample().verdict)]
        let shown = lines.joined(separator: "\n").replacing("\u{1B}", with: "^")
        #expect(
            shown == """
                  ^[31;1m✗^[0m upgrade     12.0 ms  refused: 429 Too Many Requests
                                         ^[2m→ ^[0mclose some, or have an
                                           administrator raise it
                  ^[2m–^[0m subscribe            ^[2mnot possible: upgrade failed^[0m
                  ^[2m–^[0m ping                 ^[2mnot possible: upgrade failed^[0m
                ^[31;1m✗^[0m ^[1mupgrade failed at ws://10.0.0.1:5555^[0m
                """)
        #expect(
            text.header(of: Self.guess).replacing("\u{1B}", with: "^")
                == "^[1mws://10.0.0.1:5556^[0m^[2m  (one of Kazoo's usual ports; name yours with --websocket)^[0m")
    }

    @Test(arguments: [
        (Duration.zero, "0.0 ms"), (.microseconds(49), "0.0 ms"), (.microseconds(50), "0.1 ms"),
        (.microseconds(999_949), "999.9 ms"), (.microseconds(999_950), "1.0 s"), (.seconds(61), "61.0 s"),
    ]) func `times`(_ duration: Duration, text: String) {
        #expect(CheckupText.time(duration) == text)
    }

    // MARK: JSON

    @Test func `one object a step for programs`() {
        let results = sample().results
        #expect(
            CheckupJSON.line(for: results[2])
                == #"{"url":"https://kazoo.example.com:8443","step":"tls","state":"warning","milliseconds":2000.000,"detail":"TLSv1.3","remedy":"renew it","facts":{"tls":"TLSv1.3"}}"#
        )
        #expect(
            CheckupJSON.line(for: results[8])
                == #"{"url":"ws://10.0.0.1:5555","step":"ping","state":"skipped","because":"upgrade"}"#)
        #expect(
            CheckupJSON.line(for: sample().verdict)
                == #"{"verdict":"failed","exit_code":75,"message":"upgrade failed at ws://10.0.0.1:5555"}"#)
    }

    // MARK: Verdict

    private func check(_ checkup: inout Checkup, _ target: Checkup.Target, works: Bool) {
        for step in target.steps {
            if !works, step == .tcp {
                _ = checkup.record(step, of: target, .failure(.unreachable, "refused", advice: nil))
                _ = checkup.skipRest(of: target)
                return
            }
            _ = checkup.record(step, of: target, .good(""))
        }
    }

    @Test func `a guess that fails does no harm where a WebSocket works`() {
        var checkup = Checkup()
        check(&checkup, Self.api, works: true)
        check(&checkup, Self.named, works: true)
        check(&checkup, Self.guess, works: false)
        #expect(
            checkup.verdict
                == Checkup.Verdict(
                    exitCode: 0, message: "everything works; ws://10.0.0.1:5556 does not, which was only a guess"))
    }

    @Test func `a guess that fails counts where no WebSocket works`() {
        var checkup = Checkup()
        check(&checkup, Self.api, works: true)
        check(&checkup, Self.guess, works: false)
        #expect(checkup.verdict == Checkup.Verdict(exitCode: 69, message: "TCP failed at ws://10.0.0.1:5556"))
    }

    @Test func `the first failure decides`() {
        var checkup = Checkup()
        check(&checkup, Self.named, works: true)
        _ = checkup.record(.dns, of: Self.api, .failure(.denied, "", advice: nil))
        _ = checkup.skipRest(of: Self.api)
        check(&checkup, Self.guess, works: false)
        #expect(
            checkup.verdict
                == Checkup.Verdict(
                    exitCode: 77, message: "DNS failed at https://kazoo.example.com:8443; 1 of 2 WebSockets works"))
    }
}
