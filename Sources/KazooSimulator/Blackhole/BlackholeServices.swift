/// What all sessions of one event server share.
struct BlackholeServices: Sendable {
    let flavour: KazooFlavour
    let families: BindingFamilies
    var broker: EventBroker
    var random: RandomSource
    /// `false` in a stock 4.x, which does not load the module that answers pings.
    var loadsPing = true

    init(flavour: KazooFlavour, recordedMonths: [String] = [], seed: UInt64) {
        self.flavour = flavour
        families = BindingFamilies(flavour: flavour, recordedMonths: recordedMonths)
        broker = EventBroker(flavour: flavour)
        random = RandomSource(seed: seed)
    }
}
