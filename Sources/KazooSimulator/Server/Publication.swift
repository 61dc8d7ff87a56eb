/// An event on its way: the frames of its subscribers share their tail.
struct Publication: Equatable, Sendable {
    /// What a session gets.
    struct Copy: Equatable, Sendable {
        var session: SessionID
        /// The frame up to the part that all share.
        var head: String
    }

    var tail = ""
    var copies: [Copy] = []
    /// `true` when encoding the event crashes every session that should get it.
    var isBreaking = false

    /// The frames as whole texts.
    var frames: [String] { copies.map { $0.head + tail } }
}
