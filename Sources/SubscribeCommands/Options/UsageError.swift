/// Why a command line cannot be run, with the exit code that says so.
struct UsageError: Error, CustomStringConvertible {
    /// What is wrong and what to do.
    var description: String
    /// 64 for the command line, 65 for a recording or a journal, 73 or 74 for files, 77 for credentials that are missing.
    var exitCode: Int32

    init(_ description: String, exitCode: Int32 = 64) {
        self.description = description
        self.exitCode = exitCode
    }
}
