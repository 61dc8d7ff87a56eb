import Blackhole
import Crossbar
import Events
import Network
import Subscriber
import Threads

/// Makes the steps of a check-up, one after the other, and tells each one as it happens; blocks.
struct DoctorRun: ~Copyable {
    /// What a check-up tells while it runs.
    enum Report: Sendable {
        /// The steps of this target follow.
        case begins(Checkup.Target)
        /// This is being done.
        case doing(String)
        /// This was done, or cannot be.
        case result(Checkup.Result)
    }

    let configuration: SessionConfiguration
    /// How long one step may take; DNS, TCP and TLS together count as one.
    let limit: Duration
    let interruption: Interruption
    let report: (Report) -> Void
    var checkup = Checkup()

    /// Checks as the configuration says.
    init(
        _ configuration: SessionConfiguration, limit: Duration, interruption: Interruption,
        report: @escaping (Report) -> Void
    ) {
        var configuration = configuration
        configuration.network.connectTimeout = limit
        configuration.network.requestTimeout = limit
        self.configuration = configuration
        self.limit = limit
        self.interruption = interruption
        self.report = report
    }

    /// What the login, or the ready token, brought.
    struct Access {
        var token: AuthToken
        var account: String?
        var announcedWebSocket: String?
    }

    /// Makes every step that can be made, until the interruption is raised.
    mutating func run() -> Checkup.Verdict {
        let access = checkServer()
        for target in websockets(announced: access?.announcedWebSocket) where !interruption.isRaised {
            checkWebSocket(target, access)
        }
        return checkup.verdict
    }

    /// The WebSockets to check: those that were named, or announced, and otherwise the usual ones.
    private func websockets(announced: String?) -> [Checkup.Target] {
        var urls: [ServerURL] = []
        for url in configuration.websocketURLs(announced: announced) where !urls.contains(url) { urls.append(url) }
        let named = configuration.websockets.isEmpty ? announced.map { [$0] } ?? [] : urls.map(\.description)
        return urls.map { url in
            let isNamed = named.contains { (try? ServerURL(parsing: $0, schemes: [.ws, .wss])) == url }
            return Checkup.Target(url: url, role: .websocket(isGuess: !isNamed))
        }
    }

    // MARK: Crossbar

    private mutating func checkServer() -> Access? {
        let logsIn = if case .login = configuration.authentication { true } else { false }
        let target = Checkup.Target(url: configuration.server, role: .server(logsIn: logsIn))
        report(.begins(target))
        guard connect(to: target) != nil else { return nil }
        let access: Access?
        switch configuration.authentication {
        case .login(let credentials): access = logIn(credentials, target)
        case .token(let read): access = readToken(read, target)
        }
        return access
    }

    private mutating func logIn(_ credentials: () throws -> Credentials, _ target: Checkup.Target) -> Access? {
        report(.doing("logging in"))
        let start = ContinuousClock.now
        let finding: Finding
        var access: Access?
        do {
            let crossbar = try CrossbarClient(
                server: configuration.server, options: configuration.network, interruption: interruption)
            let login = try crossbar.login(try credentials())
            access = Access(token: login.token, account: login.accountID, announcedWebSocket: login.websocketURL)
            finding = .login(login, now: .now)
        } catch let error as CrossbarError {
            finding = .failure(error, at: configuration.server)
        } catch {
            finding = .failure(SessionFailure(error).kind, "\(error)", advice: nil)
        }
        record(.login, of: target, elapsed: .now - start, finding)
        return access
    }

    private mutating func readToken(_ read: () throws -> AuthToken, _ target: Checkup.Target) -> Access? {
        do {
            let token = try read()
            record(.token, of: target, .token(token, now: .now))
            return Access(token: token, account: token.accountID)
        } catch {
            record(.token, of: target, .failure(.denied, "\(error)", advice: nil))
            return nil
        }
    }

    // MARK: DNS, TCP, TLS

    /// Connects, and takes note of each stage; what comes after a failure is skipped.
    mutating func connect(to target: Checkup.Target) -> ByteStream? {
        report(.doing("connecting to \(target.url.authority)"))
        var transport = Finding.Transport(
            url: target.url, options: configuration.network, trace: ConnectionTrace(), now: .now)
        do {
            let stream = try ByteStream(
                to: target.url, options: configuration.network, interruption: interruption, trace: &transport.trace)
            for step in Finding.steps(of: transport) { record(step, of: target) }
            return stream
        } catch {
            transport.error = error
            if error.code == .untrustedCertificate { transport.untrusted = shownCertificate(by: target.url) }
            for step in Finding.steps(of: transport) { record(step, of: target) }
            skipRest(of: target)
            return nil
        }
    }

    /// The certificate that a server shows, whoever it may be: nothing is sent over this connection.
    private func shownCertificate(by url: ServerURL) -> ConnectionTrace.Certificate? {
        var options = configuration.network
        options.isInsecure = true
        var trace = ConnectionTrace()
        _ = try? ByteStream(to: url, options: options, interruption: interruption, trace: &trace)
        return trace.certificate
    }

    // MARK: Telling

    mutating func record(
        _ step: Checkup.Step, of target: Checkup.Target, elapsed: Duration? = nil, _ finding: Finding
    ) {
        // A step that was interrupted says nothing about the server.
        guard !interruption.isRaised else { return }
        report(.result(checkup.record(step, of: target, elapsed: elapsed, finding)))
    }

    private mutating func record(_ step: Finding.TransportStep, of target: Checkup.Target) {
        record(step.step, of: target, elapsed: step.elapsed, step.finding)
    }

    mutating func skipRest(of target: Checkup.Target) {
        for result in checkup.skipRest(of: target) { report(.result(result)) }
    }
}
