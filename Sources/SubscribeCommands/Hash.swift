import ArgumentParser
import Crossbar
import Secrets

/// `kazoo-subscribe hash`: the credential hash, to be kept instead of a password.
struct Hash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the credential hash of a user, to be used with --credentials-file.",
        usage: "kazoo-subscribe hash --username <user> [--hash <digest>]",
        discussion: """
            The password is asked for on the terminal, or read from standard input:

              kazoo-subscribe hash --username events > credentials
              kazoo-subscribe hash --username events < password-file
            """)

    @Option(help: ArgumentHelp("The user; Kazoo compares it in lower case.", valueName: "user"))
    var username: String

    @Option(name: .customLong("hash"), help: ArgumentHelp("The digest.", valueName: "digest"))
    var method = CredentialHash.Method.sha1

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            let password =
                Terminal.isTerminal(0)
                ? try PasswordPrompt.ask("Password for \(username): ")
                : try SecretFile.read("-", option: "standard input", logger: logger)
            guard let password else { throw UsageError("no password was given", exitCode: 77) }
            do {
                print(try CredentialHash(username: username, password: password, method: method).value.reveal())
            } catch {
                throw UsageError("\(error)", exitCode: 69)
            }
        }
    }
}
