/// Which of the events that were taken are done with, so that only what has no unfinished event before it is acknowledged.
///
/// Events have tickets 0, 1, 2, … in the order in which they were taken. What is finished out of order is kept as runs of
/// neighbours: there are never more of them than unfinished events, however many are finished behind one that is stuck.
struct SettledEvents {
    private struct Run {
        var first: Int
        var last: Int
        /// The sequence number of the last event of the run.
        var sequence: UInt64
    }

    /// The oldest ticket that is not settled.
    private(set) var oldest = 0
    /// Settled events behind an unfinished one, in order, with unsettled tickets between them.
    private var runs: [Run] = []

    /// Notes that an event is delivered, or given up.
    ///
    /// - Returns: the sequence number up to which everything is settled, if that has changed.
    mutating func settle(_ ticket: Int, sequence: UInt64) -> UInt64? {
        let position = firstRun(after: ticket)
        precondition(ticket >= oldest && (position == 0 || runs[position - 1].last < ticket), "settled twice")
        var run = Run(first: ticket, last: ticket, sequence: sequence)
        var lower = position
        var upper = position
        if position > 0, runs[position - 1].last + 1 == ticket {
            lower -= 1
            run.first = runs[lower].first
        }
        if position < runs.count, runs[position].first == ticket + 1 {
            run.last = runs[position].last
            run.sequence = runs[position].sequence
            upper += 1
        }
        guard run.first == oldest else {
            runs.replaceSubrange(lower..<upper, with: CollectionOfOne(run))
            return nil
        }
        runs.removeSubrange(lower..<upper)
        oldest = run.last + 1
        return run.sequence
    }

    /// The position of the first run that begins after a ticket.
    private func firstRun(after ticket: Int) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].first > ticket { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
