/// Why a consumer could not take what it was given.
public struct ConsumerFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What to do about it. Open to growth: compare with the static members.
    public struct Remedy: Hashable, Sendable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// Try again after a pause, for as long as it takes: the disk is full, the other side is away, a hook ended with 75.
        public static let retry = Self("retry")
        /// Try again after a pause, as often as the consumer's settings allow, then ``giveUp``: a hook ended with 1, or took
        /// too long. Whoever takes whole batches has no such limit, and takes it for ``retry``.
        public static let retryWithinLimit = Self("retry within limit")
        /// Trying again cannot help this event: it belongs among the dead letters.
        public static let giveUp = Self("give up")
        /// The consumer is of no use any more, such as a pipe whose reader has gone: stop it, and no other.
        public static let stop = Self("stop")
    }

    /// What to do about it.
    public var remedy: Remedy
    /// What happened, in one line, without secrets.
    public var description: String
    /// The exit status of a hook; `nil` where there is none.
    public var exitStatus: Int32?
    /// The end of what a hook said on standard error, at most 4 KiB.
    public var standardError: String?

    /// Creates a failure.
    public init(
        _ remedy: Remedy, _ description: String, exitStatus: Int32? = nil, standardError: String? = nil
    ) {
        self.remedy = remedy
        self.description = description
        self.exitStatus = exitStatus
        self.standardError = standardError
    }
}
