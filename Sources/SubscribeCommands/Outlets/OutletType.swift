import Consumers
import Settings

/// A type of consumer: the keys that it has in the config file, and what becomes of them.
///
/// A new type is one file: what conforms to this or to ``BatchOutletType``, and a line in ``Settings/Capabilities/thisProgram``.
protocol OutletType: ConsumerType {
    /// Finds what can be known to be wrong before anything is made.
    ///
    /// - Throws: what is wrong with the settings, for a person.
    func check() throws(UsageError)

    /// Makes the consumer; nothing is opened or started yet.
    ///
    /// - Throws: what is wrong with the settings, for a person.
    func outlet(at site: OutletSite) throws(UsageError) -> any Outlet
}

extension OutletType {
    /// What the schema accepts is right.
    func check() throws(UsageError) {}
}

/// A type of consumer that takes whole batches, one after the other.
protocol BatchOutletType: OutletType {
    associatedtype Consumer: BatchConsumer

    /// How it is treated when it fails.
    static var policy: DeliveryPolicy { get }

    /// Makes the consumer; nothing is opened or started yet.
    ///
    /// - Throws: what is wrong with the settings, for a person.
    func consumer(at site: OutletSite) throws(UsageError) -> Consumer
}

extension BatchOutletType {
    /// Tried again for ever, with pauses from one second to five minutes.
    static var policy: DeliveryPolicy { DeliveryPolicy() }

    func outlet(at site: OutletSite) throws(UsageError) -> any Outlet {
        try BatchOutlet(try consumer(at: site), policy: Self.policy, at: site)
    }
}

extension Capabilities {
    /// What is built: the one place where a type of consumer is made known.
    static let thisProgram = Self(
        journal: true,
        consumers: [StandardOutputSettings.self, FileSettings.self, HookSettings.self],
        plannedConsumers: ["webhook"])
}
