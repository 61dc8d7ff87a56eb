import Blackhole
import Events
import Subscriber

/// Everything that happened in a trial, as far as it matters to the ``Verdict``: what was published, what came, what was
/// declared missing, and what was done to the server.
struct Ledger: Sendable {
    /// One event, published once.
    struct Publication: Equatable, Sendable {
        /// Its `msg_id` and routing key, as ``EventView/eventID`` joins them.
        let id: String
        /// From just before it was handed to the server to just after: it was published at one moment in between.
        let span: Span
        /// The subscriptions that were wanted then, each of which brings it.
        let subscriptions: [Subscription]
    }

    /// Something that was done to the server.
    struct Fault: Equatable, Sendable {
        let name: String
        /// From its beginning to its end.
        let span: Span
        /// For a fault of which no connection hears: from its beginning until the subscriptions were made anew after it.
        let silence: Span?

        init(_ name: String, _ span: Span, silence: Span? = nil) {
            self.name = name
            self.span = span
            self.silence = silence
        }
    }

    var published: [Publication] = []
    /// How often each event came, by its id.
    var arrivals: [String: Int] = [:]
    var gaps: [Gap] = []
    var faults: [Fault] = []
    /// The reasons for which an event may be missing at all; `nil` for any.
    var allowedReasons: Set<Gap.Reason>?
}
