/// `type: stdout`: events on standard output.
public struct StandardOutputSettings: ConsumerType {
    /// `stdout`.
    public static let name = "stdout"

    /// Reads the keys: none but those of every consumer.
    public init?(from section: inout Section) {}
}
