/// Why a text cannot be what its key wants.
public struct Mismatch: Error, Equatable, Sendable {
    /// What is wrong and what to do, in one line.
    public var message: String
    /// What was probably meant.
    public var suggestion: String?

    /// Creates a mismatch.
    public init(_ message: String, suggestion: String? = nil) {
        self.message = message
        self.suggestion = suggestion
    }
}
