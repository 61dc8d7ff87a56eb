import ArgumentParser
import Events
import Journal
import Logging
import Network
import Settings
import Subscriber

/// The session and the consumers of one config file, from the start to an orderly end.
///
/// Everything that happens comes as an ``Occurrence`` into one loop, which owns all tasks.
struct Daemon {
    private enum Occurrence: Sendable {
        case sessionEnded(SessionEnd)
        case consumerEnded(Int)
        case asked(Signals.Request)
        case stateTold
    }

    /// How long consumers may go on delivering what waits after their end was asked for.
    private static let grace = Duration.seconds(10)

    private var settings: Settings
    private let file: String
    private let manner: Diagnostics.Manner
    private let logger: Logger
    private let manager = ServiceManager { Environment[$0] }
    /// Between the session and the consumers, where there is no journal.
    private let router = Router()
    private var journal: Journal?
    private var roster = Roster()
    private var control = SessionControl()
    /// What the session is to be started anew with, as soon as the one before has ended.
    private var nextConfiguration: SessionConfiguration?
    /// When whatever still waits is given up; `nil` as long as nobody has asked for the end.
    private var deadline: ContinuousClock.Instant?
    /// Whether it ends because no consumer is left.
    private var isAbandoned = false
    /// Whether the config file is to be read again, as soon as the last change is through.
    private var mustReload = false
    private let occurrences: AsyncStream<Occurrence>
    private let tell: AsyncStream<Occurrence>.Continuation

    /// - Parameters:
    ///   - file: where the settings are from, and are read again.
    ///   - manner: how messages look, which the settings may change.
    init(_ settings: Settings, from file: String, manner: Diagnostics.Manner) {
        self.settings = settings
        self.file = file
        self.manner = manner
        logger = manner.logger
        // Without a bound: there are as many as consumers, sessions and signals of an administrator, and none may be missed.
        (occurrences, tell) = AsyncStream.makeStream()
    }

    /// Runs until it is asked to end.
    ///
    /// - Throws: what is wrong with the settings, or the exit code.
    mutating func run() async throws {
        try settings.checkForDaemon(file: file)
        try StateDirectory(of: settings).create()
        let configuration = try SessionConfiguration(settings, logger: logger)
        journal = try await openJournal()
        await forget()
        let beginning = try roster.change(
            to: settings.consumers, host: try settings.kazoo.serverURL().host, make: outlet)
        router.replace(with: roster.routes)
        Signals.listen(hearsHangUp: true) { [tell] in tell.yield(.asked($0)) }
        let end = await withDiscardingTaskGroup { group in
            perform(beginning, in: &group)
            begin(configuration, in: &group)
            let end = await work(in: &group)
            group.cancelAll()
            return end
        }
        await journal?.close(within: Self.grace)
        if case .failed(let failure) = end {
            logger.error("\(failure.message)")
            throw ExitCode(failure)
        }
        if isAbandoned { throw ExitCode.inputOutput }
    }

    /// Does what there is to do, until the session and all consumers have ended.
    private mutating func work(in group: inout DiscardingTaskGroup) async -> SessionEnd {
        var end: SessionEnd?
        for await occurrence in occurrences {
            switch occurrence {
            case .sessionEnded(let how):
                if let configuration = nextConfiguration.take() {
                    begin(configuration, in: &group)
                } else {
                    end = how
                    finish(in: &group)
                }
            case .consumerEnded(let id): consumerEnded(id, in: &group)
            case .asked(.end):
                nextConfiguration = nil
                manager.isStopping()
                control.stop()
            case .asked(.state): control.reportState()
            case .asked(.reload): mustReload = true
            case .stateTold: tellProgress()
            }
            if let end, roster.isEmpty { return end }
            if mustReload, end == nil, !roster.isChanging {
                mustReload = false
                await reload(in: &group)
            }
        }
        return end ?? .finished
    }

    // MARK: The session

    private mutating func begin(_ configuration: SessionConfiguration, in group: inout DiscardingTaskGroup) {
        control = SessionControl()
        var configuration = configuration
        configuration.firstSequence = router.lastSequence + 1
        let reporter = SessionReporter(logger: logger)
        let sink: any EventSink = journal.map { JournalSink(journal: $0) } ?? router
        let session = Session(configuration, sink: sink, control: control) { [manager, tell] report in
            reporter.report(report)
            switch report {
            case .ready(let confirmed, let refused, _):
                manager.isReady("\(confirmed) subscriptions confirmed, \(refused) refused")
                // From here on little is needed but the way from the socket to the consumers.
                CodePages.release()
            // An outage of Kazoo is no failed start: it is retried.
            case .lost(let failure): manager.isReady("not connected: \(failure.message)")
            case .state: tell.yield(.stateTold)
            default: break
            }
        }
        group.addTask { [tell] in tell.yield(.sessionEnded(await session.run())) }
        group.addTask { [manager, control] in await manager.watch(control) }
    }

    // MARK: The journal

    private func openJournal() async throws(UsageError) -> Journal? {
        guard let options = JournalConfiguration(of: settings) else { return nil }
        do throws(JournalError) {
            let journal = try await Journal.open(options) { [logger] in logger.report($0) }
            try await enrol(settings.consumers, in: journal)
            return journal
        } catch {
            throw UsageError("\(error)", exitCode: error.kind == .unavailable ? 73 : 74)
        }
    }

    /// Gives everybody a place, before what he is to get comes.
    private func enrol(_ consumers: [ConsumerSettings], in journal: Journal) async throws(JournalError) {
        for consumer in consumers {
            try await journal.enrol(consumer.name.value, from: JournalStart(consumer.beginning))
        }
    }

    // MARK: The consumers

    private func outlet(_ consumer: ConsumerSettings, host: String) throws(UsageError) -> any Outlet {
        try consumer.outletType.outlet(
            at: OutletSite(
                consumer, host: host, deadLetters: StateDirectory(of: settings).deadLetters,
                source: journal.map { .journal($0) } ?? .router, logger: logger))
    }

    private func perform(_ actions: [Roster.Action], in group: inout DiscardingTaskGroup) {
        for action in actions {
            switch action {
            case .run(let member):
                group.addTask { [tell] in
                    await member.outlet.run()
                    tell.yield(.consumerEnded(member.id))
                }
            case .finish(let outlet): outlet.finish(by: deadline ?? .now + Self.grace)
            }
        }
    }

    private mutating func consumerEnded(_ id: Int, in group: inout DiscardingTaskGroup) {
        if let member = roster.members.first(where: { $0.id == id }) {
            let words = member.outlet.progress.description(now: .now)
            logger.info("ended: \(words)", metadata: .facts([.consumer: member.name]))
            if member.isWanted { logger.error("it gets no more events", metadata: .facts([.consumer: member.name])) }
        }
        perform(roster.ended(id), in: &group)
        router.replace(with: roster.routes)
        guard roster.isEmpty, deadline == nil else { return }
        logger.error("no consumer is left: there is nothing to be done any more")
        isAbandoned = true
        control.stop()
    }

    private mutating func finish(in group: inout DiscardingTaskGroup) {
        manager.isStopping()
        deadline = .now + Self.grace
        perform(roster.finish(), in: &group)
    }

    private func tellProgress() {
        for member in roster.members {
            let progress = member.outlet.progress
            logger.notice("state: \(progress.description(now: .now))", metadata: .facts([.consumer: member.name]))
        }
    }

    // MARK: Changes

    /// Reads the config file again, and takes over what has changed; keeps everything as it is where something is wrong.
    private mutating func reload(in group: inout DiscardingTaskGroup) async {
        manager.isReloading()
        defer { manager.isReady() }
        do {
            let (settings, report) = try SettingsReport.usable(config: file)
            for line in report.lines { logger.warning("\(line)") }
            if let journal { try await enrol(settings.consumers, in: journal) }
            try change(to: settings, in: &group)
            await forget()
        } catch {
            logger.error("\(error)")
            logger.error("\(file) is not taken over: the configuration stays as it was")
        }
    }

    /// Lets the journal forget consumers that are no more: what they have not read would hold everything back.
    private func forget() async {
        guard let journal else { return }
        do throws(JournalError) {
            for consumer in try await journal.consumers()
            where !settings.consumers.contains(where: { $0.name.value == consumer }) {
                try await journal.forget(consumer)
                logger.notice("the journal forgets a consumer that is no more", metadata: .facts([.consumer: consumer]))
            }
        } catch {
            logger.error("\(error)")
        }
    }

    private mutating func change(to next: Settings, in group: inout DiscardingTaskGroup) throws(UsageError) {
        try next.checkForDaemon(file: file)
        var next = next
        if next.stateDirectory != settings.stateDirectory {
            logger.warning("“state_directory” has changed: that takes effect at the next start")
            next.stateDirectory = settings.stateDirectory
        }
        if next.journal != settings.journal {
            logger.warning("“journal” has changed: that takes effect at the next start")
            next.journal = settings.journal
        }
        // Everything that can be refused comes first.
        let wanted = try next.wanted()
        let configuration = next.kazoo == settings.kazoo ? nil : try SessionConfiguration(next, logger: logger)
        let stayed = roster.members
        let actions = try roster.change(
            to: next.consumers, host: try next.kazoo.serverURL().host, make: outlet)
        router.replace(with: roster.routes)
        perform(actions, in: &group)
        for member in stayed where roster.members.contains(where: { $0.id == member.id }) { member.outlet.reopen() }
        manner.change(to: next.log)
        if let configuration {
            nextConfiguration = configuration
            control.stop()
        } else if next.subscriptions != settings.subscriptions {
            control.want(wanted)
        }
        settings = next
        logger.notice("\(file) is taken over")
    }
}
