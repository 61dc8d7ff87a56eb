import Events

@testable import KazooSimulator

/// Speaks the client's part of a recording to a simulated cluster, without sockets, and compares the answers.
struct SessionReplay {
    /// What the simulator sent, as the recordings write it down.
    enum Output: Equatable {
        case http(status: Int, hasBody: Bool)
        case text(String)
        case pong(String)
        case close(UInt16?)
    }

    /// One connection of the replay.
    private struct Connection {
        var session: SessionID?
        var assembler = MessageAssembler()
        var pending: [Output] = []
        /// The text of all data frames, for the recording that only says that it sent them again.
        var dataSent: [UInt8] = []
    }

    let recording: Recording
    let quirks: Quirks
    /// What differed, one line each.
    private(set) var mismatches: [String] = []
    /// How many answers were compared.
    private(set) var compared = 0
    private let began: Int64
    private var cluster: Cluster
    private var connections: [String: Connection] = [:]

    init(_ recording: Recording) {
        self.recording = recording
        quirks = Quirks(recording)
        began = recording.began
        cluster = Cluster(configuration: quirks.configuration)
    }

    /// Replays the whole recording.
    mutating func run() {
        for (index, line) in recording.lines.enumerated() where !quirks.excludes(line) {
            let now = instant(of: line)
            switch line.direction {
            case .note:
                if line["text"]?.string?.hasPrefix("(same message") == true {
                    sendBytewise(on: "frag-bytewise", now: now)
                }
            case .out:
                grantToken(in: line)
                if line["http"] != nil { leaveFinished(before: index) }
                send(line, now: now)
            case .in:
                compare(line, at: index, now: now)
            }
        }
        for (name, connection) in connections.sorted(by: { $0.key < $1.key }) where !quirks.isLossy {
            for output in connection.pending { mismatches.append("[\(name)] nothing expected, got \(output)") }
        }
    }

    private func instant(of line: Recording.Line) -> SimulatorInstant {
        SimulatorInstant(nanoseconds: began * 1_000_000_000 + Int64(quirks.time(of: line) * 1e9))
    }

    // MARK: The client's part

    /// The recording's tokens were issued by another Kazoo; they say themselves whose they are.
    private mutating func grantToken(in line: Recording.Line) {
        let text = (line["text"]?.string ?? "") + (line["http"]?.string ?? "")
        for word in text.split(whereSeparator: { "\" \r\n".contains($0) }) where word.hasPrefix("eyJ") {
            guard let grant = TokenTable.Grant(readingToken: word) else { continue }
            cluster.accept(token: String(word), grant: grant)
        }
    }

    /// A client that says and hears nothing more has left; the recordings do not write that down.
    private mutating func leaveFinished(before index: Int) {
        let live = Set(recording.lines[index...].map(\.connection))
        for name in connections.keys where !live.contains(name) && !quirks.staysOpen(name, line: recording.lines[index])
        {
            if let session = connections[name]?.session { cluster.close(session) }
            connections[name]?.session = nil
        }
    }

    private mutating func send(_ line: Recording.Line, now: SimulatorInstant) {
        let name = line.connection
        if let http = line["http"]?.string { return upgrade(name, http, now: now) }
        if connections[name] == nil { upgrade(name, nil, now: now) }
        let payload = line["hex"]?.string.map(Self.bytes(hex:)) ?? Array((quirks.text(of: line) ?? "").utf8)
        let isData = ["text", "cont"].contains(line["op"]?.string)
        if isData { connections[name]?.dataSent += payload }
        receive(
            .init(
                opcode: Self.opcode(line["op"]), isFinal: line["fin"]?.bool ?? true,
                hasReservedBits: line["rsv"] != nil, isMasked: name != "unmasked", payload: payload),
            on: name, now: now)
    }

    private mutating func sendBytewise(on name: String, now: SimulatorInstant) {
        let message = connections["frag"]?.dataSent ?? []
        for (index, byte) in message.enumerated() {
            receive(
                .init(opcode: index == 0 ? 1 : 0, isFinal: index == message.count - 1, payload: [byte]), on: name,
                now: now)
        }
    }

    private mutating func upgrade(_ name: String, _ http: String?, now: SimulatorInstant) {
        var connection = Connection()
        let request = http ?? TestClient.upgrade()
        var headers: [String: String] = [:]
        for line in request.split(whereSeparator: \.isNewline).dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        switch cluster.decide(onUpgrade: headers, address: "127.0.0.1", now: now) {
        case .accept(let account):
            connection.session = cluster.open(address: "127.0.0.1", port: 40000, account: account, now: now)
            if http != nil { connection.pending.append(.http(status: 101, hasBody: false)) }
        case .refuse(let answer):
            connection.pending.append(.http(status: answer.status, hasBody: !answer.body.isEmpty))
        case .hangUp, .hang:
            mismatches.append("[\(name)] the upgrade failed on purpose")
        }
        connections[name] = connection
    }

    private mutating func receive(_ frame: MessageAssembler.Frame, on name: String, now: SimulatorInstant) {
        guard var connection = connections[name], let session = connection.session else { return }
        defer { connections[name] = connection }
        cluster.heard(from: session, now: now)
        var closing: Output?
        switch connection.assembler.receive(frame) {
        case .nothing: break
        case .pong(let payload): connection.pending.append(.pong(String(decoding: payload, as: UTF8.self)))
        case .closed(let code): closing = .close(code)
        case .violation(let code): closing = .close(code)
        case .text(let message):
            for action in cluster.receive(message, from: session, now: now) {
                switch action {
                case .send(let text): connection.pending.append(.text(text))
                case .close(let code): closing = .close(code)
                }
            }
        }
        guard let closing else { return }
        connection.pending.append(closing)
        connection.session = nil
        cluster.close(session)
    }

    // MARK: The server's part

    private mutating func compare(_ line: Recording.Line, at index: Int, now: SimulatorInstant) {
        let name = line.connection
        if line["event"] != nil {
            // A FIN after a close frame, or of a server that is stopped.
            if let session = connections[name]?.session { cluster.close(session) }
            connections[name]?.session = nil
            return
        }
        guard let expected = Self.expectation(of: line) else {
            mismatches.append("[\(name)] not understood: \(line.json.json)")
            return
        }
        if connections[name]?.pending.isEmpty != false { provoke(expected, on: name, at: index, now: now) }
        let wanted = quirks.normalise(expected, on: name)
        let pending = connections[name]?.pending ?? []
        let position =
            quirks.ignoresOrder(of: expected)
            ? pending.firstIndex { quirks.normalise($0, on: name) == wanted } : pending.indices.first
        compared += 1
        guard let position, quirks.normalise(pending[position], on: name) == wanted else {
            mismatches.append(
                "[\(name)] expected \(wanted)\n    got \(pending.first.map { quirks.normalise($0, on: name) } as Any)")
            if !pending.isEmpty { connections[name]?.pending.removeFirst() }
            return
        }
        connections[name]?.pending.remove(at: position)
    }

    /// Makes happen what the recording does not write down: events were published, time passed.
    private mutating func provoke(_ expected: Output, on name: String, at index: Int, now: SimulatorInstant) {
        leaveFinished(before: index)
        switch expected {
        case .text(let text):
            guard let frame = try? JSONValue(parsing: text), frame["action"] == "event" else { return }
            publish(
                SimulatedEvent(
                    routingKey: frame["routing_key"]?.string ?? "", name: frame["name"]?.string ?? "",
                    data: frame["data"]?.json ?? ""))
        case .close(1011):
            let key = name.hasPrefix("key ") ? String(name.dropFirst(4)) : "straße"
            publish(
                SimulatedEvent(
                    routingKey: "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.poison", name: "CHANNEL_CREATE",
                    data: JSONValue.object([.init("custom_application_vars", .object([.init(key, 1)]))]).json))
        case .close(1000):
            for session in cluster.idleSessions(now: now) {
                guard let idle = connections.first(where: { $0.value.session == session })?.key else { continue }
                connections[idle]?.pending.append(.close(1000))
            }
        default: break
        }
    }

    private mutating func publish(_ event: SimulatedEvent) {
        let publication = cluster.publish(event)
        for (copy, frame) in zip(publication.copies, publication.frames) {
            guard let name = connections.first(where: { $0.value.session == copy.session })?.key else { continue }
            connections[name]?.pending.append(publication.isBreaking ? .close(1011) : .text(frame))
            guard publication.isBreaking else { continue }
            connections[name]?.session = nil
            cluster.close(copy.session)
        }
    }

    // MARK: Reading the recording

    private static func expectation(of line: Recording.Line) -> Output? {
        if let http = line["http"]?.string {
            let status = http.split(separator: " ", maxSplits: 2)[1]
            return Int(status).map { .http(status: $0, hasBody: !http.hasSuffix("\r\n\r\n")) }
        }
        return switch line["op"]?.string {
        case "text": line["text"]?.string.map(Output.text)
        case "pong": line["text"]?.string.map(Output.pong)
        case "close": .close(line["code"]?.int.map(UInt16.init))
        default: nil
        }
    }

    private static func opcode(_ op: JSONValue?) -> UInt8 {
        if let number = op?.int { return UInt8(number) }
        return switch op?.string {
        case "cont": 0
        case "binary": 2
        case "close": 8
        case "ping": 9
        case "pong": 10
        default: 1
        }
    }

    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}

extension TokenTable.Grant {
    /// Reads the claims of a recorded token.
    init?(readingToken token: some StringProtocol) {
        let parts = token.split(separator: ".")
        guard parts.count == 3, let bytes = TokenTable.decodeBase64URL(parts[1]),
            let claims = JSONValue(reading: bytes), let account = claims["account_id"]?.string,
            let expires = claims["exp"]?.int
        else { return nil }
        self.init(
            account: account, owner: claims["owner_id"]?.string,
            expires: SimulatorInstant(nanoseconds: Int64(expires) * 1_000_000_000))
    }
}
