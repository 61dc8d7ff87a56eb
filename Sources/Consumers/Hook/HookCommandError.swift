/// Why a hook cannot be started at all: the config file is wrong, or the program is not there.
public struct HookCommandError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var message: String

    /// Creates an error.
    public init(message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
