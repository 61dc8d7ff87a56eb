import Crossbar
package import Network
package import Threads
package import WebSocket

/// An open WebSocket over a byte stream: the handshake is done, messages come and go.
package struct WebSocketLink: ~Copyable {
    /// Whether a message is text or binary.
    package typealias Kind = MessageKind

    /// How far a call of ``receive(now:onMessage:)`` came.
    package enum Progress: Equatable {
        /// Everything that had arrived is handed over.
        case drained
        /// There may be more: the call returned so that what it brought can be handed on.
        case more
        /// The connection is over.
        case ended(Connection.Closure)
    }

    /// How much is read before ``receive(now:onMessage:)`` returns although there may be more, in bytes.
    private static let burst = 256 << 10
    /// The space offered to the first read, in bytes; doubled whenever a read fills what it was offered.
    private static let firstReadSize = 16 << 10

    private let stream: ByteStream
    private var connection: Connection
    /// The frames that are to be written, one behind the other: what belongs together goes out together.
    private var outbox: [UInt8] = []
    /// How much of the outbox is written.
    private var written = 0
    private var closure: Connection.Closure?
    /// The least space that is offered to the next read, in bytes.
    private var readSize = Self.firstReadSize
    /// How many bytes have been read, pongs and all.
    private(set) var bytesRead = 0

    /// Connects and upgrades; blocks until messages can be sent.
    package init(to url: ServerURL, options: NetworkOptions, interruption: Interruption) throws(SessionFailure) {
        let stream = try Self.connect(to: url, options: options, interruption: interruption)
        do throws(UpgradeFailure) {
            try self.init(upgrading: stream, to: url, options: options, interruption: interruption)
        } catch {
            throw SessionFailure(error, from: url)
        }
    }

    /// Upgrades a stream that is open already; blocks until messages can be sent.
    ///
    /// - Parameter pingInterval: the quiet time before each ping.
    package init(
        upgrading stream: consuming ByteStream, to url: ServerURL, options: NetworkOptions, interruption: Interruption,
        pingInterval: Duration = .seconds(25)
    ) throws(UpgradeFailure) {
        let leftover = try Self.upgrade(stream, url: url, options: options, interruption: interruption)
        self.stream = stream
        connection = Connection(
            configuration: Connection.Configuration(pingInterval: pingInterval, closeTimeout: .seconds(2)), now: .now)
        connection.receive(leftover)
    }

    private static func connect(
        to url: ServerURL, options: NetworkOptions, interruption: Interruption
    ) throws(SessionFailure) -> ByteStream {
        do {
            return try ByteStream(to: url, options: options, interruption: interruption)
        } catch {
            throw SessionFailure(error)
        }
    }

    /// Turns the HTTP connection into a WebSocket.
    ///
    /// - Returns: what the server sent right behind its answer.
    private static func upgrade(
        _ stream: borrowing ByteStream, url: ServerURL, options: NetworkOptions, interruption: Interruption
    ) throws(UpgradeFailure) -> [UInt8] {
        let deadline = ContinuousClock.now + options.connectTimeout
        do {
            var handshake = try ClientHandshake(
                host: url.hostHeader, resource: url.resource, headers: [("User-Agent", options.userAgent)],
                key: (0..<16).map { _ in .random(in: .min ... .max) }, sha1: Digest.sha1)
            var unsent = handshake.request[...]
            while !interruption.isRaised, ContinuousClock.now < deadline {
                if !unsent.isEmpty { unsent.removeFirst(try unsent.withUnsafeBytes { try stream.write($0) }) }
                switch try read(stream, into: &handshake) {
                case .upgraded(let leftover): return leftover
                case .refused(let refusal): throw UpgradeFailure.refused(refusal)
                case .invalid(let error): throw UpgradeFailure.invalid(error)
                case .incomplete:
                    _ = stream.wait(for: unsent.isEmpty ? .readable : [.readable, .writable], until: deadline)
                }
            }
        } catch let failure as UpgradeFailure {
            throw failure
        } catch let error as NetworkError {
            throw .lost(error)
        } catch let error as HandshakeError {
            throw .unsendable(error)
        } catch {
            preconditionFailure("an upgrade fails in no other way: \(error)")
        }
        throw .timedOut(options.connectTimeout)
    }

    private static func read(
        _ stream: borrowing ByteStream, into handshake: inout ClientHandshake
    ) throws(NetworkError) -> HandshakeProgress {
        var result = ByteStream.ReadResult.wouldBlock
        var failure: NetworkError?
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            do throws(NetworkError) {
                result = try stream.read(into: UnsafeMutableRawBufferPointer(buffer))
                if case .bytes(let length) = result { count = length }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        switch result {
        case .bytes: return bytes.withUnsafeBytes { handshake.receive($0) }
        case .wouldBlock: return .incomplete
        case .endOfStream: return handshake.endOfStream()
        }
    }

    /// When ``tick(now:)`` is due; at once when the connection is over and ``receive(now:onMessage:)`` has not said so: a
    /// peer that was given up never stirs the socket again.
    package var deadline: ContinuousClock.Instant? { closure == nil ? connection.deadline : .now }

    /// Queues one message; dropped when the connection is closing, for nobody would read it.
    package mutating func send(_ payload: [UInt8], as kind: Kind = .text) {
        guard connection.isOpen else { return }
        outbox += kind == .text ? connection.text(payload) : connection.binary(payload)
    }

    /// Begins to close.
    package mutating func close(_ code: CloseCode = .normalClosure, reason: String = "", now: ContinuousClock.Instant) {
        perform(connection.close(code, reason: reason, now: now))
    }

    /// Pings, and gives up a peer that does not answer.
    package mutating func tick(now: ContinuousClock.Instant) {
        perform(connection.tick(now: now))
    }

    /// Reads what has arrived, and hands over its messages; their payloads are valid during the call only.
    ///
    /// - Parameter onMessage: takes a message, and says whether it wants the next one before this method returns.
    package mutating func receive(
        now: ContinuousClock.Instant, onMessage: (Kind, UnsafeRawBufferPointer) -> Bool
    ) throws(SessionFailure) -> Progress {
        var total = 0
        // What came along with the handshake's answer is here before the first read.
        guard process(now: now, onMessage: onMessage) else { return .more }
        while true {
            if let closure { return .ended(closure) }
            if total >= Self.burst { return .more }
            switch try read() {
            case .bytes(let count, let isLast):
                total += count
                bytesRead += count
                guard process(now: now, onMessage: onMessage) else { return .more }
                if isLast, closure == nil { return .drained }
            case .wouldBlock:
                return .drained
            case .endOfStream:
                perform(connection.endOfStream(now: now))
            }
        }
    }

    private struct Pause: Error {}

    /// Decodes what has been read.
    ///
    /// - Returns: `false` when `onMessage` does not want the next message now.
    private mutating func process(
        now: ContinuousClock.Instant, onMessage: (Kind, UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        do {
            perform(try connection.process(now: now) { if !onMessage($0, $1) { throw Pause() } })
            return true
        } catch {
            // What the frames before the message asked for, such as pongs, goes out before any answer to it.
            perform(connection.tick(now: now))
            return false
        }
    }

    /// What a read into the connection's buffer brought.
    private enum ReadResult {
        /// So many bytes; whether one may wait without reading again.
        case bytes(Int, isLast: Bool)
        case wouldBlock
        case endOfStream
    }

    private mutating func read() throws(SessionFailure) -> ReadResult {
        var result = ReadResult.wouldBlock
        var failure: NetworkError?
        var isFull = false
        connection.withReceiveSpace(atLeast: readSize) { space in
            do throws(NetworkError) {
                switch try stream.read(into: space) {
                case .bytes(let count):
                    isFull = count == space.count
                    result = .bytes(count, isLast: stream.isEmptied(by: count, of: space.count))
                    return count
                case .wouldBlock: break
                case .endOfStream: result = .endOfStream
                }
            } catch {
                failure = error
            }
            return 0
        }
        if let failure { throw SessionFailure(failure) }
        if isFull { readSize = min(2 * readSize, ByteStream.largestRead) }
        return result
    }

    /// Writes what is queued, as far as the socket takes it.
    package mutating func flush() throws(SessionFailure) {
        guard !outbox.isEmpty else { return }
        do {
            while written < outbox.count {
                let count = try outbox.withUnsafeBytes { bytes throws(NetworkError) in
                    try stream.write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
                }
                guard count > 0 else { return }
                written += count
            }
            outbox.removeAll(keepingCapacity: written <= Self.firstReadSize)
            written = 0
        } catch {
            throw SessionFailure(error)
        }
    }

    /// Sleeps until something can be done, or the deadline has passed.
    ///
    /// - Returns: whether the interruption woke the thread.
    @discardableResult
    package func wait(until deadline: ContinuousClock.Instant?) -> Bool {
        stream.wait(for: outbox.isEmpty ? .readable : [.readable, .writable], until: deadline).contains(.woken)
    }

    private mutating func perform(_ actions: [Connection.Action]) {
        for action in actions {
            switch action {
            case .transmit(let frame): outbox += frame
            case .closed(let closure): self.closure = closure
            }
        }
    }
}
