import Consumers
import Events
import Network
import Settings

extension HookConsumer {
    /// The hook that a config file describes.
    ///
    /// - Throws: why it cannot be started.
    init(
        _ consumer: ConsumerSettings, _ hook: HookSettings, kazoo: KazooSettings,
        tell: @escaping @Sendable (HookNotice) -> Void
    ) throws(HookCommandError) {
        self.init(try HookCommand(hook), formatter: EventFormatter(consumer, kazoo), tell: tell)
    }
}

extension EventFormatter {
    /// The form in which a consumer gets events.
    init(_ consumer: ConsumerSettings, _ kazoo: KazooSettings) {
        let host: String
        do throws(ServerURL.ParseError) {
            host = try ServerURL(parsing: kazoo.server.value, schemes: [.http, .https]).host
        } catch {
            preconditionFailure("the URL was judged when the settings were read: \(error)")
        }
        self.init(consumer.output, host: host)
    }
}

extension HookCommand {
    /// What a config file says is to be started.
    init(_ hook: HookSettings) throws(HookCommandError) {
        let environment = try HookEnvironment(adding: hook.environment)
        switch hook.command {
        case .arguments(let words): try self.init(words.map(\.value), environment: environment)
        case .shell(let script): try self.init(shell: script.value, environment: environment)
        }
    }
}

extension HookSettings {
    /// Where the config file says what is started.
    var origin: String {
        switch command {
        case .arguments(let words): words.first.map { "\($0.origin)" } ?? ""
        case .shell(let script): "\(script.origin)"
        }
    }
}
