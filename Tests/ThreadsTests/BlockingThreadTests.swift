import Glibc
import Synchronization
import Testing
import Threads

@Suite(.timeLimit(.minutes(10))) struct BlockingThreadTests {
    @Test func returnsTheValue() async {
        #expect(await BlockingThread.run("value") { [1, 2, 3].reduce(0, +) } == 6)
    }

    @Test(arguments: [("reader", "reader"), ("a name of more than fifteen bytes", "a name of more ")])
    func nameIsVisible(_ name: String, _ shown: String) async throws {
        let seen: String? = await BlockingThread.run(name) {
            let file = open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = read(file, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
        }
        #expect(seen == shown)
    }

    private final class Count: Sendable {
        let value = Atomic<Int>(0)
    }

    /// Threads that wait for each other: on Swift's shared executor of a few threads, forty of them could not.
    @Test func everyCallHasAThread() async {
        let arrived = Count()
        let everybody = Interruption()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    await BlockingThread.run("worker \(number)") {
                        if arrived.value.add(1, ordering: .relaxed).newValue == 40 { everybody.raise() }
                        while !everybody.isRaised { everybody.sleep(until: .now + .milliseconds(10)) }
                    }
                }
            }
        }
        #expect(arrived.value.load(ordering: .relaxed) == 40)
    }

    @Test func closureIsReleased() async {
        final class Witness: Sendable {
            let released: @Sendable () -> Void
            init(_ released: @escaping @Sendable () -> Void) { self.released = released }
            deinit { released() }
        }
        let gone = Interruption()
        await BlockingThread.run("closure") { [witness = Witness { gone.raise() }] in _ = witness.released }
        // The thread lets go of its closure when it ends, which is shortly after it has returned.
        let deadline = ContinuousClock.now + .seconds(120)
        while !gone.isRaised, ContinuousClock.now < deadline { gone.sleep(until: deadline) }
        #expect(gone.isRaised)
    }
}
