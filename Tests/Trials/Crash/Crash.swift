import ArgumentParser
import Glibc

/// Kills a journal under load again and again, and judges what is left.
struct Crash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill a journal under load at random points; nothing that was committed may be lost.")

    @Option(help: "How many times it is killed.") var kills = 300
    @Option(help: "Where the journal is; a new directory.") var directory = "/tmp/kazoo-subscribe-crash"

    func run() async throws {
        guard mkdir(directory, 0o700) == 0 else {
            throw TrialFailure("\(directory): \(String(cString: strerror(errno)))")
        }
        var trial = CrashTrial(directory: directory, executable: "/proc/self/exe")
        for kill in 1...kills {
            try trial.kill()
            if kill.isMultiple(of: 20) || kill == kills { say("\(kill) kills, \(trial.appended) events") }
        }
        try trial.finish()
        say("passed: every event was delivered to every consumer, none twice but around a kill")
        CrashTrial.remove(directory)
    }
}
