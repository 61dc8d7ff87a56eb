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
    /// What the server must listen to, on behalf of all sessions, to serve it.
    var listeners: [Listener]
}

/// What a module says to a binding before anything is subscribed.
enum BindingVerdict: Equatable, Sendable {
    case valid
    case invalid(String)
    /// The real module crashes, which closes the socket with 1011.
    case crash
}
