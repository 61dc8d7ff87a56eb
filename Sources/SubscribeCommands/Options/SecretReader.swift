import Logging
import Secrets
import Settings

/// A secret that is read again each time it is asked for, where that is possible.
struct SecretReader: Sendable {
    private enum Source {
        case file(String, option: String, Logger)
        /// A pipe can be read only once, and nobody wants to be asked twice.
        case kept(Secret)
    }

    private let source: Source

    /// A secret that does not change.
    init(_ secret: Secret) { source = .kept(secret) }

    /// A secret in a file, which is read now, too.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - option: what named it, for messages.
    ///   - logger: told when others can read the file.
    init(_ path: String, option: String, logger: Logger) throws(UsageError) {
        let secret = try SecretFile.read(path, option: option, logger: logger)
        source = SecretFile.isRereadable(path) ? .file(path, option: option, logger) : .kept(secret)
    }

    /// A secret in a file that the settings name.
    init(_ file: Located<String>, logger: Logger) throws(UsageError) {
        try self.init(file.value, option: file.origin.description, logger: logger)
    }

    /// The secret as it is now.
    func callAsFunction() throws(UsageError) -> Secret {
        switch source {
        case .kept(let secret): secret
        case .file(let path, let option, let logger):
            try SecretFile.read(path, option: option, logger: logger)
        }
    }
}
