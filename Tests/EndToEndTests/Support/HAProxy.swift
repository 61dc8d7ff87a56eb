import Foundation

extension Stage {
    /// Puts HAProxy with TLS before a Kazoo, as 2600Hz documents it: one port for the API, one for blackhole.
    ///
    /// - Parameters:
    ///   - bind: what follows the address in the `bind` lines, `ssl crt …`.
    ///   - host: under which name the test goes there.
    /// - Returns: the addresses of both.
    func haproxy(before kazoo: Addresses, bind: String, host: String = "127.0.0.1") async throws -> Addresses {
        let (api, websocket) = (try Ports.free(), try Ports.free())
        let configuration = try file(
            "haproxy.cfg",
            """
            global
                maxconn 100
            defaults
                mode http
                option http-server-close
                timeout connect 6s
                timeout client 1h
                timeout server 1h
                timeout tunnel 1h
            frontend crossbar
                bind 127.0.0.1:\(api) \(bind)
                default_backend crossbar
            backend crossbar
                server kazoo \(kazoo.server.authority)
            frontend blackhole
                bind 127.0.0.1:\(websocket) \(bind)
                default_backend blackhole
            backend blackhole
                server kazoo \(kazoo.websocket.authority)

            """)
        _ = try await startServer("haproxy", ["-db", "-f", configuration], ports: [api, websocket])
        return Addresses(server: "https://\(host):\(api)", websocket: "wss://\(host):\(websocket)")
    }
}

extension String {
    /// Host and port of a URL.
    var authority: String { String(split(separator: "/").last ?? "") }

    /// The port of a URL.
    var port: Int { Int(split(separator: ":").last ?? "") ?? 0 }
}
