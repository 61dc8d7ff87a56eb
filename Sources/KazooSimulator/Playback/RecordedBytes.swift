/// Where the bytes of a recording are.
///
/// They are read several times, in pieces: a recorded day can have gigabytes.
public protocol RecordedBytes: Sendable {
    /// How many bytes the recording has. What is written behind them later does not belong to it.
    var count: Int { get }

    /// Reads some bytes; may block for as long as a disk takes.
    ///
    /// - Parameter offset: Where they stand, from 0.
    /// - Returns: How many there were; 0 at the end only.
    /// - Throws: Why they cannot be read.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int
}
