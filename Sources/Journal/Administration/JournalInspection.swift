import CSQLite
import Events

/// Looks for what is wrong in a journal: in the file itself, and in what stands in it.
public struct JournalInspection {
    /// What is looked at, one after the other.
    public enum Part: String, CaseIterable, Sendable {
        /// The pages of the file, their indexes and bounds, as SQLite checks them.
        case file
        /// Every line: its text, its id, its number.
        case events
        /// Where consumers stand.
        case cursors
        /// Every dead letter.
        case letters = "dead letters"
    }

    /// What was found in a part.
    public struct Finding: Equatable, Sendable {
        /// The part.
        public var part: Part
        /// How much was looked at, in the part's own unit: bytes, lines, consumers, letters.
        public var amount: Int
        /// What is wrong, the first hundred.
        public fileprivate(set) var faults: [String] = []
        /// How many faults more there are.
        public fileprivate(set) var moreFaults = 0

        fileprivate mutating func fault(_ text: String) {
            if faults.count < 100 { faults.append(text) } else { moreFaults += 1 }
        }
    }

    private let browser: JournalBrowser
    private let progress: (Part, Double) -> Bool

    /// Creates an inspection.
    ///
    /// - Parameter progress: told how much of a part is done, 0 to 1; returns whether to go on.
    public init(_ browser: JournalBrowser, progress: @escaping (Part, Double) -> Bool) {
        self.browser = browser
        self.progress = progress
    }

    /// Looks at a part.
    ///
    /// Where damage keeps it from being read on, that is a fault, too.
    ///
    /// - Throws: why that cannot be done; ``JournalError/Kind/interrupted`` where `progress` wanted no more, or where the
    ///   daemon's log grew too long meanwhile, because it cannot begin anew while the file is read.
    public func inspect(_ part: Part) throws(JournalError) -> Finding {
        var finding = Finding(part: part, amount: 0)
        do throws(JournalError) {
            switch part {
            case .file: try file(&finding)
            case .events: try events(&finding)
            case .cursors: try cursors(&finding)
            case .letters: try letters(&finding)
            }
        } catch {
            guard error.kind == .damaged else { throw error }
            finding.fault("it cannot be read on: \(error.reason)")
        }
        return finding
    }

    // MARK: The file

    private func file(_ finding: inout Finding) throws(JournalError) {
        let database = browser.database
        finding.amount = JournalFiles(path: browser.path).size
        var faults: [String] = []
        defer { for fault in faults { finding.fault(fault) } }
        let pages = max(try database.pages().total, 1)
        let files = JournalFiles(path: browser.path)
        let (firstMiss, firstLog) = (database.cacheMisses, files.logSize)
        var isLogTooLong = false
        // It reads each page once, more or less.
        let check = try database.prepare("PRAGMA integrity_check(101)")
        do throws(JournalError) {
            try database.watching { [progress] in
                isLogTooLong = files.logSize > firstLog + Self.logLimit
                let done = Double(database.cacheMisses - firstMiss) / Double(pages)
                return !isLogTooLong && progress(.file, min(done, 0.999))
            } during: { () throws(JournalError) in
                while try check.step() { if let text = check.text(at: 0), text != "ok" { faults.append(text) } }
            }
        } catch {
            guard isLogTooLong else { throw error }
            throw JournalError(
                .interrupted, path: browser.path,
                "so many events came while the file was checked that the log has grown by \(Self.logLimit >> 20) MiB; "
                    + "verify it in a quieter hour, or while the daemon does not run")
        }
    }

    /// By how much the daemon's log may grow meanwhile, in bytes.
    private static let logLimit = 1 << 30

    // MARK: What stands in it

    private func events(_ finding: inout Finding) throws(JournalError) {
        guard let range = try browser.range() else { return }
        let select = try browser.database.prepare(
            "SELECT sequence, kind, id, raw FROM events WHERE sequence > ? ORDER BY sequence LIMIT 1000")
        var last = range.sequences.lowerBound - 1
        var isMore = true
        while isMore {
            isMore = false
            select.bind(Int64(last), at: 1)
            while try select.step() {
                isMore = true
                let sequence = UInt64(max(select.integer(at: 0), 0))
                if sequence != last + 1, try !isGap(after: last) {
                    finding.fault("no event has the numbers \(last + 1) to \(sequence - 1), and no gap says why")
                }
                if let fault = fault(in: select) { finding.fault("event \(sequence): \(fault)") }
                last = sequence
                finding.amount += 1
            }
            guard progress(.events, range.fraction(at: last)) else { throw interrupted }
        }
    }

    private func fault(in row: Statement) -> String? {
        guard let kind = LineKind(rawValue: row.integer(at: 1)) else { return "its kind is \(row.integer(at: 1))" }
        var batch = EventBatch()
        let isTaken = batch.append(
            kept: row.bytes(at: 3), kind: kind.kind, sequence: 1, receivedAt: Timestamp(microseconds: 0), connection: ""
        )
        guard isTaken, let view = batch.first, view.kind == kind.kind else { return "its text is no JSON" }
        guard view.kind == .event, view.eventID != row.text(at: 2) else { return nil }
        return "its id is not that of its text"
    }

    private func isGap(after sequence: UInt64) throws(JournalError) -> Bool {
        try browser.database.integer("SELECT count(*) FROM gaps WHERE sequence = \(sequence)") != 0
    }

    private func cursors(_ finding: inout Finding) throws(JournalError) {
        let last = try browser.extent().lastSequence
        let consumers = try browser.consumers()
        finding.amount = consumers.count
        for consumer in consumers where consumer.position > last {
            finding.fault("\(consumer.name) is at \(consumer.position), but no number beyond \(last) was ever given")
        }
        if let range = try browser.range(), range.sequences.upperBound > last {
            finding.fault(
                "there is an event \(range.sequences.upperBound), but no number beyond \(last) was ever given")
        }
    }

    private func letters(_ finding: inout Finding) throws(JournalError) {
        let select = try browser.database.prepare(
            "SELECT number, id, raw FROM dead_letters WHERE number > ? ORDER BY number LIMIT 100")
        var (last, isMore): (Int64, Bool) = (0, true)
        while isMore {
            isMore = false
            select.bind(last, at: 1)
            while try select.step() {
                isMore = true
                last = select.integer(at: 0)
                finding.amount += 1
                if (try? JSONScanner.scan(select.bytes(at: 2))) == nil {
                    finding.fault("the event of \(select.text(at: 1) ?? "a letter") is no JSON")
                }
            }
            guard progress(.letters, 0) else { throw interrupted }
        }
    }

    private var interrupted: JournalError { JournalError(.interrupted, path: browser.path, "interrupted") }
}
