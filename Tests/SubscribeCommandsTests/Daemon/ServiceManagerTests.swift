import Glibc
import Testing

@testable import SubscribeCommands

/// The protocol of `sd_notify(3)`, over a real socket.
@Suite struct ServiceManagerTests {
    /// A socket that listens as systemd does.
    private final class Listener {
        let name: String
        private let descriptor: Int32

        init(abstract: Bool) throws {
            let unique = "kazoo-subscribe-test-\(getpid())-\(UInt32.random(in: .min ... .max))"
            name = abstract ? "@\(unique)" : "/tmp/\(unique)"
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let path = (abstract ? [0] : [UInt8(ascii: "/")]) + Array(name.utf8.dropFirst())
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
            let length = socklen_t(2 + path.count + (abstract ? 0 : 1))
            let status = withUnsafeBytes(of: &address) {
                bind(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
            }
            try #require(status == 0)
        }

        deinit {
            close(descriptor)
            if name.hasPrefix("/") { unlink(name) }
        }

        /// The next message that has been sent already; `nil` when there is none.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
        }
    }

    @Test(arguments: [false, true]) func tellsWhatHappens(_ abstract: Bool) throws {
        let listener = try Listener(abstract: abstract)
        let manager = ServiceManager { $0 == "NOTIFY_SOCKET" ? listener.name : nil }
        manager.isReady("12 subscriptions\nare live")
        #expect(listener.next() == "READY=1\nSTATUS=12 subscriptions are live")
        manager.status("reconnecting")
        #expect(listener.next() == "STATUS=reconnecting")
        manager.isReloading()
        let reloading = try #require(listener.next())
        #expect(reloading.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=\d+/) != nil)
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
