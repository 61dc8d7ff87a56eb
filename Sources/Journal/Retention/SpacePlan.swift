/// How many of the file's free pages are given back to the file system next.
///
/// Some stay: events that come use them again, which is cheaper than to shorten the file and let it grow.
struct SpacePlan: Sendable {
    /// The most pages that are given back at once: it takes some milliseconds.
    static let stepLimit = 512
    /// How many free pages always stay, unless the file is too large.
    static let slack = 4096

    /// - Parameters:
    ///   - pages: how many the file has.
    ///   - freePages: how many of them are free.
    ///   - limit: how many the file may have; `nil` for any number.
    /// - Returns: how many pages to give back now.
    static func step(pages: Int, freePages: Int, limit: Int?) -> Int {
        let spare = freePages - max(slack, pages / 8)
        let excess = limit.map { min(freePages, pages - $0) } ?? 0
        return min(max(spare, excess, 0), stepLimit)
    }
}
