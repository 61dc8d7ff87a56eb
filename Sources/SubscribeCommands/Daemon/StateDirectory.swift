import Glibc
import Settings

/// Where a daemon keeps what must outlive it.
struct StateDirectory {
    /// When neither the config file nor systemd says so.
    static let standard = "/var/lib/kazoo-subscribe"

    /// The directory.
    let path: String

    /// What the settings say, else systemd (`StateDirectory=`), else the standard one.
    init(of settings: Settings) {
        path = settings.stateDirectory?.value ?? Environment["STATE_DIRECTORY"] ?? Self.standard
    }

    /// The directory of dead letters.
    var deadLetters: String { "\(path)/dead-letters" }

    /// The file that remembers until when nothing was missed.
    var lastLive: String { "\(path)/last-live" }

    /// Makes the directory, if it is not there.
    func create() throws(UsageError) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else {
            throw UsageError(
                "\(path): \(String(cString: strerror(errno))); name another directory with “state_directory”",
                exitCode: 73)
        }
    }
}
