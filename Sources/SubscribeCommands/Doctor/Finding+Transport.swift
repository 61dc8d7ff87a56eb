import Events
import Network
import Subscriber

extension Finding {
    /// One step of the way to a server, and what it found out.
    struct TransportStep: Equatable, Sendable {
        var step: Checkup.Step
        var elapsed: Duration?
        var finding: Finding
    }

    /// Everything that is known about an attempt to connect.
    struct Transport: Sendable {
        var url: ServerURL
        var options: NetworkOptions
        var trace: ConnectionTrace
        /// Why there is no connection; `nil` when there is one.
        var error: NetworkError?
        /// The certificate that was not trusted, where the server showed one.
        var untrusted: ConnectionTrace.Certificate?
        /// The present.
        var now: Timestamp
    }

    /// Tells DNS, TCP and TLS apart; the first one that failed is the last one.
    static func steps(of transport: Transport) -> [TransportStep] {
        let trace = transport.trace
        let isSecure = transport.url.scheme.isSecure
        // Without TLS nothing can fail behind TCP but a proxy, and that belongs to the way there.
        let stages = [
            (Checkup.Step.dns, trace.resolving, isPassed: trace.resolving != nil, addresses(transport)),
            (Checkup.Step.tcp, trace.connecting, isPassed: trace.connecting != nil && isSecure, peer(transport)),
        ]
        var steps: [TransportStep] = []
        var rest = trace.total
        for (step, elapsed, isPassed, success) in stages
            + (isSecure ? [(.tls, trace.securing, isPassed: false, security(transport))] : [])
        {
            if let error = transport.error, !isPassed {
                let failure = failure(error, at: step, transport)
                return steps + [TransportStep(step: step, elapsed: rest, finding: failure)]
            }
            steps.append(TransportStep(step: step, elapsed: elapsed, finding: success))
            rest = max(.zero, rest - (elapsed ?? .zero))
        }
        return steps
    }

    private static func addresses(_ transport: Transport) -> Finding {
        let addresses = transport.trace.addresses.reduce(into: [String]()) { hosts, address in
            let host = String(address[..<(address.lastIndex(of: ":") ?? address.endIndex)])
            if !hosts.contains(host) { hosts.append(host) }
        }
        let whose = isProxied(transport) ? "the proxy's: " : ""
        return .good(whose + addresses.joined(separator: ", "))
            .fact("addresses", .array(addresses.map(JSONValue.string)))
    }

    private static func peer(_ transport: Transport) -> Finding {
        let peer = transport.trace.peer
        let way = isProxied(transport) ? "through the proxy at" : "connected to"
        let privacy = transport.url.scheme.isSecure ? "" : ", not encrypted"
        return .good("\(way) \(peer ?? "the server")\(privacy)").fact("peer", peer.map(JSONValue.string))
    }

    /// libcurl 7.88 does not say whether it uses a proxy of the environment; another port does.
    private static func isProxied(_ transport: Transport) -> Bool {
        guard let peer = transport.trace.peer else { return transport.options.proxy.map { !$0.isEmpty } ?? false }
        return !peer.hasSuffix(":\(transport.url.port)")
    }

    // MARK: TLS

    /// How early the end of a certificate is worth a warning, in days.
    private static let renewalDays = 14

    private static func security(_ transport: Transport) -> Finding {
        let certificate = transport.trace.certificate
        let version = transport.trace.tls.map { String($0.prefix { $0 != " " }) }
        let detail = [version, certificate.map(describe)].compactMap(\.self).joined(separator: ", ")
        var finding = Finding.good(detail.isEmpty ? "encrypted" : detail)
            .fact("tls", transport.trace.tls.map(JSONValue.string))
            .fact("certificate", certificate.map(json))
        if transport.options.isInsecure {
            finding = finding.warning("--insecure: nobody has checked this certificate; use --cacert instead")
        }
        guard let expiry = certificate?.expiry else { return finding }
        let days = (expiry - transport.now.unixSeconds) / 86_400
        guard days < renewalDays else { return finding }
        return finding.warning(
            days < 0
                ? "the certificate has ended: renew it"
                : "the certificate ends in \(days == 1 ? "1 day" : "\(days) days"): renew it")
    }

    private static func describe(_ certificate: ConnectionTrace.Certificate) -> String {
        let end = certificate.expiry.map { ", until \(date($0))" } ?? ""
        let issuer = certificate.issuer == certificate.subject ? "self-signed" : "issued by \(certificate.issuer)"
        return "\(certificate.subject), \(issuer)\(end)"
    }

    private static func json(_ certificate: ConnectionTrace.Certificate) -> JSONValue {
        [
            "subject": .string(certificate.subject), "issuer": .string(certificate.issuer),
            "expiry": certificate.expiry.map { .string(date($0)) } ?? .null,
        ]
    }

    private static func date(_ unixSeconds: Int) -> String {
        String(Timestamp(unixSeconds: unixSeconds).description.prefix(10))
    }

    // MARK: Failures

    /// A connection that was not made, or has broken.
    static func failure(_ error: NetworkError) -> Finding {
        .failure(.unreachable, error.message, advice: error.remedy)
            .fact("code", .string(error.code.description))
    }

    private static func failure(
        _ error: NetworkError, at step: Checkup.Step, _ transport: Transport
    ) -> Finding {
        var finding = failure(error)
        switch error.code {
        case .untrustedCertificate:
            if let shown = transport.untrusted {
                finding.detail += "; it is \(describe(shown))"
                finding = finding.fact("certificate", json(shown))
            }
            finding.advice = certificateAdvice(error, transport)
        case .unreachable where step == .tcp && !transport.trace.addresses.isEmpty:
            finding.detail =
                transport.trace.addresses.joined(separator: ", ")
                + ": \(transport.trace.systemError ?? error.message)"
            let ports = isProxied(transport) ? nil : usualPorts(transport.url)
            finding.advice = [error.remedy, ports].compactMap(\.self).joined(separator: "; ")
        case .timedOut where step == .tls:
            finding.advice =
                "whatever answers there does not speak TLS, or hangs: is it the port for \(transport.url.scheme)?"
        default: break
        }
        return finding
    }

    /// What mends a certificate that is not trusted: OpenSSL's and libcurl's words tell what is wrong with it.
    private static func certificateAdvice(_ error: NetworkError, _ transport: Transport) -> String? {
        if error.message.contains("subject name") {
            return "write the host name in the URL as the certificate has it, or get one for \(transport.url.host)"
        }
        if error.message.contains("expired") {
            return "the server's administrator must renew it, unless this machine's clock is wrong"
        }
        if error.message.contains("not yet valid") { return "this machine's clock is behind; set it right" }
        return "if you know it, trust its authority with --cacert FILE"
    }

    /// Where Kazoo usually listens, for a URL that names another port.
    private static func usualPorts(_ url: ServerURL) -> String? {
        switch (url.scheme, url.port) {
        case (.http, 8000), (.https, 8443), (.ws, 5555), (.wss, 7777), (.wss, 5556): nil
        case (.http, _), (.https, _): "Kazoo's API is usually at http port 8000 or https port 8443"
        case (.ws, _), (.wss, _): "blackhole is usually at ws port 5555 or wss port 7777 or 5556"
        }
    }
}
