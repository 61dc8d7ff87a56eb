/// What a text of the settings stands for, where another module must say whether it is right.
///
/// Readers name the kind (``Reading/text(_:)``), and whoever reads a file gives the ``Judge``: so every mistake is found
/// at one go, while this module knows neither bindings nor URLs, and looks at no files.
public enum TextKind: Hashable, Sendable {
    /// The URL of Crossbar.
    case server
    /// A URL of blackhole.
    case websocket
    /// A binding, such as `call.*.*`, for that account if one is named.
    case binding(account: String?)
    /// An account id, `descendants` or `*`.
    case account
    /// A file that must be there, for nobody's eyes but ours.
    case secretFile
    /// A file that must be there.
    case readableFile
    /// A program to start: a path, or a name to be looked up in `PATH`.
    case program
}

/// What another module says about a text.
public enum Judgement: Equatable, Sendable {
    /// Nothing is wrong.
    case good
    /// It can be used, and somebody should look at it.
    case doubtful(String)
    /// It cannot be used.
    case wrong(Mismatch)
}

/// Says whether a text is what its kind wants.
public typealias Judge = (_ text: String, _ kind: TextKind) -> Judgement
