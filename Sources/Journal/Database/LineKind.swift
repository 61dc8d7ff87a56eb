import Events

/// What a line of `events` holds, as the column `kind` has it.
enum LineKind: Int64 {
    case event = 0
    case invalid = 1
    case notice = 2

    init(_ kind: EventBatch.Line.Kind) {
        switch kind {
        case .event: self = .event
        case .invalid: self = .invalid
        case .notice: self = .notice
        }
    }

    /// The same as batches have it.
    var kind: EventBatch.Line.Kind {
        switch self {
        case .event: .event
        case .invalid: .invalid
        case .notice: .notice
        }
    }
}
