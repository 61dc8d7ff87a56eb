import Foundation
import Testing

/// Tests that would make every run of the suite much longer.
enum LongRun {
    /// Whether they are wanted.
    static let isWanted = ProcessInfo.processInfo.environment["KAZOO_SUBSCRIBE_TEST_LONG"] == "1"
}

extension Trait where Self == ConditionTrait {
    /// Runs only where somebody has the time.
    static func long(_ duration: String) -> Self {
        .enabled(if: LongRun.isWanted, "takes \(duration): runs with KAZOO_SUBSCRIBE_TEST_LONG=1")
    }
}
