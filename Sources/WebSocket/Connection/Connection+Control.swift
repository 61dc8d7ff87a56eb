extension Connection {
    mutating func receiveControl(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, now: Instant) {
        switch opcode {
        case .ping:
            // Due until the peer's close frame has come, after this side's too (RFC 6455 §5.5.2).
            actions.append(.transmit(encode(.pong, payload)))
        case .pong:
            heartbeat.receivePong(payload, now: now)
        case .close:
            do throws(ProtocolViolation) {
                let (code, reason) = try Self.parseClose(payload)
                receiveClose(code, reason: reason)
            } catch {
                fail(error)
            }
        case .continuation, .text, .binary:
            preconditionFailure("a data frame is no control frame")
        }
    }

    /// Reads what a close frame carries: nothing, or a code and a reason (RFC 6455 §5.5.1).
    private static func parseClose(
        _ payload: UnsafeRawBufferPointer
    ) throws(ProtocolViolation) -> (code: CloseCode?, reason: String) {
        guard payload.count > 0 else { return (nil, "") }
        guard payload.count >= 2 else { throw .truncatedCloseCode }
        let code = CloseCode(rawValue: UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self)))
        guard code.isValidOnWire else { throw .invalidCloseCode }
        let reason = UnsafeRawBufferPointer(rebasing: payload[2...])
        guard UTF8Validator.isValid(reason) else { throw .invalidCloseReason }
        return (code, String(decoding: reason, as: UTF8.self))
    }

    /// Takes the peer's close frame, and answers it where this side has not sent one.
    ///
    /// RFC 6455 §7.1.1 would rather have a client wait for the server to close the transport first. We do not: the server
    /// has nothing left to say, and a connection that has ended should not need another deadline.
    private mutating func receiveClose(_ code: CloseCode?, reason: String) {
        guard phase == .open else {
            end(Closure(code: code, reason: reason, origin: .local, isClean: true))
            return
        }
        // "the endpoint typically echos the status code it received" (RFC 6455 §5.5.1)
        actions.append(.transmit(code.map { encodeClose($0) } ?? encode(.close, [])))
        end(Closure(code: code, reason: reason, origin: .peer, isClean: true))
    }

    /// Fails the connection (RFC 6455 §7.1.7): says why, if nothing has been said yet, and ends.
    mutating func fail(_ violation: ProtocolViolation) {
        let (code, reason) = (violation.closeCode, violation.rawValue)
        if phase == .open {
            actions.append(.transmit(encodeClose(code, reason: reason)))
        }
        end(Closure(code: code, reason: reason, origin: .protocolError, isClean: false))
    }
}
