import ArgumentParser
import Events
import Glibc
import Journal
import Logging
import Subscriber

/// `kazoo-subscribe journal list`: what is in the journal, for eyes and for programs.
struct ListJournal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the newest events, where consumers stand, or what was missed.",
        discussion: """
            Without --since and --until, events are the newest 50. Times are those of this machine's time zone; in JSON \
            they are UTC.

              kazoo-subscribe journal list
              kazoo-subscribe journal list --since 1h --match data.type=user
              kazoo-subscribe journal list consumers
              kazoo-subscribe journal list gaps --since yesterday --output json
            """)

    /// What is listed.
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case events, consumers, gaps
    }

    @Argument(help: "events, consumers, or gaps.")
    var subject = Subject.events

    @OptionGroup var options: JournalOptions
    @OptionGroup(title: "Which events")
    var choice: EventChoice

    @Option(help: ArgumentHelp("Only the newest so many events.", valueName: "n"))
    var last: Int?

    @Option(help: ArgumentHelp("text: for people. json: one object a line.", valueName: "form"))
    var output = Doctor.Form.text

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    private static let newest = 50

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last wants a number of events, at least 1") }
        if subject != .events, last != nil || choice.isSelective {
            throw ValidationError("--last, --binding, --match and --gaps are about events")
        }
        if subject == .consumers, choice.since != nil || choice.until != nil {
            throw ValidationError("--since and --until are not about consumers, which stand where they stand now")
        }
    }

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let path = try options.path()
            try JournalOptions.told {
                let browser = try JournalBrowser(path: path)
                let table = JournalTable(
                    clock: WallClock(zone: .local), isJSON: output == .json,
                    colour: Terminal.wantsColour(STDOUT_FILENO, logging.colour))
                var text = OutputText()
                let isEmpty: Bool
                switch subject {
                case .events: isEmpty = try !events(of: browser, in: table, to: &text)
                case .consumers:
                    let consumers = try browser.consumers()
                    isEmpty = consumers.isEmpty
                    try text.append(table.text(of: consumers))
                case .gaps:
                    let gaps = try browser.gaps(since: choice.since, until: choice.until)
                    isEmpty = gaps.isEmpty
                    try text.append(table.text(of: gaps))
                }
                try text.flush()
                if isEmpty { logger.notice("there are no \(subject.rawValue)\(choice.interval)") }
            }
        }
    }

    /// - Returns: whether there are any.
    private func events(of browser: JournalBrowser, in table: JournalTable, to text: inout OutputText) throws -> Bool {
        let filter = try choice.filter()
        var (table, isAny) = (table, false)
        func write(_ batch: EventBatch) throws {
            isAny = isAny || !batch.isEmpty
            try text.append(table.text(of: batch))
        }
        let isBounded = choice.since != nil || choice.until != nil
        if let most = last ?? (isBounded ? nil : Self.newest) {
            for batch in try browser.newest(most, since: choice.since, until: choice.until, filter: { filter($0) }) {
                try write(batch)
            }
        } else {
            try browser.forEachBatch(since: choice.since, until: choice.until) { batch, _ in
                try write(filter(batch))
                return true
            }
        }
        return isAny
    }
}

extension EventChoice {
    /// The interval, for the end of a sentence.
    fileprivate var interval: String {
        (since.map { " since \($0)" } ?? "") + (until.map { " until \($0)" } ?? "")
    }
}

extension JournalBrowser {
    /// The newest lines that a filter lets pass, the oldest of them first.
    func newest(
        _ count: Int, since: Timestamp?, until: Timestamp?, filter: (EventBatch) -> EventBatch
    ) throws -> [EventBatch] {
        guard let range = try range(since: since, until: until) else { return [] }
        var found: [EventBatch] = []
        var missing = count
        var part = range
        // Backwards, in steps that grow while little is found.
        var step = max(count, 100)
        while missing > 0 {
            let first = max(
                try start(ofLast: step, through: part.sequences.upperBound), range.sequences.lowerBound)
            part.sequences = min(first, part.sequences.upperBound)...part.sequences.upperBound
            var wanted: [EventBatch] = []
            var position = max(part.sequences.lowerBound, 1) - 1
            while case let batch = try lines(after: position, in: part), let last = batch.last?.sequence {
                position = last
                let lines = filter(batch)
                if !lines.isEmpty { wanted.append(lines) }
            }
            while let batch = wanted.popLast(), missing > 0 {
                let surplus = max(batch.count - missing, 0)
                found.append(batch.slice(surplus..<batch.count))
                missing -= batch.count - surplus
            }
            guard first > range.sequences.lowerBound else { break }
            part.sequences = range.sequences.lowerBound...(first - 1)
            step = min(step * 4, 10_000)
        }
        return found.reversed()
    }
}
