/// How a runner treats its consumer.
public struct DeliveryPolicy: Equatable, Sendable {
    /// How often, and how soon, a failed delivery is tried again.
    public var retry: Retry
    /// How many failures in a row open the circuit.
    public var circuitThreshold: Int
    /// The most that is handed over at once, in bytes, unless one event alone is longer.
    public var batchLimit: Int

    /// Creates a policy; the default never gives up.
    public init(retry: Retry = Retry(), circuitThreshold: Int = 5, batchLimit: Int = 1 << 20) {
        self.retry = retry
        self.circuitThreshold = circuitThreshold
        self.batchLimit = batchLimit
    }
}
