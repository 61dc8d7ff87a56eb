/// The forms in which events can be written; the names are those of `--output`.
public enum OutputFormat: String, CaseIterable, Sendable {
    /// Kazoo's own JSON, byte for byte, one event a line.
    case raw
    /// One JSON object a line, with what the tool knows about the event around it.
    case envelope
    /// CloudEvents 1.0 in structured JSON, one a line.
    case cloudevents
    /// For eyes on a terminal.
    case pretty
}

/// Turns batches into bytes to write.
public struct EventFormatter: Sendable {
    private let format: any LineFormat
    /// Whether events are written as they are.
    private let isRaw: Bool

    /// Creates a formatter.
    ///
    /// - Parameters:
    ///   - format: the form.
    ///   - host: the name of the Kazoo server, for the `source` of CloudEvents.
    ///   - color: whether `pretty` uses ANSI colours.
    public init(_ format: OutputFormat, host: String = "", color: Bool = false) {
        self.format =
            switch format {
            case .raw: RawFormat()
            case .envelope: EnvelopeFormat()
            case .cloudevents: CloudEventsFormat(host: host)
            case .pretty: PrettyFormat(color: color)
            }
        isRaw = format == .raw
    }

    /// Creates a formatter that fills in a template for each event.
    public init(template: FormatTemplate) { self.init(template) }

    private init(_ format: any LineFormat) { (self.format, isRaw) = (format, false) }

    /// What ``OutputFormat/pretty`` shows, without the time of day: for tables that have a column for it.
    public static func summary(color: Bool) -> EventFormatter {
        EventFormatter(PrettyFormat(color: color, showsTime: false))
    }

    /// Appends one event.
    public func append(_ event: EventView, to output: inout [UInt8]) { format.append(event, to: &output) }

    /// Hands over a batch's events as text, in order and each as a whole; raw ones where they stand, without a copy.
    ///
    /// - Parameter space: what the text is made in, where it has to be made; to be used again for the next batch.
    public func withText<Result>(
        of batch: EventBatch, in space: inout [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        if isRaw { return try batch.bytes.withUnsafeBytes(body) }
        space.removeAll(keepingCapacity: true)
        append(batch, to: &space)
        return try space.withUnsafeBytes(body)
    }

    /// Appends a batch's events, in order and each as a whole.
    public func append(_ batch: EventBatch, to output: inout [UInt8]) {
        if isRaw {
            output.append(contentsOf: batch.bytes)
        } else {
            for event in batch { format.append(event, to: &output) }
        }
    }
}

/// Writes one event; a newline after it is the format's own business.
protocol LineFormat: Sendable {
    func append(_ event: EventView, to output: inout [UInt8])
}

/// Kazoo's own JSON.
struct RawFormat: LineFormat {
    func append(_ event: EventView, to output: inout [UInt8]) {
        output.append(contentsOf: event.json)
        output.append(UInt8(ascii: "\n"))
    }
}
