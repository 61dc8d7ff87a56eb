/// What a hook has to say; its owner decides where that is written.
public enum HookNotice: Equatable, Sendable {
    /// A line on the hook's standard error, at most a kibibyte of it.
    case said(String)
    /// So many lines were left out, because there were too many.
    case unsaid(lines: Int)
    /// A process that gets every event has been started.
    case started
    /// The process that gets every event has ended; it is started again after a pause.
    case ended(String, after: Duration)
}
