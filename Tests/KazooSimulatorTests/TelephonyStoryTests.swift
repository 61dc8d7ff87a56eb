import Testing

@testable import KazooSimulator

@Suite struct TelephonyStoryTests {
    private func story(seed: UInt64, flavour: KazooFlavour = .v4) -> TelephonyStory {
        TelephonyStory(accounts: SimulatedAccount.recorded, flavour: flavour, seed: seed)
    }

    private func events(_ count: Int, of story: TelephonyStory) -> [SimulatedEvent] {
        var story = story
        return (0..<count).compactMap { story.next(now: 1_795_230_000 + Int64($0)) }
    }

    @Test func `the same seed tells the same story`() {
        #expect(events(500, of: story(seed: 7)) == events(500, of: story(seed: 7)))
        #expect(events(50, of: story(seed: 7)) != events(50, of: story(seed: 8)))
    }
}
