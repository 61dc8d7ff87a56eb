/// Where a setting comes from, for messages: a place in the file, a variable, an option, or nowhere.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
    /// A place in the config file.
    case file(String, SourcePosition)
    /// The environment variable of this name.
    case environment(String)
    /// The option of the command line, such as `--server`.
    case option(String)
    /// Nobody said anything: the program's own choice.
    case builtIn

    /// The place as it stands before a message: `FILE:LINE:COLUMN`, or the name of the variable or option.
    public var description: String {
        switch self {
        case .file(let file, let position): "\(file):\(position)"
        case .environment(let name), .option(let name): name
        case .builtIn: "default"
        }
    }

    /// The position in the file; `nil` for what does not come from the file.
    public var position: SourcePosition? {
        if case .file(_, let position) = self { position } else { nil }
    }
}

/// A line and a column, both counted from 1; a column is a Unicode scalar.
public struct SourcePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// Creates a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `LINE:COLUMN`.
    public var description: String { "\(line):\(column)" }

    /// Whether one position stands before the other.
    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
