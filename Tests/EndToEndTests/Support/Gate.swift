import Foundation

/// A place before a server where requests can be let through, or answered by somebody else: Servers/gate.py.
///
/// It is a process of its own, so it can also be frozen and killed.
final class Gate {
    /// A request that arrived.
    struct Visit: Decodable {
        /// When, in seconds since 1970.
        var at: Double
        /// Whether it was answered by the gate instead of the server.
        var isAnswered: Bool
    }

    private struct Listening: Decodable {
        var port: Int
    }

    let program: RunningProgram
    let host: String
    let port: Int
    private let answerFile: URL

    init(_ program: RunningProgram, host: String, answerFile: URL) async throws {
        self.program = program
        self.host = host
        self.answerFile = answerFile
        let line = try await program.prints(lines: 1)[0]
        port = try JSONDecoder().decode(Listening.self, from: Data(line.utf8)).port
    }

    /// Its address, for this kind of URL.
    func url(_ scheme: String) -> String { "\(scheme)://\(host):\(port)" }

    /// From now on every request is answered like this.
    func answer(_ answer: Answer) throws { try Data(answer.text.utf8).write(to: answerFile, options: .atomic) }

    /// From now on every request goes through.
    func open() throws { try FileManager.default.removeItem(at: answerFile) }

    /// The requests that arrived so far.
    var visits: [Visit] {
        get throws {
            try program.output.lines.dropFirst().map { try JSONDecoder().decode(Visit.self, from: Data($0.utf8)) }
        }
    }

    /// Waits until so many requests were answered by the gate.
    @discardableResult
    func answers(_ count: Int, within limit: Duration = patience) async throws -> [Visit] {
        var answered: [Visit] = []
        try await eventually("\(count) requests are answered by the gate", within: limit, seen: { program.said }) {
            answered = try visits.filter(\.isAnswered)
            return answered.count >= count
        }
        return answered
    }
}

extension Stage {
    /// Puts a gate before a server of this machine.
    ///
    /// - Parameters:
    ///   - port: the server's port.
    ///   - answer: what it answers from the start; `nil` to let everything through.
    ///   - place: an address in another network namespace to listen on.
    func gate(
        before port: Int, answering answer: Answer? = nil, at place: (host: String, namespace: String)? = nil
    ) async throws -> Gate {
        let answerFile = directory.appendingPathComponent("answer-\(UUID().uuidString)")
        if let answer { try Data(answer.text.utf8).write(to: answerFile) }
        let script = Self.package.appendingPathComponent("Tests/EndToEndTests/Servers/gate.py").path
        let program = try start(
            "python3", [script, "\(port)", answerFile.path] + (place.map { [$0.host, $0.namespace] } ?? []))
        return try await Gate(program, host: place?.host ?? "127.0.0.1", answerFile: answerFile)
    }
}
