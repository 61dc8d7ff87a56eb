/// How many lines of a hook's standard error are passed on: twenty at once, and two a second.
struct LineAllowance {
    typealias Instant = ContinuousClock.Instant

    static let burst = 20.0
    static let perSecond = 2.0

    private var tokens = burst
    private var last: Instant?
    private var leftOut = 0

    /// What is to be told about some lines.
    mutating func pass(_ lines: [String], now: Instant) -> [HookNotice] {
        if let last { tokens = min(Self.burst, tokens + (now - last) / .seconds(1) * Self.perSecond) }
        last = now
        var notices: [HookNotice] = []
        for line in lines {
            guard tokens >= 1 else {
                leftOut += 1
                continue
            }
            tokens -= 1
            if leftOut > 0 { notices.append(.unsaid(lines: leftOut)) }
            leftOut = 0
            notices.append(.said(line))
        }
        return notices
    }

    /// What is to be told at the end of a run, where that much is still allowed.
    mutating func finish() -> [HookNotice] {
        guard leftOut > 0, tokens >= 1 else { return [] }
        tokens -= 1
        defer { leftOut = 0 }
        return [.unsaid(lines: leftOut)]
    }
}
