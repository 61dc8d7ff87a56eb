/// A strict validator of JSON texts (RFC 8259) that finds the top-level values of an event on its way.
///
/// One pass, no allocation, and no recursion but for each 64 levels of nesting: the scanner decides whether a text is
/// JSON, and remembers where the values of the keys stand that Kazoo's messages have. It expects valid UTF-8, as the
/// WebSocket layer has checked it, does not check it again, and is safe in memory on any bytes.
///
/// Where a key occurs twice in the top-level object, the first one counts, as it does for Kazoo itself (recorded:
/// `transcripts/v4/malformed.jsonl`, "duplicate keys").
public enum JSONScanner {
    /// How deeply arrays and objects may be nested unless the caller says otherwise.
    public static let depthLimit = 512

    /// Where the known top-level values stand in a scanned text. All ranges are byte offsets, strings with their
    /// quotation marks; `nil` where the key is absent or the text is no object.
    public struct Index: Equatable, Sendable {
        var slots = Slots()

        /// An index of nothing.
        public init() {}

        /// Where the value of `data.msg_id` begins; 0 where there is none.
        var messageIDStart: UInt32 = 0
        /// What is nested in `data`.
        var nestedInData = NestedRanges.unknown

        /// Whether the text is an object.
        public internal(set) var isObject = false
        /// Whether the whitespace between the tokens holds a line feed or carriage return, so that the text is not one
        /// line.
        public internal(set) var hasLineBreaks = false

        /// The value of `action`.
        public var action: Range<Int>? { slots[.action].range }
        /// The value of `subscribed_key`.
        public var subscribedKey: Range<Int>? { slots[.subscribedKey].range }
        /// The value of `subscription_key`.
        public var subscriptionKey: Range<Int>? { slots[.subscriptionKey].range }
        /// The value of `name`.
        public var name: Range<Int>? { slots[.name].range }
        /// The value of `routing_key`.
        public var routingKey: Range<Int>? { slots[.routingKey].range }
        /// The value of `data`.
        public var data: Range<Int>? { slots[.data].range }
        /// The value of `request_id`.
        public var requestID: Range<Int>? { slots[.requestID].range }
        /// The value of `status`.
        public var status: Range<Int>? { slots[.status].range }
    }

    /// Checks a whole text and finds its top-level values.
    ///
    /// - Parameters:
    ///   - text: the text; at most 4 GiB, valid UTF-8.
    ///   - depthLimit: how deeply arrays and objects may be nested, at most ``depthLimit``.
    /// - Returns: where the known top-level values stand.
    /// - Throws: what is wrong, and where, when the text is not exactly one JSON value.
    public static func scan(
        _ text: UnsafeRawBufferPointer, depthLimit: Int = Self.depthLimit
    ) throws(JSONSyntaxError) -> Index {
        var index = Index()
        try scan(text, depthLimit: depthLimit, into: &index)
        return index
    }

    /// Checks a whole text and finds its top-level values: the same, for millions of texts.
    ///
    /// - Parameter index: is set to where the known top-level values stand; means nothing when the text is no JSON.
    public static func scan(
        _ text: UnsafeRawBufferPointer, depthLimit: Int = Self.depthLimit, into index: inout Index
    ) throws(JSONSyntaxError) {
        guard let bytes = JSONBytes(text) else { throw JSONSyntaxError(reason: .unexpectedEnd, offset: 0) }
        guard text.count <= Int(UInt32.max) else {
            throw JSONSyntaxError(reason: .unexpectedByte, offset: Int(UInt32.max))
        }
        var walk = JSONWalk(over: bytes, depthLimit: min(depthLimit, Self.depthLimit))
        try walk.run(into: &index)
    }
}
