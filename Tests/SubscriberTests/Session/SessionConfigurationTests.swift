import Crossbar
import Network
import Secrets
import Testing

@testable import Subscriber

@Suite struct SessionConfigurationTests {
    private func urls(_ server: String, _ websockets: [String] = [], announced: String? = nil) throws -> [String] {
        let configuration = SessionConfiguration(
            server: try ServerURL(parsing: server, schemes: [.http, .https]),
            websockets: try websockets.map { try ServerURL(parsing: $0, schemes: [.ws, .wss]) },
            authentication: .login(.apiKey(Secret("k"))), wanted: [])
        return configuration.websocketURLs(announced: announced).map(\.description)
    }

    @Test func usualPorts() throws {
        #expect(try urls("http://kazoo:8000") == ["ws://kazoo:5555"])
        #expect(try urls("https://kazoo:8443/v2") == ["wss://kazoo:7777", "wss://kazoo:5556"])
        #expect(try urls("http://[::1]:8000") == ["ws://[::1]:5555"])
    }

    @Test func givenOnesAreTheOnlyOnes() throws {
        let given = ["wss://a:7777/x", "ws://b:5555"]
        #expect(try urls("http://kazoo:8000", given, announced: "wss://c:7777") == given)
    }

    /// Whoever logs in over TLS does not send the token in the clear afterwards.
    @Test func announcedIsNoWayOutOfTLS() throws {
        #expect(
            try urls("https://kazoo:8443", announced: "ws://kazoo:5555") == ["wss://kazoo:7777", "wss://kazoo:5556"])
        #expect(
            try urls("http://kazoo:8000", announced: "ws://events.kazoo:5555")
                == ["ws://events.kazoo:5555", "ws://kazoo:5555"])
    }

    @Test func announcedGoesFirstAndOnce() throws {
        #expect(
            try urls("https://kazoo:8443", announced: "wss://events.kazoo:7777")
                == ["wss://events.kazoo:7777", "wss://kazoo:7777", "wss://kazoo:5556"])
        #expect(
            try urls("https://kazoo:8443", announced: "wss://kazoo:5556/")
                == ["wss://kazoo:5556", "wss://kazoo:7777"])
    }

    /// An administrator's slip must not keep anybody out.
    @Test(arguments: ["", "kazoo:5555", "https://kazoo:7777", "wss://u:p@kazoo:7777", "wss://"])
    func announcedNonsenseIsLeftOut(_ text: String) throws {
        #expect(try urls("http://kazoo:8000", announced: text) == ["ws://kazoo:5555"])
    }
}
