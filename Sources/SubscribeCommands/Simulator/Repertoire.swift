import ArgumentParser
import KazooSimulator
import Logging
import Synchronization
import Threads

/// The events that a simulated Kazoo is to have, made up or recorded, and what became of them.
final class Repertoire: Sendable {
    private let options: EventOptions
    private let logger: Logger
    private let logging: LoggingOptions
    /// Ends the program, whether from outside or because the recording cannot be read on.
    private let interruption: Interruption
    private let hasFailed = Atomic<Bool>(false)

    init(_ options: EventOptions, logger: Logger, logging: LoggingOptions, interruption: Interruption = Interruption())
    {
        self.options = options
        self.logger = logger
        self.interruption = interruption
        self.logging = logging
    }

    /// Puts the events into a configuration, and for recorded ones their accounts.
    ///
    /// - Returns: what is known of the recording; `nil` for a made-up story, and where the end was asked for meanwhile.
    /// - Throws: 65 or 74 when the recording cannot be used.
    @discardableResult
    func prepare(_ configuration: inout SimulatorConfiguration) async throws(UsageError) -> RecordingSurvey? {
        configuration.eventsPerSecond = options.rate ?? EventOptions.usualRate
        guard let path = options.from else { return nil }
        let outcome = await BlockingThread.run("recording") { [self] in
            Result { () throws(UsageError) in
                try SurveyedRecording(path, logger: logger, progress: ProgressBar("reading \(path)", logging)) {
                    !interruption.isRaised
                }
            }
        }
        let recording = try outcome.get()
        guard !interruption.isRaised else { return nil }
        recording.describe(options.pace, to: logger)
        recording.survey.populate(&configuration)
        configuration.eventSource = RecordedStory(recording.file, pace: options.pace, repeats: options.loop) {
            [self] notice in take(notice)
        }
        return recording.survey
    }

    private func take(_ notice: RecordedStory.Notice) {
        switch notice {
        case .played(let events):
            logger.notice("played \(events.counted("event"))\(options.loop ? ", and begins anew" : "")")
        case .failed(let error):
            logger.error("\(error)")
            hasFailed.store(true, ordering: .releasing)
            interruption.raise()
        }
    }

    /// Throws the exit code for a recording that could not be played to its end, if it could not.
    func check() throws {
        if hasFailed.load(ordering: .acquiring) { throw ExitCode.inputOutput }
    }
}
