/// Events on their way from the socket to the consumers: one buffer that is already NDJSON, and an index of its lines.
///
/// The buffer is what a consumer writes, byte for byte: each line is the JSON text that Kazoo sent, followed by one
/// newline. The index says where each line and its top-level values stand, so that nothing is parsed twice.
public struct EventBatch: Sendable {
    /// The NDJSON text; every line ends with `\n`.
    public private(set) var bytes: [UInt8]
    /// Where the lines and their top-level values stand in ``bytes``, in order.
    public private(set) var lines: [Line]

    /// Creates an empty batch.
    public init() {
        bytes = []
        lines = []
    }

    /// One line of the batch. All ranges are offsets in the batch's ``EventBatch/bytes``.
    public struct Line: Equatable, Sendable {
        /// What a line holds.
        public enum Kind: Equatable, Sendable {
            /// An event, as Kazoo sent it.
            case event
            /// A frame that was not JSON, as `{"action":"invalid","raw_base64":…}`.
            case invalid
        }

        /// What the line holds.
        public var kind: Kind
        /// The JSON text, without the newline.
        public var range: Range<Int>
    }
}
