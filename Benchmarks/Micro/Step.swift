/// A step of an event's way that can be measured alone.
protocol Step: ~Copyable {
    /// Does the work for so many events.
    ///
    /// - Returns: a number that depends on every event, so that no work can be left out.
    mutating func run(_ total: Int) async throws -> Int
}

/// The steps by their names.
enum StepName: String, CaseIterable {
    /// JSON alone: validated, and its top-level values found.
    case scan
    /// The check of UTF-8, which comes before it, and then JSON.
    case text
    /// From received bytes to messages: frames and UTF-8.
    case frames
    /// From received bytes to a batch of lines, and what tells them from duplicates: nearly all that comes before the
    /// consumers.
    case batch
    /// From a batch to the one of 1,001 consumers who wants it.
    case route
    /// From batches to the journal, committed one after the other.
    case journal

    /// Does the work of this step for so many events.
    func measure(_ events: [[UInt8]], total: Int) async throws -> Measurement {
        switch self {
        case .scan: try await Measurement(of: ScanStep(events: events, validatesText: false), total: total)
        case .text: try await Measurement(of: ScanStep(events: events, validatesText: true), total: total)
        case .frames: try await Measurement(of: FrameStep(events: events), total: total)
        case .batch: try await Measurement(of: BatchStep(events: events), total: total)
        case .route: try await Measurement(of: RouteStep(events: events), total: total)
        case .journal: try await Measurement(of: JournalStep(events: events), total: total)
        }
    }
}
