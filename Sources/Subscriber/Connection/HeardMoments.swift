import Events

/// The moments at which a server was heard, thinned out for ``Coverage``: telling each would cost more than its event.
///
/// The coverage may believe for a tenth of a second that the server was heard no later. That is on the safe side; and what
/// it does not know yet is told before it matters, when the connection is lost.
struct HeardMoments: Sendable {
    private var told: Timestamp?
    private var untold: Timestamp?

    /// How long a moment may stay untold.
    static let pause: Duration = .milliseconds(100)

    /// The server was heard.
    ///
    /// - Returns: the moment, when it is to be told; moments come from a clock that may be set back.
    mutating func heard(at moment: Timestamp) -> Timestamp? {
        if let told, moment >= told, moment - told < Self.pause {
            untold = moment
            return nil
        }
        (told, untold) = (moment, nil)
        return moment
    }

    /// The last moment, when it has not been told.
    mutating func takeUntold() -> Timestamp? {
        defer { untold = nil }
        return untold
    }
}
