import Events

@testable import KazooSimulator

/// What has to be known about a recording to replay it: the server's settings, what is random, and what is left out.
struct Quirks {
    /// An exchange that is not compared, and why.
    struct Exclusion {
        var flavours: [KazooFlavour] = KazooFlavour.allCases
        var recording: String
        var connections: [String]
        var reason: String
    }

    /// Whole recordings that are not replayed, and why.
    static let unplayable: [String: String] = [
        "tcp_connect_no_request": "nothing is exchanged: the server waits for a request",
        "tls": "the simulator serves no TLS",
        "crossbar_http": "REST, compared by RecordedCrossbarTests",
    ]

    /// Single connections that are not compared.
    static let exclusions: [Exclusion] = [
        Exclusion(
            recording: "oversize", connections: ["10000", "65000", "1000000", "16000000", "64000000"],
            reason: "the recording holds the size of the message, not the message"),
        Exclusion(
            recording: "malformed", connections: ["request_id 10k"],
            reason: "the recording holds the size of the message, not the message"),
        Exclusion(
            recording: "malformed", connections: ["deep nesting"],
            reason: "200 levels: JSONValue reads no more than 128 and the simulator takes the message for no JSON"),
        Exclusion(
            flavours: [.v5], recording: "handshake_unshimmed_kz_auth",
            connections: ["authorization-bearer", "authorization-bearer-bad"],
            reason: "a crash of this recording's set-up, which lacked a library; the recording `handshake` has it"),
    ]

    let recording: Recording
    let configuration: SimulatorConfiguration
    /// When each request was answered, where that matters.
    private let replyTimes: [String: Double]

    init(_ recording: Recording) {
        self.recording = recording
        var configuration = SimulatorConfiguration(flavour: recording.flavour)
        if recording.name == "maxconn" { configuration.maximumConnectionsPerAddress = 2 }
        if recording.name.hasPrefix("idle_timeout") { configuration.idleTimeout = .seconds(4) }
        self.configuration = configuration
        let replies = recording.name == "rate" ? recording.lines.filter { $0.direction == .in } : []
        replyTimes = Dictionary(
            replies.map { (Self.requestID(of: $0) ?? "", $0.time) }, uniquingKeysWith: { first, _ in first })
    }

    func excludes(_ line: Recording.Line) -> Bool {
        Self.exclusions.contains {
            $0.flavours.contains(recording.flavour) && $0.recording == recording.name
                && $0.connections.contains(line.connection)
        }
    }

    /// Kazoo 5 lost replies to a burst of requests, which ones is a matter of timing.
    var isLossy: Bool { recording.flavour == .v5 && recording.name == "rate" }

    /// Whether an answer may come in any place.
    func ignoresOrder(of output: SessionReplay.Output) -> Bool {
        if isLossy { return true }
        guard case .text(let text) = output, text.hasPrefix("{\"action\":\"event\"") else { return false }
        // Kazoo hands an event to its subscriptions in parallel; in this recording the order changed in between.
        return recording.flavour == .v5 && recording.name == "unsub"
    }

    /// Whether a connection without further lines is still there when `line` comes.
    func staysOpen(_ name: String, line: Recording.Line) -> Bool {
        recording.name == "maxconn" && line.connection != "after"
    }

    /// When a line counts as handled: the time of its reply in the recordings of the message limit, slowed down as the
    /// timer of the real limit was, which refilled 1.7 ms late each second.
    func time(of line: Recording.Line) -> Double {
        guard recording.name == "rate", line.direction == .out, let id = Self.requestID(of: line) else {
            return line.time
        }
        return (replyTimes[id] ?? line.time) * 0.9983
    }

    /// The text that the client sends. One token was recorded with a broken signature, but all signatures were blanked.
    func text(of line: Recording.Line) -> String? {
        guard let text = line["text"]?.string else { return nil }
        return line.connection == "jwt bad signature" ? breakingSignature(in: text) : text
    }

    /// The output without what is random.
    func normalise(_ output: SessionReplay.Output, on connection: String) -> SessionReplay.Output {
        guard case .text(var text) = output else { return output }
        if connection == "jwt bad signature" { text = breakingSignature(in: text) }
        if let frame = try? JSONValue(parsing: text) {
            if case .string(let id) = frame["request_id"], id.count == 32, id.allSatisfy(\.isHexDigit) {
                text = text.replacing(id, with: "<random>")
            }
            text = frame["action"] == "event" ? frame.json : text
        }
        if let start = text.firstRange(of: "threshold hit for ")?.upperBound {
            let end = text[start...].firstIndex(of: "!") ?? start
            text.replaceSubrange(start..<end, with: "<peer>")
        }
        return .text(text)
    }

    private func breakingSignature(in text: String) -> String {
        text.replacing(".SSSS", with: ".TSSS")
    }

    private static func requestID(of line: Recording.Line) -> String? {
        guard let text = line["text"]?.string, let message = try? JSONValue(parsing: text) else { return nil }
        return message["request_id"]?.string
    }
}
