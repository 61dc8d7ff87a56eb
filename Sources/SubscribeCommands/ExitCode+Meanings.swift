import ArgumentParser
import Subscriber

/// The exit codes, as `sysexits.h` and `timeout(1)` define them.
extension ExitCode {
    /// The command line is wrong.
    static let usage = ExitCode(64)
    /// The data is wrong.
    static let dataError = ExitCode(65)
    /// The server cannot be reached.
    static let unavailable = ExitCode(69)
    /// Writing failed.
    static let inputOutput = ExitCode(74)
    /// It may work later.
    static let temporary = ExitCode(75)
    /// The login or a permission is refused.
    static let noPermission = ExitCode(77)
    /// The config file, or what it names, is wrong.
    static let configuration = ExitCode(78)
    /// No event came for as long as `--wait` says.
    static let timedOut = ExitCode(124)

    /// What a shell reports for a program that was ended by a signal.
    static func signal(_ number: Int32) -> ExitCode { ExitCode(128 + number) }

    /// What a session's failure means.
    init(_ failure: SessionFailure) {
        switch failure.kind {
        case .unreachable, .refused: self = .unavailable
        case .temporary, .throttled, .crowded: self = .temporary
        case .denied: self = .noPermission
        case .rejected: self = .dataError
        }
    }
}
