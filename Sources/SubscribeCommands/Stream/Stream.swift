import ArgumentParser
import Subscriber

/// `kazoo-subscribe stream`, the default command: events on standard output.
struct Stream: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow the events of a 2600Hz Kazoo cluster, as tail -f follows a file.",
        usage: """
            kazoo-subscribe --server URL --username U --account-name A -b BINDING ...
            kazoo-subscribe COMMAND ...
            """,
        discussion: """
            One JSON object a line on standard output, everything else on standard error.

            EXAMPLES:
              kazoo-subscribe demo                     try it without a cluster

              export KAZOO_SUBSCRIBE_SERVER=http://kazoo.example.com:8000
              export KAZOO_SUBSCRIBE_USERNAME=events
              export KAZOO_SUBSCRIBE_ACCOUNT_NAME=master

              kazoo-subscribe --binding object.doc_created.user | jq .data.id
              kazoo-subscribe -b 'call.*.*' --output pretty
              kazoo-subscribe -b 'call.*.*' --match data.call_direction=inbound
              kazoo-subscribe -b 'call.*.*' --account descendants --count 1

            BINDINGS:
              call.EVENT.CALL_ID          CHANNEL_CREATE, CHANNEL_ANSWER,
                                          CHANNEL_DESTROY, PARK_PARKED, ... or *
              object.ACTION.TYPE          doc_created, doc_edited, doc_deleted or *;
                                          user, device, account, vmbox, ... or *
              fax.status.FAX_ID           fax.object.ACTION
              presence.KIND.ID            dialog, mwi_updates, update
              conference.command.ID       conference.event.ID.CALL_ID
            """)

    @OptionGroup(title: "Subscription")
    var subscription: SubscriptionOptions

    @OptionGroup(title: "Output")
    var outputOptions: OutputOptions

    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions

    @OptionGroup(title: "Messages")
    var logging: LoggingOptions

    func run() async throws {
        let logger = logging.makeLogger()
        try await Failure.exit(logger) {
            var configuration = try connection.resolve(
                wanted: try subscription.wanted(), policy: subscription.policy, logger: logger)
            subscription.apply(to: &configuration.policy)
            configuration.lastLive = subscription.lastLive
            try await StreamRun(options: outputOptions, logging: logging, logger: logger).run(configuration)
        }
    }
}
