import TestSupport
import WebSocket

/// What a connection makes of the bytes it is given.
struct Exchange: Equatable {
    enum Message: Equatable {
        case text(String)
        case binary([UInt8])
    }

    var messages: [Message] = []
    var actions: [Connection.Action] = []

    /// Gives all pieces to a new connection, one after the other.
    init(_ pieces: some Sequence<[UInt8]>, configuration: Connection.Configuration = .init()) {
        var connection = Connection(configuration: configuration, now: .start, maskingKeys: ExampleKey())
        for piece in pieces {
            receive(piece, on: &connection)
        }
    }

    init() {}

    mutating func receive(_ bytes: [UInt8], on connection: inout Connection, now: ContinuousClock.Instant = .start) {
        connection.receive(bytes)
        actions += connection.process(now: now) { kind, payload in
            switch kind {
            case .text: messages.append(.text(String(decoding: payload, as: UTF8.self)))
            case .binary: messages.append(.binary(Array(payload)))
            }
        }
    }

    /// The end, if that is the last action.
    var closure: Connection.Closure? {
        guard case .closed(let closure) = actions.last else { return nil }
        return closure
    }
}

extension ContinuousClock.Instant {
    /// When every test begins.
    static let start = ContinuousClock().now
}

extension Array where Element == UInt8 {
    /// The bytes one at a time.
    var bytewise: [[UInt8]] { map { [$0] } }

    /// The bytes in pieces of random size.
    func pieces(upTo size: Int, using generator: inout SeededGenerator) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < count {
            let end = Swift.min(count, start + Int.random(in: 1...size, using: &generator))
            pieces.append(Array(self[start..<end]))
            start = end
        }
        return pieces
    }
}
