/// Events on their way from the socket to the consumers: one buffer that is already NDJSON, and an index of its lines.
///
/// The buffer is what a consumer writes, byte for byte: each line is the JSON text that Kazoo sent, followed by one
/// newline. The index says where each line and its top-level values stand, so that nothing is parsed twice. A batch holds
/// less than 4 GiB.
public struct EventBatch: Sendable {
    /// The NDJSON text; every line ends with `\n`.
    public internal(set) var bytes: [UInt8]
    /// Where the lines and their top-level values stand in ``bytes``, in order.
    public internal(set) var lines: [Line]
    /// When the events of the batch were read from the socket.
    public var receivedAt: Timestamp
    /// The name of the connection that brought the events, as the session driver gives it.
    public var connection: String
    /// The sequence number of the first line that was appended; the following lines count on from there.
    public var firstSequence: UInt64
    /// How many lines have been appended since the batch was empty, those taken out again included.
    var appended: UInt32 = 0
    /// Where the lines of other batches that were joined to this one come from, by ``Line/origin`` less 1.
    var origins: [Origin] = []

    /// When and by which connection lines were brought.
    struct Origin: Equatable, Sendable {
        var receivedAt: Timestamp
        var connection: String
    }

    /// Creates an empty batch.
    public init(
        receivedAt: Timestamp = Timestamp(microseconds: 0), connection: String = "", firstSequence: UInt64 = 1
    ) {
        bytes = []
        lines = []
        self.receivedAt = receivedAt
        self.connection = connection
        self.firstSequence = firstSequence
    }

    /// How many lines the batch holds.
    public var count: Int { lines.count }

    /// Whether the batch holds no line.
    public var isEmpty: Bool { lines.isEmpty }

    /// The sequence number that the next line appended will have.
    public var nextSequence: UInt64 { firstSequence + UInt64(appended) }

    /// The line at a position, with what its event says about itself.
    public subscript(position: Int) -> EventView {
        EventView(batch: self, line: lines[position])
    }

    /// One line of the batch. All ranges are offsets in the batch's ``EventBatch/bytes``, strings with their quotation
    /// marks; `nil` where the event lacks the value.
    public struct Line: Equatable, Sendable {
        /// What a line holds.
        public enum Kind: Equatable, Sendable {
            /// An event, as Kazoo sent it.
            case event
            /// A frame that was not JSON, as `{"action":"invalid","raw_base64":…}`.
            case invalid
            /// A line of the tool's own, such as `{"action":"gap",…}`.
            case notice
        }

        /// What the line holds.
        public let kind: Kind
        /// 0 for the batch's own lines, else the place in ``EventBatch/origins``, plus 1. (It stands here because the
        /// bytes between its neighbours are free.)
        var origin: UInt16 = 0
        /// The place of the line among all that were appended to the batch, from 0; only
        /// ``EventBatch/discard(_:)`` changes it.
        public internal(set) var ordinal: UInt32
        var text: ByteRange
        var nameValue = ByteRange.absent
        var routingKeyValue = ByteRange.absent
        var subscribedKeyValue = ByteRange.absent
        var dataValue = ByteRange.absent
        /// Where the value of `data.msg_id` begins; 0 where there is none.
        var messageIDStart: UInt32 = 0
        /// What is nested in `data`.
        var nestedInData = NestedRanges.unknown

        /// The JSON text, without the newline.
        public var range: Range<Int> { Int(text.lower)..<Int(text.upper) }
        /// The value of `name`.
        public var name: Range<Int>? { nameValue.range }
        /// The value of `routing_key`.
        public var routingKey: Range<Int>? { routingKeyValue.range }
        /// The value of `subscribed_key`.
        public var subscribedKey: Range<Int>? { subscribedKeyValue.range }
        /// The value of `data`.
        public var data: Range<Int>? { dataValue.range }

        init(kind: Kind, ordinal: UInt32, text: ByteRange) {
            self.kind = kind
            self.ordinal = ordinal
            self.text = text
        }

        /// The same line in a buffer in which it begins at another offset.
        func moved(to start: UInt32) -> Line {
            if start > text.lower {
                let distance = start - text.lower
                return withRanges { $0.shifted(by: distance) }
            }
            let distance = text.lower - start
            return withRanges { $0.shifted(down: distance) }
        }

        @inline(__always)
        private func withRanges(_ shifted: (ByteRange) -> ByteRange) -> Line {
            var line = self
            line.text = shifted(text)
            line.nameValue = shifted(nameValue)
            line.routingKeyValue = shifted(routingKeyValue)
            line.subscribedKeyValue = shifted(subscribedKeyValue)
            line.dataValue = shifted(dataValue)
            if messageIDStart > 0 { line.messageIDStart = messageIDStart - text.lower + line.text.lower }
            return line
        }
    }
}

/// The lines of a batch, one after another.
extension EventBatch: RandomAccessCollection {
    /// The position of the first line.
    public var startIndex: Int { 0 }
    /// The position after the last line.
    public var endIndex: Int { lines.count }
}
