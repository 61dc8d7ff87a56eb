extension Connection {
    /// The limits and times that a connection keeps.
    public struct Configuration: Equatable, Sendable {
        /// The most bytes that one frame may carry; beyond it the connection fails with 1009.
        public var maximumFrameSize: Int
        /// The most bytes that one message may have, all its fragments together; beyond it the connection fails with 1009.
        public var maximumMessageSize: Int
        /// The quiet time between an answered ping and the next, or `nil` for no pings.
        ///
        /// Pings are sent whatever else arrives. Only a client's frames keep Kazoo's idle timer (an hour) from closing the
        /// socket, the events it delivers do not, and proxies on the way have shorter patience.
        public var pingInterval: Duration?
        /// The time within which a ping must be answered.
        public var pongTimeout: Duration
        /// The time within which the peer must answer a close frame.
        public var closeTimeout: Duration

        /// A configuration, by default with Kazoo in mind.
        ///
        /// - Parameters:
        ///   - maximumFrameSize: Bytes a frame may carry.
        ///   - maximumMessageSize: Bytes a message may have.
        ///   - pingInterval: Quiet time before each ping, or `nil` for none.
        ///   - pongTimeout: Time for a ping's answer.
        ///   - closeTimeout: Time for a close frame's answer.
        public init(
            maximumFrameSize: Int = 16 * 1024 * 1024,
            maximumMessageSize: Int = 16 * 1024 * 1024,
            pingInterval: Duration? = .seconds(25),
            pongTimeout: Duration = .seconds(10),
            closeTimeout: Duration = .seconds(5)
        ) {
            self.maximumFrameSize = maximumFrameSize
            self.maximumMessageSize = maximumMessageSize
            self.pingInterval = pingInterval
            self.pongTimeout = pongTimeout
            self.closeTimeout = closeTimeout
        }
    }
}
