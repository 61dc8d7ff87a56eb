import Testing
import Threads

@testable import Network

@Suite(.timeLimit(.minutes(10))) struct ByteStreamTests {
    /// What a script does with an open stream.
    private func withStream<Value: Sendable>(
        _ serve: @escaping @Sendable (Peer) -> Void, interruption: Interruption = Interruption(),
        _ script: @escaping @Sendable (OpenStream, UInt16) throws -> Value
    ) async throws -> Value {
        try await LoopbackServer.withRunning(.ws, serve) { url in
            try await blocking {
                try script(OpenStream(ByteStream(to: url, options: .direct, interruption: interruption)), url.port)
            }
        }
    }

    private static var soon: ContinuousClock.Instant { .now + .seconds(120) }

    @Test func readsWhatIsThere() async throws {
        try await withStream { peer in
            while case let bytes = peer.read(), !bytes.isEmpty { peer.write(bytes + bytes) }
        } _: { stream, _ throws in
            #expect(try stream.take() == .wouldBlock)
            #expect(stream.wait(for: .readable, until: .now) == [])
            #expect(stream.wait(for: [.readable, .writable], until: Self.soon) == .writable)
            #expect(try stream.give("ab") == 2)
            #expect(try stream.take(exactly: 4) == "abab")
            #expect(try stream.take() == .wouldBlock)
            #expect(try stream.give("") == 0)
        }
    }

    /// Two bytes of space take two bytes; the rest stays.
    @Test func smallBuffer() async throws {
        try await withStream {
            $0.write("abcde")
            _ = $0.read()
        } _: { stream, _ throws in
            #expect(stream.wait(for: .readable, until: Self.soon) == .readable)
            #expect(try stream.take(upTo: 2) == .bytes(2))
            #expect(try stream.take(exactly: 3) == "cde")
        }
    }

    /// A read that has not filled its space has emptied the socket; one that has may have left something.
    @Test func `whether another read is needed`() async throws {
        try await withStream {
            $0.write("abcde")
            _ = $0.read()
        } _: { stream, _ throws in
            #expect(stream.wait(for: .readable, until: Self.soon) == .readable)
            #expect(try stream.take(upTo: 5) == .bytes(5))
            #expect(!stream.isEmptied(by: 5, of: 5))
            #expect(stream.isEmptied(by: 5, of: 6))
            #expect(!stream.isEmptied(by: 1 << 20, of: 2 << 20), "no read brings more at once")
        }
    }

    @Test func `through a proxy another read is always needed, because there may be TLS to it`() {
        #expect(!NetworkOptions.direct.mayUseProxy)
        var options = NetworkOptions()
        options.proxy = "https://proxy.example.com:3128"
        #expect(options.mayUseProxy)
        options.proxy = ""
        #expect(!options.mayUseProxy)
    }

    @Test func endOfStream() async throws {
        try await withStream {
            $0.write("bye")
        } _: { stream, _ throws in
            #expect(try stream.take(exactly: 3) == "bye")
            #expect(stream.wait(for: .readable, until: Self.soon) == .readable)
            #expect(try stream.take() == .endOfStream)
            #expect(try stream.take() == .endOfStream)
        }
    }

    @Test func resetIsALoss() async throws {
        try await withStream {
            _ = $0.read()
            $0.resetOnClose()
        } _: { stream, port throws in
            #expect(try stream.give("x") == 1)
            #expect(stream.wait(for: .readable, until: Self.soon).contains(.readable))
            let read = #expect(throws: NetworkError.self) { try stream.take() }
            #expect(read?.code == .connectionLost)
            #expect(read?.message == "Recv failure: Connection reset by peer")
            #expect(read?.server == "127.0.0.1:\(port)")
            let written = #expect(throws: NetworkError.self) { try stream.give("x") }
            #expect(written?.code == .connectionLost, "\(String(describing: written))")
        }
    }

    /// The peer does not read before we are told that the socket is full; then all of it arrives, in order.
    @Test func fullSocket() async throws {
        let isFull = Interruption()
        let pattern = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
        let received = Notes<[UInt8]>()
        let sent = try await withStream { peer in
            while !isFull.isRaised { isFull.sleep(until: Self.soon) }
            var all: [UInt8] = []
            while case let bytes = peer.read(1 << 20), !bytes.isEmpty { all += bytes }
            received.add(all)
        } _: { stream, _ throws in
            var sent = 0
            var wasFull = false
            // More than any kernel's buffers hold: it is full on the way.
            while sent < 24 << 20 {
                let start = sent % pattern.count
                let count = try stream.give(pattern[start...])
                sent += count
                guard count == 0 else { continue }
                wasFull = true
                #expect(isFull.isRaised || stream.wait(for: .writable, until: .now) == [])
                isFull.raise()
                #expect(stream.wait(for: .writable, until: Self.soon) == .writable)
            }
            #expect(wasFull)
            return sent
        }
        let bytes = try #require(received.all.first)
        #expect(bytes.count == sent)
        let isInOrder = stride(from: 0, to: bytes.count, by: pattern.count).allSatisfy {
            let piece = bytes[$0..<min($0 + pattern.count, bytes.count)]
            return piece == pattern[..<piece.count]
        }
        #expect(isInOrder)
    }

    @Test func interruptionWakes() async throws {
        let interruption = Interruption()
        try await withStream({ _ = $0.read() }, interruption: interruption) { stream, _ throws in
            interruption.wake()
            #expect(stream.wait(for: .readable, until: nil) == .woken)
            #expect(stream.wait(for: .readable, until: .now) == [], "one wake is one return")
            interruption.wake()
            #expect(stream.wait(for: [.readable, .writable], until: nil) == [.woken, .writable])
        }
    }

    @Test func deadlinePasses() async throws {
        try await withStream({ _ = $0.read() }) { stream, _ throws in
            let deadline = ContinuousClock.now + .milliseconds(20)
            #expect(stream.wait(for: .readable, until: deadline) == [])
            #expect(ContinuousClock.now >= deadline)
        }
    }

    @Test func socketIsNotInherited() async throws {
        let flags = try await withStream({ _ = $0.read() }) { _, port in flagsOfSockets(connectedTo: port) }
        #expect(flags == [1])  // FD_CLOEXEC
    }

    // MARK: Connecting

    private func failure(
        _ url: ServerURL, _ options: NetworkOptions = .direct, until interruption: Interruption = Interruption()
    ) async throws -> NetworkError? {
        try await blocking {
            do throws(NetworkError) {
                _ = try ByteStream(to: url, options: options, interruption: interruption)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func refused() async throws {
        try await LoopbackServer.withClosedPort(.ws) { url async throws in
            #expect(try await failure(url)?.code == .unreachable)
        }
    }

    @Test func noTLSThere() async throws {
        let error = try await LoopbackServer.withRunning(
            .wss,
            { peer in
                _ = peer.read()
                peer.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            }, { try await failure($0) })
        #expect(error?.code == .tlsFailed)
        #expect(error?.remedy == "use ws://, or the port that speaks TLS")
    }

    @Test func interruptedWhileConnecting() async throws {
        let interruption = Interruption()
        let error = try await LoopbackServer.withRunning(
            .wss,
            { peer in
                _ = peer.read()
                interruption.raise()
                while !peer.read().isEmpty {}
            }, { try await failure($0, until: interruption) })
        #expect(error?.code == .abandoned)
    }

    /// Through a proxy a tunnel is asked for, also to a port without TLS: what follows is no HTTP of the proxy's.
    @Test func tunnel() async throws {
        let heads = Notes<String>()
        let echo = try await LoopbackServer.withRunning(
            .http,
            { peer in
                guard let request = peer.request() else { return }
                heads.add(request.head)
                peer.write("HTTP/1.1 200 Connection established\r\n\r\n")
                peer.write(peer.read())
            },
            { proxy in
                try await blocking {
                    let options = NetworkOptions.through(proxy: "http://user:hunter2@\(proxy.authority)")
                    let url = ServerURL(scheme: .ws, host: "kazoo.example.com", port: 5555)
                    let stream = try OpenStream(ByteStream(to: url, options: options, interruption: Interruption()))
                    #expect(try stream.give("hello") == 5)
                    return try stream.take(exactly: 5)
                }
            })
        #expect(echo == "hello")
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("CONNECT kazoo.example.com:5555 HTTP/1."))
        #expect(head.contains("Proxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n"))
    }

    @Test(arguments: [
        ("403 Forbidden", "the proxy must allow CONNECT to port 5555"),
        (
            "407 Proxy Authentication Required",
            "it wants a user name and password: name them in the proxy variable, http://USER:PASSWORD@PROXY:PORT"
        ),
    ])
    func tunnelRefused(_ status: String, _ remedy: String) async throws {
        let error = try await LoopbackServer.withRunning(
            .http,
            { peer in
                _ = peer.request()
                peer.respond(status)
            },
            { proxy in
                let options = NetworkOptions.through(proxy: "http://user:hunter2@\(proxy.authority)")
                return try await failure(ServerURL(scheme: .ws, host: "kazoo.example.com", port: 5555), options)
            })
        let refusal = try #require(error)
        #expect(refusal.code == .proxyFailed, "\(refusal)")
        #expect(refusal.remedy == remedy)
        #expect(refusal.message.contains(status.prefix(3)))
        #expect(!refusal.description.contains("hunter2"))
    }
}
