/// `type: stdout`: events on standard output.
public struct StandardOutputSettings: ConsumerType {
    /// `stdout`.
    public static let name = "stdout"
    /// Two of them would tear each other's lines.
    public static let isUnique = true

    /// Reads the keys: none but those of every consumer.
    public init?(from section: inout Section) {}
}
