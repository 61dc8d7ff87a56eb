/// What all sessions of the event server share.
struct BlackholeServices: Sendable {
    let flavour: KazooFlavour
    let directory: Directory
    let families: BindingFamilies
    var tokens = TokenTable()
    var broker: EventBroker
    var random: RandomSource
    /// `false` in a stock 4.x, which does not load the module that answers pings.
    var loadsPing: Bool

    init(flavour: KazooFlavour, directory: Directory, seed: UInt64, loadsPing: Bool = true) {
        self.flavour = flavour
        self.directory = directory
        self.loadsPing = loadsPing
        families = BindingFamilies(flavour: flavour)
        broker = EventBroker(flavour: flavour)
        random = RandomSource(seed: seed)
    }
}
