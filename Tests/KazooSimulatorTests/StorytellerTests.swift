import Testing

@testable import KazooSimulator

@Suite struct StorytellerTests {
    /// Tells numbers, with pauses as they are given; then nothing more.
    private struct Script: EventSource {
        var pauses: [EventPause]
        private var number = 0

        init(_ pauses: EventPause...) { self.pauses = pauses }

        func nextPause() -> EventPause { number < pauses.count ? pauses[number] : .endless }

        mutating func next(now: Int64) -> SimulatedEvent? {
            number += 1
            return Sample.call("\(number)")
        }
    }

    private func storyteller(_ source: Script, rate: Double = 0) throws -> Storyteller {
        var configuration = SimulatorConfiguration()
        configuration.eventSource = source
        configuration.eventsPerSecond = rate
        return try #require(Storyteller(configuration))
    }

    /// How many events are due.
    private func due(_ storyteller: inout Storyteller) -> Int {
        var count = 0
        while storyteller.takeEvent(now: 0) != nil { count += 1 }
        return count
    }

    private func rest(_ storyteller: inout Storyteller) -> Duration? { storyteller.rest() }

    @Test func `each event is told after its pause`() throws {
        var storyteller = try storyteller(
            Script(.lasting(.seconds(1)), .lasting(.milliseconds(300)), .lasting(.zero), .lasting(.seconds(60))))
        storyteller.advance(by: .milliseconds(999), bindingsMade: 0)
        #expect(due(&storyteller) == 0)
        #expect(rest(&storyteller) == .milliseconds(1))
        storyteller.advance(by: .milliseconds(1), bindingsMade: 0)
        #expect(due(&storyteller) == 1)
        #expect(rest(&storyteller) == .milliseconds(300))
        storyteller.advance(by: .milliseconds(310), bindingsMade: 0)
        #expect(rest(&storyteller) == .zero)
        #expect(due(&storyteller) == 2)
        #expect(rest(&storyteller) == .milliseconds(59_990))
        for _ in 0..<60 { storyteller.advance(by: .milliseconds(999), bindingsMade: 0) }
        #expect(due(&storyteller) == 0)
        storyteller.advance(by: .milliseconds(50), bindingsMade: 0)
        #expect(due(&storyteller) == 1)
        #expect(rest(&storyteller) == nil)
        storyteller.advance(by: .seconds(5), bindingsMade: 0)
        #expect(due(&storyteller) == 0)
    }

    @Test func `a source without a pace of its own has the configured one`() throws {
        var pauses = Script()
        pauses.pauses = Array(repeating: .asConfigured, count: 100)
        var storyteller = try storyteller(pauses, rate: 4)
        #expect(rest(&storyteller) == .milliseconds(250))
        storyteller.advance(by: .milliseconds(800), bindingsMade: 0)
        #expect(due(&storyteller) == 3)
        #expect(rest(&storyteller) == .milliseconds(200))
    }

    @Test func `a stall is made up for by a second's worth of events`() throws {
        var pauses = Script()
        pauses.pauses = Array(repeating: .lasting(.milliseconds(100)), count: 1000)
        var storyteller = try storyteller(pauses)
        storyteller.advance(by: .seconds(60), bindingsMade: 0)
        #expect(due(&storyteller) == 10)
    }

    @Test func `until the first event every new subscription begins the wait anew`() throws {
        var storyteller = try storyteller(Script(.lasting(.seconds(1)), .lasting(.seconds(1))))
        storyteller.advance(by: .milliseconds(10), bindingsMade: 1)
        storyteller.advance(by: .milliseconds(900), bindingsMade: 1)
        storyteller.advance(by: .milliseconds(900), bindingsMade: 2)
        #expect(rest(&storyteller) == .seconds(1))
        storyteller.advance(by: .milliseconds(999), bindingsMade: 2)
        #expect(due(&storyteller) == 0)
        storyteller.advance(by: .milliseconds(1), bindingsMade: 2)
        #expect(due(&storyteller) == 1)
        // Whoever comes later finds it begun.
        storyteller.advance(by: .milliseconds(900), bindingsMade: 3)
        #expect(rest(&storyteller) == .milliseconds(100))
    }

    @Test func `it sleeps until the next event, and never for long`() throws {
        var storyteller = try storyteller(Script(.lasting(.milliseconds(300)), .lasting(.milliseconds(2))))
        func nap(isHeard: Bool) -> Duration { storyteller.nap(isHeard: isHeard) }
        #expect(nap(isHeard: true) == .milliseconds(250))
        storyteller.advance(by: .milliseconds(200), bindingsMade: 0)
        #expect(nap(isHeard: true) == .milliseconds(100))
        storyteller.advance(by: .milliseconds(100), bindingsMade: 0)
        #expect(nap(isHeard: true) == .zero)
        #expect(nap(isHeard: false) == .milliseconds(50), "what is due to nobody keeps nobody awake")
        #expect(due(&storyteller) == 1)
        #expect(nap(isHeard: true) == .milliseconds(10))
        storyteller.advance(by: .milliseconds(10), bindingsMade: 0)
        #expect(due(&storyteller) == 1)
        #expect(nap(isHeard: true) == .milliseconds(250))
    }

    @Test func `a source that has run dry keeps nobody awake`() throws {
        struct Dry: EventSource {
            mutating func next(now: Int64) -> SimulatedEvent? { nil }
        }
        var configuration = SimulatorConfiguration()
        configuration.eventSource = Dry()
        configuration.eventsPerSecond = 100
        var storyteller = try #require(Storyteller(configuration))
        storyteller.advance(by: .seconds(1), bindingsMade: 0)
        #expect(due(&storyteller) == 0)
        let nap = storyteller.nap(isHeard: true)
        #expect(nap == .milliseconds(10))
    }

    @Test func `there is a story only where events are wanted`() {
        var configuration = SimulatorConfiguration()
        #expect(Storyteller(configuration) == nil)
        configuration.eventsPerSecond = 5
        #expect(Storyteller(configuration) != nil)
    }
}
