/// The dead letters of one consumer as a command sees them, while the daemon runs or when it does not.
///
/// What it does blocks.
public protocol DeadLetterBox: Sendable {
    /// The name of the consumer.
    var consumer: String { get }
    /// The file that they are in.
    var path: String { get }

    /// Reads the letters, the oldest first, one after the other.
    ///
    /// - Parameter body: gets each letter; returns whether to go on.
    /// - Returns: how many lines of the file were no letters.
    @discardableResult
    func read(_ body: (DeadLetter) throws -> Bool) throws -> Int

    /// Takes letters out.
    ///
    /// - Parameter ids: the letters.
    /// - Returns: those that were there.
    func takeOut(_ ids: Set<String>) throws -> Set<String>
}
