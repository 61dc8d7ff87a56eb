import Crossbar
import Glibc
import Secrets

/// Asks a person for a password, without showing it.
enum PasswordPrompt {
    /// Asks on the terminal that the process belongs to, even when standard input is a pipe.
    ///
    /// - Returns: the password; `nil` where there is no terminal to ask on.
    static func ask(_ question: String) throws(UsageError) -> Secret? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return nil }
        var silent = before
        // Without ISIG, Ctrl-C arrives as a character, and the terminal can be set right before we end.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            _ = write(terminal, "\n", 1)
        }
        _ = write(terminal, question, question.utf8.count)
        var password: [UInt8] = []
        var byte: UInt8 = 0
        while read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            if byte == 3 { throw UsageError("interrupted", exitCode: 130) }
            password.append(byte)
        }
        return password.isEmpty ? nil : Secret(String(decoding: password, as: UTF8.self))
    }
}
