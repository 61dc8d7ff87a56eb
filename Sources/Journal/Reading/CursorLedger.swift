/// What one consumer has got and is not done with, and how far its cursor may move.
///
/// A value without IO. Events that the consumer does not want are done with as soon as those before them are.
struct CursorLedger: Sendable {
    /// The numbers of lines that were handed out together.
    private struct Portion {
        var sequences: [UInt64]
        /// The position in ``sequences`` of the first that is not done with.
        var first = 0
    }

    /// Everything up to here has been looked at.
    private(set) var readThrough: UInt64
    private var portions: [Portion] = []
    /// Events behind the cursor that are among the dead letters.
    private var buried: Set<UInt64>

    /// - Parameters:
    ///   - position: where the consumer goes on.
    ///   - buried: events behind it that are among its dead letters.
    init(position: UInt64, buried: Set<UInt64> = []) {
        readThrough = position
        self.buried = buried
    }

    /// Everything up to here is done with.
    var position: UInt64 {
        guard let portion = portions.first else { return readThrough }
        return portion.sequences[portion.first] - 1
    }

    /// How many lines the consumer has that it is not done with.
    var outstanding: Int { portions.reduce(0) { $0 + $1.sequences.count - $1.first } }

    /// Whether an event is among the dead letters already, and is not to be handed out again.
    func isBuried(_ sequence: UInt64) -> Bool { !buried.isEmpty && buried.contains(sequence) }

    /// Lines were handed out, or none of those that were read were wanted.
    mutating func read(_ wanted: [UInt64], through last: UInt64) {
        precondition(last >= readThrough && wanted.first ?? .max > readThrough, "lines are read in their order")
        readThrough = last
        if !wanted.isEmpty { portions.append(Portion(sequences: wanted)) }
    }

    /// The consumer is done with everything up to this number.
    mutating func acknowledge(through sequence: UInt64) {
        while let portion = portions.first {
            let first = portion.sequences[portion.first...].firstIndex { $0 > sequence }
            guard let first else {
                portions.removeFirst()
                continue
            }
            portions[0].first = first
            break
        }
        dropBuried()
    }

    /// An event is among the dead letters: the consumer is done with it, whatever is before it.
    mutating func bury(_ sequence: UInt64) {
        buried.insert(sequence)
        if let portion = portions.first, portion.sequences[portion.first] == sequence {
            acknowledge(through: sequence)
        } else {
            dropBuried()
        }
    }

    /// Where the cursor will be when an event is among the dead letters.
    func position(afterBurying sequence: UInt64) -> UInt64 {
        var later = self
        later.bury(sequence)
        return later.position
    }

    private mutating func dropBuried() {
        guard !buried.isEmpty else { return }
        let position = position
        buried = buried.filter { $0 > position }
    }
}
