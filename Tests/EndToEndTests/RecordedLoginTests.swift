import Foundation
import KazooSimulator
import Testing

/// Each recorded answer to a login means what Kazoo meant by it.
@Suite(.timeLimit(.minutes(10))) struct RecordedLoginTests {
    @Test func `each recorded login comes out right`() async throws {
        let logins = try RecordedLogin.all()
        #expect(logins.count > 30)
        try await Stage.set { stage in
            let server = try await stage.recordedKazoo(.v4)
            for login in logins {
                var addresses = server.addresses
                addresses.server += "/\(login.number)"
                let program = try stage.subscribe(
                    to: addresses, as: login.login ?? .password, server.subscribing + ["--count", "1"])
                let end = try await program.ended()
                let (code, words) = expectation(of: login)
                #expect(end == .exit(code), "\(login.name): \(program.said)")
                for word in words { #expect(program.errors.text.contains(word), "\(login.name): \(program.said)") }
                if login.login != nil { try await expectRequest(of: login, at: server) }
            }
        }
    }

    /// The exit code, and what the message must contain.
    private func expectation(of login: RecordedLogin) -> (code: Int32, words: [String]) {
        switch login.status {
        case 201: (0, ["logged in account=009afc511c97b2ae693c6cc4920988e8 version=4.0.0", "waiting for events"])
        case 400: (65, ["Kazoo refuses the request"] + login.complaints)
        case 401: (77, ["wrong credentials or account"])
        case 404: (77, ["the API key is unknown"])
        case 405: (69, ["405", "method not allowed"])
        case 429: (75, ["429", "wait a minute"])
        default: (-1, ["no test knows the status \(login.status)"])
        }
    }

    /// The program asked as the recorded client did.
    private func expectRequest(of login: RecordedLogin, at server: RecordedKazoo) async throws {
        let request = try await server.saw("\(login.name)") { $0.path == "/\(login.number)\(login.path)" }
        let body = try JSONSerialization.jsonObject(with: Data((request.body ?? "").utf8)) as? [String: Any]
        var expected = try #require(login.request)
        // Kazoo's default, which the program names.
        if login.path == "/v2/user_auth", expected["method"] == nil { expected["method"] = "md5" }
        #expect(body?["data"] as? [String: String] == expected, "\(login.name)")
        #expect(request.headers?["Content-Type"] == "application/json")
    }
}
