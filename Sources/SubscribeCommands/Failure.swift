import ArgumentParser
import Logging

/// How commands end with an error: one message on standard error, and the exit code that fits.
enum Failure {
    /// Runs the body of a command; says what a ``UsageError`` says, and passes on every exit code.
    static func exit(_ logger: Logger, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as UsageError {
            logger.error("\(error)")
            throw ExitCode(error.exitCode)
        }
    }
}
