import Foundation
import KazooSimulator
import Testing

/// Log in, subscribe, print: what the tool is for.
@Suite(.timeLimit(.minutes(10))) struct MainJobTests {
    @Test(arguments: [KazooFlavour.v4, .v5])
    func `prints every recorded event byte for byte, one a line`(flavour: KazooFlavour) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator(flavour)
            let bindings = RecordedEvent.bindings(flavour)
            let program = try stage.subscribe(to: kazoo.addresses, bindings.flatMap { ["--binding", $0] })
            try await program.isReady()

            // Recorded with a narrower binding than those that are subscribed to here.
            let events = try RecordedEvent.all(flavour).filter { $0.subscribedKey != "object.*.user" }
            for event in events { #expect(await kazoo.simulator.publish(try event.published) == 1, "\(event.name)") }

            let lines = try await program.prints(lines: events.count)
            #expect(lines == events.map(\.frame))
            for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }
}
