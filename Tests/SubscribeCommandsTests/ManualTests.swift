import ArgumentParser
import Foundation
import Testing

@testable import SubscribeCommands

/// The man page keeps up with the program.
@Suite struct ManualTests {
    @Test func everyCommandIsInIt() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../man/kazoo-subscribe.1")
        let text = try String(contentsOf: page, encoding: .utf8)
        let commands = Root.configuration.subcommands.map { $0._commandName }
        #expect(commands.count > 8)
        for command in commands { #expect(text.contains("\n.It Cm \(command)\n"), "\(command) is missing") }
    }
}
