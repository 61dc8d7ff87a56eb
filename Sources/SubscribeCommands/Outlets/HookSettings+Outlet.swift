import Consumers
import Events
import Settings

extension HookSettings: OutletType {
    /// Finds programs that are not there, and placeholders that cannot be filled in.
    func check() throws(UsageError) {
        do throws(HookCommandError) {
            let command = try command()
            if case .stream = mode { _ = try StreamHookConsumer(command) { _ in } }
        } catch {
            throw refused(error)
        }
    }

    func outlet(at site: OutletSite) throws(UsageError) -> any Outlet {
        switch mode {
        case .event(let event):
            let policy = EventRunnerPolicy(
                concurrency: event.concurrency, orderBy: event.orderBy, timeout: event.timeout,
                attempts: event.retry.attempts, backoff: event.retry.backoff)
            return try EventOutlet(try consumer(at: site), policy: policy, at: site)
        case .stream:
            let consumer: StreamHookConsumer
            do throws(HookCommandError) {
                consumer = try StreamHookConsumer(command(), formatter: site.formatter) {
                    [logger = site.logger] in logger.report($0)
                }
            } catch {
                throw refused(error)
            }
            return try BatchOutlet(consumer, policy: DeliveryPolicy(), at: site)
        }
    }

    /// The hook that is started once for each event.
    func consumer(at site: OutletSite) throws(UsageError) -> HookConsumer {
        do throws(HookCommandError) {
            return HookConsumer(try command(), formatter: site.formatter) { [logger = site.logger] in
                logger.report($0)
            }
        } catch {
            throw refused(error)
        }
    }

    private func command() throws(HookCommandError) -> HookCommand {
        let environment = try HookEnvironment(adding: environment)
        return switch command {
        case .arguments(let words): try HookCommand(words.map(\.value), environment: environment)
        case .shell(let script): try HookCommand(shell: script.value, environment: environment)
        }
    }

    private func refused(_ error: HookCommandError) -> UsageError {
        let origin =
            switch command {
            case .arguments(let words): words.first?.origin
            case .shell(let script): script.origin
            }
        return UsageError([origin.map { "\($0): " }, "\(error)"].compactMap(\.self).joined(), exitCode: 78)
    }
}
