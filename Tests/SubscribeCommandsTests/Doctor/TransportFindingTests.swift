import Events
import Network
import Subscriber
import Testing

@testable import SubscribeCommands

/// What is made of libcurl's account of a connection.
@Suite struct TransportFindingTests {
    private static let day = 86_400
    private static let certificate = ConnectionTrace.Certificate(
        subject: "CN = kazoo.example.com", issuer: "CN = R3", expiry: 20_000 * day)

    private func transport(
        _ url: String = "wss://kazoo.example.com:7777", daysBeforeEnd days: Int = 90, error: NetworkError? = nil,
        _ change: (inout Finding.Transport) -> Void = { _ in }
    ) throws -> [Finding.TransportStep] {
        var trace = ConnectionTrace()
        trace.resolving = .milliseconds(1)
        trace.connecting = .milliseconds(2)
        trace.securing = .milliseconds(3)
        trace.total = .milliseconds(6)
        trace.addresses = ["10.0.0.1:7777", "[2001:db8::1]:7777"]
        trace.peer = "[2001:db8::1]:7777"
        trace.tls = "TLSv1.3 / TLS_AES_256_GCM_SHA384"
        trace.certificate = Self.certificate
        var transport = Finding.Transport(
            url: try ServerURL(parsing: url, schemes: [.wss, .ws, .http, .https]), options: NetworkOptions(),
            trace: trace,
            error: error, now: Timestamp(microseconds: Int64((20_000 - days) * Self.day) * 1_000_000))
        change(&transport)
        return Finding.steps(of: transport)
    }

    @Test func `a connection with TLS`() throws {
        let steps = try transport()
        #expect(steps.map(\.step) == [.dns, .tcp, .tls])
        #expect(steps.map(\.elapsed) == [.milliseconds(1), .milliseconds(2), .milliseconds(3)])
        #expect(
            steps.map(\.finding.detail) == [
                "10.0.0.1, [2001:db8::1]", "connected to [2001:db8::1]:7777",
                "TLSv1.3, CN = kazoo.example.com, issued by CN = R3, until 2024-10-04",
            ])
        #expect(steps.allSatisfy { $0.finding.grade == .good })
    }

    @Test(arguments: [
        (13, "the certificate ends in 13 days: renew it"), (1, "the certificate ends in 1 day: renew it"),
        (-1, "the certificate has ended: renew it"),
    ]) func `a certificate that ends`(days: Int, advice: String) throws {
        let tls = try transport(daysBeforeEnd: days)[2].finding
        #expect(tls.grade == .warning)
        #expect(tls.advice == advice)
    }

    @Test func `nobody has checked the certificate`() throws {
        let tls = try transport { $0.options.isInsecure = true }[2].finding
        #expect(tls.advice == "--insecure: nobody has checked this certificate; use --cacert instead")
    }

    private func untrusted(_ message: String) throws -> [Finding.TransportStep] {
        let error = NetworkError(code: .untrustedCertificate, server: "kazoo.example.com:7777", message: message)
        return try transport(error: error) {
            $0.trace.securing = nil
            $0.trace.certificate = nil
            $0.untrusted = Self.certificate
        }
    }

    @Test(arguments: [
        ("unable to get local issuer certificate", "if you know it, trust its authority with --cacert FILE"),
        (
            "no alternative certificate subject name matches target host name",
            "write the host name in the URL as the certificate has it, or get one for kazoo.example.com"
        ),
        (
            "certificate has expired",
            "the server's administrator must renew it, unless this machine's clock is wrong"
        ),
        ("certificate is not yet valid", "this machine's clock is behind; set it right"),
    ]) func `a certificate that is not trusted is shown all the same`(message: String, advice: String) throws {
        let steps = try untrusted(message)
        #expect(steps.map(\.finding.grade) == [.good, .good, .failure(exitCode: 69)])
        #expect(steps[2].elapsed == .milliseconds(3))
        #expect(
            steps[2].finding.detail
                == "\(message); it is CN = kazoo.example.com, issued by CN = R3, until 2024-10-04")
        #expect(steps[2].finding.advice == advice)
    }

    @Test func `a name without an address`() throws {
        let error = NetworkError(
            code: .unresolved, server: "x", message: "cannot be resolved", remedy: "check the name")
        let steps = try transport(error: error) {
            $0.trace = ConnectionTrace()
            $0.trace.total = .seconds(5)
        }
        let failure = Finding.failure(.unreachable, "cannot be resolved", advice: "check the name").fact(
            "code", "unresolved")
        #expect(steps == [Finding.TransportStep(step: .dns, elapsed: .seconds(5), finding: failure)])
    }

    @Test func `a proxy that refuses belongs to the way there`() throws {
        let error = NetworkError(code: .proxyFailed, server: "x", message: "refused: 403")
        let steps = try transport("ws://kazoo.example.com:5555", error: error) {
            $0.trace.securing = nil
            $0.trace.peer = "10.9.9.9:3128"
            $0.trace.addresses = ["10.9.9.9:3128"]
        }
        #expect(steps.map(\.finding.detail) == ["the proxy's: 10.9.9.9", "refused: 403"])
        #expect(steps.last?.step == .tcp)
    }
}
