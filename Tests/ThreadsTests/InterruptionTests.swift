import Glibc
import Testing
import Threads

@Suite struct InterruptionTests {
    private func isReadable(_ interruption: Interruption) -> Bool {
        var entry = pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    @Test func wakingIsNotRaising() {
        let interruption = Interruption()
        #expect(!isReadable(interruption))
        interruption.wake()
        #expect(isReadable(interruption))
        #expect(!interruption.isRaised)
        interruption.drain()
        #expect(!isReadable(interruption))
    }

    @Test func raisingIsForGood() {
        let interruption = Interruption()
        interruption.raise()
        #expect(interruption.isRaised)
        #expect(isReadable(interruption))
        interruption.drain()
        #expect(interruption.isRaised)
    }

    /// More wakes than a socket holds neither block nor get lost, and one drain takes them all.
    @Test func manyWakesAreOne() {
        let interruption = Interruption()
        for _ in 0..<100_000 { interruption.wake() }
        #expect(isReadable(interruption))
        interruption.drain()
        #expect(!isReadable(interruption))
    }

    @Test func drainingNothingReturns() {
        let interruption = Interruption()
        interruption.drain()
        #expect(!isReadable(interruption))
    }

    @Test func sleepEndsAtTheDeadline() {
        let interruption = Interruption()
        let start = ContinuousClock.now
        interruption.sleep(until: start + .milliseconds(20))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
        interruption.sleep(until: start - .seconds(1))
        interruption.sleep(until: start)
    }

    /// A wake that comes before the sleep ends it as well; and it is used up by it.
    @Test(.timeLimit(.minutes(10))) func sleepEndsAtAWake() {
        let interruption = Interruption()
        interruption.wake()
        interruption.sleep(until: .now + .seconds(3600))
        #expect(!isReadable(interruption))
    }

    @Test(.timeLimit(.minutes(10))) func sleepEndsWhenAnotherThreadRaises() async {
        let interruption = Interruption()
        async let slept = BlockingThread.run("sleeper") {
            while !interruption.isRaised { interruption.sleep(until: .now + .seconds(3600)) }
            return interruption.isRaised
        }
        interruption.raise()
        #expect(await slept)
    }

    /// Programs that we start inherit neither end, and neither end blocks.
    @Test func descriptorIsPrivate() {
        let interruption = Interruption()
        #expect(fcntl(interruption.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(interruption.descriptor, F_GETFL) & O_NONBLOCK != 0)
    }

    /// In a process of its own, where nobody opens anything meanwhile but the runtime, a few.
    @Test func descriptorsAreGivenBack() async {
        await #expect(processExitsWith: .success) {
            let before = try Self.openDescriptors()
            for _ in 0..<1000 { Interruption().wake() }
            #expect(try Self.openDescriptors() < before + 100)
        }
    }

    private static func openDescriptors() throws -> Int {
        let directory = try #require(opendir("/proc/self/fd"))
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    @Test(arguments: [
        (Duration.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2),
        (.seconds(60), 60_000), (.seconds(2_000_000), Int(Int32.max)), (.seconds(Int64.max), Int(Int32.max)),
        (.milliseconds(-5), 0), (.seconds(Int64.min), 0),
    ])
    func milliseconds(_ duration: Duration, _ expected: Int) {
        #expect(duration.milliseconds == expected)
    }
}
