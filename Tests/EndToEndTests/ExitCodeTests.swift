import KazooSimulator
import Testing

/// What it cannot do, it says with an exit code for scripts and a sentence for people.
@Suite(.timeLimit(.minutes(10))) struct ExitCodeTests {
    private let binding = ["--binding", "call.*.*"]

    /// Runs the program against a simulator in which something is wrong.
    private func expect(
        _ code: Int32, saying words: String..., as login: Login = .password, _ arguments: [String]? = nil,
        _ flavour: KazooFlavour = .v5, _ change: (inout SimulatorConfiguration) -> Void = { _ in }
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour, change)
            let program = try stage.subscribe(to: kazoo.addresses, as: login, arguments ?? binding)
            try await expect(program, code, words)
        }
    }

    private func expect(_ program: RunningProgram, _ code: Int32, _ words: [String]) async throws {
        #expect(try await program.ended() == .exit(code), "\(program.said)")
        #expect(program.output.text.isEmpty)
        for word in words { #expect(program.errors.text.contains(word), "\(word): \(program.said)") }
        let complaints = program.errors.lines.filter { $0.contains(" error ") || $0.hasPrefix("Error: ") }
        #expect(complaints.count == 1, "one error, told once: \(program.said)")
    }

    // MARK: 64, the command line

    @Test func `no server names the ways out`() async throws {
        try await Stage.set { stage in
            try await expect(stage.kazooSubscribe(binding), 64, ["--server", "kazoo-subscribe demo"])
        }
    }

    @Test func `a misspelt binding is corrected`() async throws {
        try await Stage.set { stage in
            try await expect(
                stage.kazooSubscribe(["--server", "http://127.0.0.1:8000", "-b", "call.CHANEL_CREATE.*"]), 64,
                ["did you mean", "CHANNEL_CREATE"])
        }
    }

    @Test(arguments: [["--no-such-option"], ["--count", "0"], ["--output", "xml"], ["--server", "kazoo"]])
    func `a wrong command line is a wrong command line`(arguments: [String]) async throws {
        try await Stage.set { stage in
            let program = try stage.kazooSubscribe(arguments + binding)
            #expect(try await program.ended() == .exit(64))
            #expect(!program.errors.text.isEmpty && program.output.text.isEmpty)
        }
    }

    // MARK: 77, the login

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `a wrong password`(flavour: KazooFlavour) async throws {
        try await expect(77, saying: "wrong credentials", "Acme", as: .wrongPassword, nil, flavour)
    }

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `an API key that is unknown`(flavour: KazooFlavour) async throws {
        try await expect(77, saying: "API key", as: .unknownAPIKey, nil, flavour)
    }

    @Test(arguments: [KazooFlavour.v4, .v5])
    func `an account that is none of the login's business`(flavour: KazooFlavour) async throws {
        let foreign = ["--account", "c157a79031e1c40f85931829bc5fc552"]
        try await expect(77, saying: "may not see account \(foreign[1])", as: .apiKey, binding + foreign, flavour)
    }

    // MARK: 75, later perhaps

    @Test func `too many requests`() async throws {
        try await expect(75, saying: "429", "wait") { $0.hazards.loginFailure = .tooManyRequests }
    }

    @Test func `too many connections`() async throws {
        try await expect(75, saying: "429", "max_connections_per_ip") { $0.hazards.upgradeStatus = 429 }
    }

    @Test(arguments: [Hazards.RequestFailure.internalError, .bareInternalError])
    func `a login that crashes`(failure: Hazards.RequestFailure) async throws {
        try await expect(75, saying: "Kazoo failed (500)") { $0.hazards.loginFailure = failure }
    }

    @Test(arguments: [500, 502, 503])
    func `an upgrade that fails`(status: Int) async throws {
        try await expect(75, saying: "the WebSocket upgrade was refused: \(status)") {
            $0.hazards.upgradeStatus = status
        }
    }

    // MARK: 69, not there

    @Test func `nobody listens`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            await kazoo.simulator.refuseConnections()
            try await expect(
                stage.subscribe(to: kazoo.addresses, binding), 69, ["Failed to connect", "check host and port"])
        }
    }

    @Test func `a name that does not exist`() async throws {
        try await Stage.set { stage in
            let nowhere = Addresses(server: "http://kazoo.invalid:8000", websocket: "ws://kazoo.invalid:5555")
            try await expect(stage.subscribe(to: nowhere, binding), 69, ["kazoo.invalid:8000", "cannot be resolved"])
        }
    }

    @Test func `a server that is not Kazoo`() async throws {
        try await Stage.set { stage in
            var addresses = try await stage.simulator().addresses
            addresses.server = addresses.websocket.replacing("ws://", with: "http://")
            try await expect(stage.subscribe(to: addresses, binding), 69, ["is not Kazoo's API", "8000"])
        }
    }

    @Test func `a WebSocket that is none`() async throws {
        try await Stage.set { stage in
            var addresses = try await stage.simulator().addresses
            addresses.websocket = addresses.server.replacing("http://", with: "ws://")
            try await expect(stage.subscribe(to: addresses, binding), 69, ["the WebSocket upgrade was refused: 404"])
        }
    }

    @Test func `a server that does not speak TLS`() async throws {
        try await Stage.set { stage in
            var addresses = try await stage.simulator().addresses
            addresses.server = addresses.server.replacing("http:", with: "https:")
            try await expect(stage.subscribe(to: addresses, binding), 69, ["does not speak TLS", "http://"])
        }
    }

    @Test func `a server that hangs up`() async throws {
        try await expect(69, saying: "without an answer") { $0.hazards.loginFailure = .hangUp }
    }
}
