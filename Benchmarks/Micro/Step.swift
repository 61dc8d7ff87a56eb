/// A step of an event's way that can be measured alone.
protocol Step {
    /// Does the work for so many events.
    ///
    /// - Returns: a number that depends on every event, so that no work can be left out.
    mutating func run(_ total: Int) throws -> Int
}

/// The steps by their names.
enum StepName: String, CaseIterable {
    /// JSON alone: validated, and its top-level values found.
    case scan
    /// The check of UTF-8, which comes before it, and then JSON.
    case text
    /// From received bytes to messages: frames and UTF-8.
    case frames
    /// From received bytes to a batch of lines in which no event stands twice: all that comes before the consumers.
    case batch
    /// From a batch to those of 1,001 consumers who want it.
    case route

    func step(over events: [[UInt8]]) throws -> any Step {
        switch self {
        case .scan: ScanStep(events: events, validatesText: false)
        case .text: ScanStep(events: events, validatesText: true)
        case .frames: FrameStep(events: events)
        case .batch: BatchStep(events: events)
        case .route: try RouteStep(events: events)
        }
    }
}
