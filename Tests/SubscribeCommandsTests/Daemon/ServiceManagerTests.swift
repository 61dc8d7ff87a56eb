import Glibc
import TestSupport
import Testing

@testable import SubscribeCommands

/// The protocol of `sd_notify(3)`, over a real socket.
@Suite struct ServiceManagerTests {
    @Test(arguments: [false, true]) func tellsWhatHappens(_ abstract: Bool) throws {
        let listener = try NotifySocket(isAbstract: abstract)
        let manager = ServiceManager { $0 == "NOTIFY_SOCKET" ? listener.name : nil }
        manager.isReady("12 subscriptions\nare live")
        #expect(listener.next() == "READY=1\nSTATUS=12 subscriptions are live")
        manager.isReloading()
        let reloading = try #require(listener.next())
        #expect(reloading.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=\d+/) != nil)
        manager.isReady()
        #expect(listener.next() == "READY=1\nSTATUS=12 subscriptions are live", "what it was doing, it does again")
        manager.isAlive()
        #expect(listener.next() == "WATCHDOG=1")
        manager.isStopping()
        #expect(listener.next() == "STOPPING=1")
        #expect(listener.next() == nil)
    }

    @Test(arguments: [nil, "", "/nonexistent/notify", String(repeating: "x", count: 200)])
    func nobodyListens(_ name: String?) {
        let manager = ServiceManager { $0 == "NOTIFY_SOCKET" ? name : nil }
        manager.isReady("fine")
        manager.isStopping()
        #expect(manager.watchdogTimeout == nil)
    }

    @Test func theWatchdogIsForOneProcess() {
        let mine = ["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "\(getpid())"]
        #expect(ServiceManager { mine[$0] }.watchdogTimeout == .seconds(20))
        #expect(ServiceManager { ["WATCHDOG_USEC": "20000000"][$0] }.watchdogTimeout == .seconds(20))
        let others = ["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"]
        #expect(ServiceManager { others[$0] }.watchdogTimeout == nil)
        #expect(ServiceManager { ["WATCHDOG_USEC": "soon"][$0] }.watchdogTimeout == nil)
    }
}
