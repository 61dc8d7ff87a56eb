/// Notices that somebody has cut the database short.
///
/// The writer has most of it in memory, and might go on for long without looking at what is gone. The journal itself
/// makes its file shorter only some time after it has given pages back.
struct SizeWatch: Sendable {
    private var size: Int
    private var mayShrink = false

    /// - Parameter size: how long the file is, in bytes.
    init(size: Int) { self.size = size }

    /// Pages were given back: the file will become shorter.
    mutating func pagesWereGivenBack() { mayShrink = true }

    /// Takes note of the file's size, in bytes.
    ///
    /// - Returns: how long it was before, if it is shorter now for no reason.
    mutating func isCutShort(to size: Int) -> Int? {
        defer { self.size = size }
        guard size < self.size else { return nil }
        defer { mayShrink = false }
        return mayShrink ? nil : self.size
    }
}
