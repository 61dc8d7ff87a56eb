/// Finds a dead peer by pings, one at a time.
///
/// Only the pong that echoes the ping's payload counts as its answer (RFC 6455 §5.5.3). Other bytes do not, and do not
/// delay a ping, but while they arrive the pong may take longer: a busy server's answer stands behind everything that it
/// has sent before, and TCP carries nothing in one direction for long when the other one is lost.
struct Heartbeat {
    typealias Instant = ContinuousClock.Instant

    /// What a moment asks for.
    enum Beat: Equatable {
        case nothing
        case ping(payload: [UInt8])
        case peerIsDead
    }

    private enum State {
        case off
        case quiet(until: Instant)
        case awaitingPong(until: Instant)
    }

    private let interval: Duration?
    private let timeout: Duration
    private var state: State
    /// How many pings have been sent: the payload of the last one.
    private var pings: UInt32 = 0

    init(interval: Duration?, timeout: Duration, now: Instant) {
        self.interval = interval
        self.timeout = timeout
        self.state = interval.map { .quiet(until: now + $0) } ?? .off
    }

    /// When `beat` has something to do.
    var deadline: Instant? {
        switch state {
        case .off: nil
        case .quiet(let deadline), .awaitingPong(let deadline): deadline
        }
    }

    mutating func beat(now: Instant) -> Beat {
        switch state {
        case .quiet(until: let deadline) where now >= deadline:
            pings &+= 1
            state = .awaitingPong(until: now + timeout)
            return .ping(payload: Self.payload(pings))
        case .awaitingPong(until: let deadline) where now >= deadline:
            return .peerIsDead
        case .off, .quiet, .awaitingPong:
            return .nothing
        }
    }

    /// Notes that bytes have arrived, whatever they are.
    mutating func hear(now: Instant) {
        if case .awaitingPong = state { state = .awaitingPong(until: now + timeout) }
    }

    mutating func receivePong(_ payload: UnsafeRawBufferPointer, now: Instant) {
        // A pong that answers no ping is allowed and means nothing (RFC 6455 §5.5.3).
        guard let interval, case .awaitingPong = state, payload.elementsEqual(Self.payload(pings)) else { return }
        state = .quiet(until: now + interval)
    }

    private static func payload(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
