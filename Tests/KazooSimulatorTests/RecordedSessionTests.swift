import Testing

@testable import KazooSimulator

/// The simulator's event server says what real Kazoo said, in every recorded scenario.
@Suite struct RecordedSessionTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        var flavour: KazooFlavour
        var name: String

        var testDescription: String { "\(flavour.rawValue)/\(name)" }
    }

    static let scenarios: [Scenario] = KazooFlavour.allCases.flatMap { flavour in
        ((try? Fixtures.transcripts(flavour)) ?? [])
            .filter { Quirks.unplayable[$0] == nil }
            .map { Scenario(flavour: flavour, name: $0) }
    }

    @Test(arguments: scenarios) func `answers as recorded`(_ scenario: Scenario) throws {
        var replay = SessionReplay(try Recording(scenario.flavour, scenario.name))
        replay.run()
        #expect(replay.mismatches.isEmpty, "\(replay.mismatches.prefix(5).joined(separator: "\n"))")
        let answers = replay.recording.lines.filter { line in
            line.direction == .in && line["event"] == nil && !replay.quirks.excludes(line)
        }
        #expect(replay.compared == answers.count)
    }

    @Test func `every recording is found`() {
        #expect(Self.scenarios.count == 53)
    }

    @Test func `exclusions are real`() throws {
        for exclusion in Quirks.exclusions {
            for flavour in exclusion.flavours {
                let names = Set(try Recording(flavour, exclusion.recording).lines.map(\.connection))
                #expect(names.isSuperset(of: exclusion.connections), "\(exclusion.reason)")
            }
        }
    }
}
