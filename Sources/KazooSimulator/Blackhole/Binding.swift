/// A binding as a client asks for it, such as `call.CHANNEL_CREATE.*`: the family and its keys.
struct Binding: Equatable, Sendable {
    var family: String
    var keys: [String]

    init(_ text: String) {
        let words = TopicPattern.words(of: text)
        family = words[0]
        keys = Array(words.dropFirst())
    }

    /// The keys as Kazoo's error messages list them.
    var listedKeys: String { keys.joined(separator: ", ") }
}

/// What a module of the event server makes of a binding.
struct BindingOffer: Equatable, Sendable {
    /// The binding as replies and events name it: `subscribed_key`.
    var clientKey: String
    /// The topics that it stands for: `subscription_key`.
    var topics: [String]
    /// What the server must hear to serve it.
    var listeners: [Listener]
}

/// Something the event server listens to on behalf of all sessions. It counts who needs it and hangs up at zero.
enum Listener: Hashable, Sendable {
    /// Call events, which reach the server through hooks: those of one account (`*` for all) and one kind.
    case hook(account: String, event: String)
    /// Messages of the broker, by topic.
    case topic(TopicPattern)
}

/// What a module says to a binding before anything is subscribed.
enum BindingVerdict: Equatable, Sendable {
    case valid
    case invalid(String)
    /// The real module crashes, which closes the socket with 1011.
    case crash
}
