import Subscriber

@testable import SubscribeCommands

/// A consumer that does nothing, and is told from others by its name.
struct StubOutlet: Outlet {
    let name: String

    var route: Route? { Route { _ in } }
    func run() async {}
    func finish(by deadline: ContinuousClock.Instant) {}
    func reopen() {}
    var progress: OutletProgress { OutletProgress() }
}
