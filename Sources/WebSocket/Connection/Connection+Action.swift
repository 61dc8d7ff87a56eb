extension Connection {
    /// What the owner of a connection has to do next.
    public enum Action: Equatable, Sendable {
        /// Send these bytes, in the order of the actions: one encoded frame.
        case transmit([UInt8])
        /// Close the transport, once everything before has been sent: the connection is over.
        ///
        /// It comes once, and nothing after it. Where bytes may still be arriving, shut down the sending half and read to
        /// the end, for a while: to close at once would reset the connection, and may lose the close frame on its way.
        case closed(Closure)
    }
}
