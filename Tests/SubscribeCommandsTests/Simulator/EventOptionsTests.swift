import ArgumentParser
import KazooSimulator
import Testing

@testable import SubscribeCommands

@Suite struct EventOptionsTests {
    @Test func `the pace is the recording's unless something else is said`() throws {
        #expect(try EventOptions.parse(["--from", "f"]).pace == .recorded(speed: 1, rate: 5))
        #expect(try EventOptions.parse(["--from", "f", "--speed", "0.5"]).pace == .recorded(speed: 0.5, rate: 5))
        #expect(try EventOptions.parse(["--from", "f", "--rate", "20"]).pace == .even(rate: 20))
        #expect(try EventOptions.parse(["--from", "f", "--loop"]).loop)
        #expect(try EventOptions.parse([]).from == nil)
    }

    @Test(arguments: [
        (["--rate=-1"], "--rate wants"), (["--rate", "100001"], "--rate wants"),
        (["--rate", "nan"], "--rate wants"),
        (["--speed", "2"], "give --from FILE too"), (["--loop"], "give --from FILE too"),
        (["--from", "f", "--speed", "0"], "--speed wants"), (["--from", "f", "--speed", "nan"], "--speed wants"),
        (["--from", "f", "--speed", "2", "--rate", "2"], "exclude each other"),
        (["--from", "f", "--rate", "0"], "would never play"), (["--from", "-"], "--from wants a file"),
    ])
    func `what makes no sense is refused`(arguments: [String], words: String) {
        do {
            _ = try EventOptions.parse(arguments)
            Issue.record("\(arguments) was accepted")
        } catch {
            let message = EventOptions.fullMessage(for: error)
            #expect(message.contains(words), "\(message)")
        }
    }

    @Test func `a demo of nothing is refused, a silent Kazoo is not`() throws {
        #expect(throws: (any Error).self) { try Demo.parse(["--rate", "0"]) }
        #expect(try Simulate.parse(["--rate", "0"]).events.rate == 0)
    }
}
