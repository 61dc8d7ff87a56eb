/// Which generation of Kazoo is simulated. Their event servers differ in replies, errors and what they do under load.
public enum KazooFlavour: String, CaseIterable, Sendable {
    /// Kazoo 4.x.
    case v4
    /// Kazoo 5.
    case v5

    /// The version that answers and events carry.
    public var version: String {
        switch self {
        case .v4: "4.0.0"
        case .v5: "5.0.0"
        }
    }
}
