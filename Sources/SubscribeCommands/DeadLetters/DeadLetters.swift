import ArgumentParser

/// `kazoo-subscribe dead-letters`: what could not be delivered.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "List, show, retry or drop events that could not be delivered.",
        discussion: """
            A consumer that cannot deliver an event keeps it, with the reason: in the journal, where there is one, else \
            in the file STATE_DIRECTORY/dead-letters/CONSUMER.ndjson. The daemon may run meanwhile.

              kazoo-subscribe dead-letters list
              kazoo-subscribe dead-letters show 7k2m9qxw4t | jq .event
              kazoo-subscribe dead-letters retry --consumer new-users --all
              kazoo-subscribe dead-letters drop 7k2m9qxw4t
            """,
        subcommands: [ListDeadLetters.self, ShowDeadLetters.self, RetryDeadLetters.self, DropDeadLetters.self],
        defaultSubcommand: ListDeadLetters.self)
}
