import Events
import Synchronization
import Testing

@testable import KazooSimulator

@Suite struct RecordedStoryTests {
    /// What a story told: events by their routing keys, and the pauses before them, in milliseconds.
    private struct Told: Equatable {
        var keys: [String] = []
        var pauses: [Int64] = []
        var endings: [Int] = []
        var failures = 0
    }

    private final class Endings: Sendable {
        let told = Mutex(Told())

        func take(_ notice: RecordedStory.Notice) {
            told.withLock {
                switch notice {
                case .played(let events): $0.endings.append(events)
                case .failed(let error): $0.failures += error is MemoryRecording.Unreadable ? 1 : 0
                }
            }
        }
    }

    private func told(
        _ recording: MemoryRecording, _ pace: RecordedStory.Pace = .recorded(speed: 1, rate: 5), repeats: Bool = false,
        events: Int = 20
    ) -> Told {
        let endings = Endings()
        var story = RecordedStory(recording, pace: pace, repeats: repeats) { endings.take($0) }
        var told = Told()
        while told.keys.count < events, case .lasting(let pause) = story.nextPause() {
            let again = story.nextPause()
            #expect(again == .lasting(pause), "asking again changes nothing")
            guard let event = story.next(now: 0) else { break }
            told.keys.append(event.routingKey)
            told.pauses.append(pause.nanoseconds / 1_000_000)
        }
        if told.keys.count < events {
            let (pause, event) = (story.nextPause(), story.next(now: 0))
            #expect(pause == .endless && event == nil)
        }
        endings.told.withLock { (told.endings, told.failures) = ($0.endings, $0.failures) }
        return told
    }

    private static let day = MemoryRecording(
        MemoryRecording.envelope(MemoryRecording.event("a"), at: "10"),
        MemoryRecording.envelope(MemoryRecording.event("b"), at: "10.25"),
        MemoryRecording.envelope(MemoryRecording.event("c"), at: "10.25"),
        MemoryRecording.envelope(MemoryRecording.event("d"), at: "40"))

    @Test func `the pauses are those of the recording, a second before the first event`() {
        let expected = Told(keys: ["a", "b", "c", "d"], pauses: [1000, 250, 0, 29_750], endings: [4])
        #expect(told(Self.day) == expected)
    }

    @Test func `at another speed they are shorter or longer`() {
        #expect(told(Self.day, .recorded(speed: 10, rate: 5)).pauses == [1000, 25, 0, 2975])
        #expect(told(Self.day, .recorded(speed: 0.5, rate: 5)).pauses == [1000, 500, 0, 59_500])
    }

    @Test func `an even pace takes no notice of the recording's`() {
        #expect(told(Self.day, .even(rate: 20)).pauses == [1000, 50, 50, 50])
    }

    @Test func `events at unknown times come at the usual rate`() {
        let recording = MemoryRecording(
            MemoryRecording.event("a"), MemoryRecording.event("b"),
            MemoryRecording.envelope(MemoryRecording.event("c"), at: "10"),
            MemoryRecording.envelope(MemoryRecording.event("d"), at: "10.5"), MemoryRecording.event("e"))
        #expect(told(recording, .recorded(speed: 10, rate: 5)).pauses == [1000, 200, 200, 50, 200])
    }

    @Test func `where time runs backwards the next event comes at once`() {
        let recording = MemoryRecording(
            MemoryRecording.envelope(MemoryRecording.event("a"), at: "50"),
            MemoryRecording.envelope(MemoryRecording.event("b"), at: "10"),
            MemoryRecording.envelope(MemoryRecording.event("c"), at: "11"))
        #expect(told(recording).pauses == [1000, 0, 1000])
    }

    @Test func `what is no event that can be published is left out`() {
        let recording = MemoryRecording(
            #"{"action":"gap"}"#, MemoryRecording.event("a"), "damaged", #"{"action":"invalid","raw_base64":"eA=="}"#,
            #"{"action":"event","name":"N","routing_key":"k"}"#, #"{"action":"event","name":"N","data":{}}"#,
            #"{"action":"event","routing_key":"k","data":{}}"#, MemoryRecording.event(""), MemoryRecording.event("b"))
        #expect(told(recording) == Told(keys: ["a", "b"], pauses: [1000, 200], endings: [2]))
        #expect(told(MemoryRecording("damaged")) == Told(endings: [0]))
    }

    @Test func `it begins anew with ids of its own`() throws {
        let recording = MemoryRecording(
            MemoryRecording.event("a"), MemoryRecording.event("b", data: #"{"x":{"msg_id":1},"msg_id":"","y":"ä"}"#),
            MemoryRecording.event("c", data: "{}"))
        var story = RecordedStory(recording, pace: .even(rate: 1), repeats: true)
        let events = (0..<9).compactMap { _ in story.next(now: 0) }
        #expect(events.map(\.routingKey) == ["a", "b", "c", "a", "b", "c", "a", "b", "c"])
        #expect(
            events.map(\.data) == [
                #"{"msg_id":"m"}"#, #"{"x":{"msg_id":1},"msg_id":"","y":"ä"}"#, "{}",
                #"{"msg_id":"m-2"}"#, #"{"x":{"msg_id":1},"msg_id":"-2","y":"ä"}"#, "{}",
                #"{"msg_id":"m-3"}"#, #"{"x":{"msg_id":1},"msg_id":"-3","y":"ä"}"#, "{}",
            ])
        let told = told(recording, .even(rate: 10), repeats: true, events: 7)
        #expect(told.pauses == [1000, 100, 100, 1000, 100, 100, 1000])
        #expect(told.endings == [3, 3])
    }

    @Test func `nothing is not played for ever`() {
        #expect(told(MemoryRecording("damaged"), repeats: true) == Told(endings: [0]))
    }

    @Test func `a recording that cannot be read on ends there`() {
        var recording = Self.day
        recording.readable = recording.count - 1
        #expect(told(recording) == Told(keys: ["a", "b", "c"], pauses: [1000, 250, 0], failures: 1))
        recording.readable = 0
        #expect(told(recording, repeats: true) == Told(failures: 1))
    }

    @Test(arguments: KazooFlavour.allCases) func `recorded events are published byte for byte`(_ flavour: KazooFlavour)
        throws
    {
        let frames = try Fixtures.frames(flavour)
        var story = RecordedStory(MemoryRecording(frames), pace: .even(rate: 1))
        for frame in frames {
            let next = story.next(now: 0)
            let event = try #require(next)
            #expect(!event.breaksEncoding)
            let start = try #require(frame.firstRange(of: #","name":"#)).lowerBound
            #expect(event.frameTail == frame[start...])
        }
        let end = story.next(now: 0)
        #expect(end == nil)
    }

    @Test func `names are spelt as they were until somebody changes them`() throws {
        let frame = #"{"action":"event","name":"\u0041\/","routing_key":"a\/b","data":{}}"#
        var story = RecordedStory(MemoryRecording(frame), pace: .even(rate: 1))
        let next = story.next(now: 0)
        var event = try #require(next)
        #expect(event.name == "A/" && event.routingKey == "a/b")
        #expect(event.frameTail == #","name":"\u0041\/","routing_key":"a\/b","data":{}}"#)
        event.name = "B"
        #expect(event.frameTail == #","name":"B","routing_key":"a/b","data":{}}"#)
    }
}
