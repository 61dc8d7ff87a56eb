import ArgumentParser
import KazooSimulator
import Testing

@testable import SubscribeCommands

@Suite struct HazardNameTests {
    /// What of a configuration a hazard can change.
    private func traits(_ configuration: SimulatorConfiguration) -> String {
        "\(configuration.hazards) \(configuration.tokenLifetime) \(configuration.maximumConnectionsPerAddress ?? 0)"
    }

    @Test func everyNameChangesSomethingOfItsOwn() {
        var seen = [traits(SimulatorConfiguration())]
        for hazard in HazardName.allCases {
            var configuration = SimulatorConfiguration()
            hazard.apply(to: &configuration)
            #expect(!seen.contains(traits(configuration)), "\(hazard)")
            seen.append(traits(configuration))
        }
    }

    @Test func severalTogether() throws {
        let command = try Simulate.parse(["--hazard", "duplicates", "--hazard", "upgrade-429"])
        #expect(command.hazard == [.duplicates, .upgradeLimited])
        var configuration = SimulatorConfiguration()
        for hazard in command.hazard { hazard.apply(to: &configuration) }
        #expect(configuration.hazards.duplicatesEvents && configuration.hazards.upgradeStatus == 429)
    }

    @Test func anUnknownNameIsRefusedWithTheKnownOnes() throws {
        do {
            _ = try Simulate.parse(["--hazard", "fire"])
            Issue.record("“fire” is no hazard")
        } catch {
            let message = Simulate.fullMessage(for: error)
            #expect(message.contains("fire") && message.contains("lost-events"), "\(message)")
        }
    }

    @Test func theHelpSaysWhatEachIs() {
        let help = Simulate.helpMessage(columns: 100)
        for hazard in HazardName.allCases {
            #expect(help.contains(hazard.rawValue) && help.contains(hazard.summary), "\(hazard)")
        }
    }
}
