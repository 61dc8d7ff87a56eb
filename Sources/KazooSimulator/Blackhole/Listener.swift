/// Something that an event server listens to on behalf of its sessions.
///
/// Kazoo counts listeners by what its modules call them and not by what they bring: `fax.object.doc_created` and
/// `object.doc_created.fax` are counted apart and bind the same topic.
struct Listener: Hashable, Sendable {
    /// What it is counted by.
    var name: String
    /// The topic that it binds, as the message broker and `kz_hooks` know it.
    var topic: TopicPattern

    init(name: String? = nil, topic: String) {
        self.name = name ?? topic
        self.topic = TopicPattern(topic)
    }

    /// Whether it is registered with `kz_hooks`, which brings the events of calls, and not with the message broker.
    var isHook: Bool { topic.text.hasPrefix("call.") }
}
