/// What happened to deliveries, for whoever reports it.
public enum DeliveryNotice: Equatable, Sendable {
    /// A consumer that worked has failed; it is tried again after a pause. Told for the first of a row of failures only.
    case failing(ConsumerFailure, pause: Duration)
    /// It keeps failing, and from now on is tried at a slow pace only. Told once.
    case circuitOpened(ConsumerFailure, failures: Int)
    /// It works again, after so many failures and so long.
    case recovered(failures: Int, after: Duration)
    /// So many events are put among the dead letters, after so many attempts.
    case gaveUp(ConsumerFailure, events: Int, attempts: Int)
    /// The consumer is of no use any more, and gets no more events.
    case stopped(ConsumerFailure)
    /// The consumer could not be closed in an orderly way.
    case closeFailed(ConsumerFailure)
    /// At the end, so many events have come that were not delivered.
    case notDelivered(events: Int)
}
