import ArgumentParser
import Testing

@testable import SubscribeCommands

/// The help of every command fits a terminal of 80 columns.
@Suite struct HelpTests {
    private static func commands(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { commands(below: $0) }
    }

    private let commands = Self.commands(below: Root.self)

    @Test func noLineIsTooLong() {
        #expect(commands.count > 15)
        for command in commands {
            for line in command.helpMessage(columns: 80).split(separator: "\n") {
                #expect(line.count <= 80, "\(command._commandName): \(line)")
            }
        }
    }

    /// A line that is wrapped cannot be copied into a shell; one that ends too early leaves a hole in the paragraph.
    @Test func examplesStandInOneLineAndParagraphsFlow() {
        for command in commands {
            let lines = command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
            for (line, next) in zip(lines, lines.dropFirst() + [""]) {
                if line.hasPrefix("  ") {
                    #expect(line.count <= 80, "\(command._commandName): \(line)")
                } else if !line.isEmpty {
                    #expect(next.isEmpty || next.hasPrefix("  "), "\(command._commandName): \(line)")
                }
            }
        }
    }
}
