import Glibc

/// What is known about the terminal, if there is one.
enum Terminal {
    /// Whether a descriptor leads to a person.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether colour is welcome: on a terminal, and not where `NO_COLOR` is set to anything (no-color.org).
    static func wantsColour(_ descriptor: Int32, _ choice: ColourChoice) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: isTerminal(descriptor) && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
        }
    }
}

/// The environment of the process.
enum Environment {
    /// What a test gives instead: `setenv` would be seen by every thread, and is not safe beside them.
    @TaskLocal static var substitute: [String: String]?

    /// A variable's value; `nil` when it is not set, or empty.
    static subscript(name: String) -> String? {
        if let substitute { return substitute[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let value = getenv(name) else { return nil }
        return value.pointee == 0 ? nil : String(cString: value)
    }
}
