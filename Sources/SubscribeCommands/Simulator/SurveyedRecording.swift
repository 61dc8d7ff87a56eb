import Events
import KazooSimulator
import Logging
import Threads

/// A recording that was read once, so that it is known what there is to play.
struct SurveyedRecording {
    let file: RecordingFile
    let survey: RecordingSurvey

    /// So many lines that cannot be used are named one by one.
    private static let namedComplaints = 5

    /// Opens and reads a recording, and says what is in it; blocks.
    ///
    /// - Parameters:
    ///   - progress: Shows how far it is.
    ///   - isWanted: Is asked from time to time whether to go on. If not, only a part of the recording was read.
    /// - Throws: 74 when the file cannot be read, 65 when it is no recording.
    init(
        _ path: String, logger: Logger, progress: ProgressBar? = nil, isWanted: () -> Bool = { true }
    ) throws(UsageError) {
        file = try RecordingFile(path)
        let size = Double(file.count)
        var progress = progress
        var first: RecordingComplaint?
        var count = 0
        do {
            survey = try RecordingSurvey(file) { offset in
                progress?.show(Double(offset) / size, offset.formattedSize)
                return isWanted()
            } complain: { complaint in
                if complaint.problem == .cloudEvent { throw UsageError("\(path): \(complaint)", exitCode: 65) }
                first = first ?? complaint
                count += 1
                guard count <= Self.namedComplaints else { return }
                progress?.clear()
                logger.warning("\(path): \(complaint)")
            }
        } catch {
            progress?.clear()
            throw error as? UsageError ?? UsageError("\(error)", exitCode: 74)
        }
        progress?.clear()
        guard survey.events > 0 || !isWanted() else {
            let reason = first.map { ": \($0)" } ?? ""
            throw UsageError("\(path) holds no events that can be played\(reason)", exitCode: 65)
        }
    }

    /// Says what is in the recording, and what of it can be played.
    ///
    /// - Parameter pace: How it will be played.
    func describe(_ pace: RecordedStory.Pace, to logger: Logger) {
        let whose = "\(survey.events.counted("event")) of \(survey.accounts.count.counted("account"))"
        let when =
            switch pace {
            case .even(let rate): ", for \(Self.number(rate)) a second"
            case .recorded(_, let rate) where survey.timedEvents == 0:
                " without their times, for \(Self.number(rate)) a second"
            case .recorded: " in \(Self.length(survey.duration))"
            }
        logger.notice("\(file.path) has \(whose)\(when)")
        if let main = survey.mainAccount {
            logger.notice("account Acme has the id \(main.id) and \(main.events.counted("event"))")
        }
        let leftOut = [
            (survey.counts.notices, "gap"), (survey.counts.invalid, "invalid frame"),
            (survey.incompleteEvents, "incomplete event"), (survey.counts.skipped, "unusable line"),
        ].filter { $0.0 > 0 }.map { $0.0.counted($0.1) }
        if !leftOut.isEmpty { logger.notice("left out: \(leftOut.joined(separator: ", "))") }
    }

    /// `5` and `0.5`.
    private static func number(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

    private static func length(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds < 120 { return "\(duration.formattedSeconds) s" }
        return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
