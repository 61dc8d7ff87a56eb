import Events

@testable import KazooSimulator

/// A cluster without sockets, with one authenticated session at its first event server.
final class Bench {
    static let start = SimulatorInstant(nanoseconds: 1_795_230_000 * 1_000_000_000)

    var cluster: Cluster
    /// The session that speaks where no other is named.
    var session: SessionID
    var now = start

    init(_ flavour: KazooFlavour, _ change: (inout SimulatorConfiguration) -> Void = { _ in }) {
        var configuration = SimulatorConfiguration(flavour: flavour)
        change(&configuration)
        cluster = Cluster(configuration: configuration)
        session = cluster.open(address: "127.0.0.1", port: 1, account: Sample.account, now: now)
    }

    /// One more authenticated session.
    func open(account: String = Sample.account, node: Int = 0) -> SessionID {
        cluster.open(address: "127.0.0.1", port: 2, account: account, node: node, now: now)
    }

    func send(_ command: JSONValue, as sender: SessionID? = nil) -> JSONValue? {
        let actions = cluster.receive(Array(command.json.utf8), from: sender ?? session, now: now)
        guard case .send(let text) = actions.first else { return nil }
        return JSONValue(reading: Array(text.utf8))
    }

    @discardableResult func command(
        _ action: String, _ binding: String, account: String = Sample.account, as sender: SessionID? = nil
    ) -> JSONValue? {
        send(
            [
                "action": .string(action), "request_id": "r",
                "data": ["account_id": .string(account), "binding": .string(binding)],
            ], as: sender)
    }

    @discardableResult func subscribe(
        _ binding: String, account: String = Sample.account, as sender: SessionID? = nil
    ) -> JSONValue? { command("subscribe", binding, account: account, as: sender) }

    /// Subscribes without reading the reply, which is long where there are many subscriptions.
    func subscribeUnread(_ binding: String, account: String, as sender: SessionID) {
        let command =
            #"{"action":"subscribe","request_id":"r","data":{"account_id":"\#(account)","binding":"\#(binding)"}}"#
        _ = cluster.receive(Array(command.utf8), from: sender, now: now)
    }

    func unsubscribeStranger(_ binding: String, node: Int? = nil) {
        cluster.unsubscribeStranger(account: Sample.account, binding: binding, node: node, now: now)
    }

    /// How many frames an event becomes.
    func deliver(_ event: SimulatedEvent) -> Int { cluster.publish(event).copies.count }

    /// Who hears an event.
    func hearers(of event: SimulatedEvent) -> Set<SessionID> { Set(cluster.publish(event).copies.map(\.session)) }

    /// To the first second of the next month.
    func turnMonth() {
        now = now.advanced(by: .seconds(CivilDate(unixSeconds: now.unixSeconds).secondsUntilNextMonth))
    }

    /// That a document of the account was created now.
    func created(_ type: String, account: String = Sample.account) -> SimulatedEvent {
        cluster.documentEvent("doc_created", type: type, id: "d1", account: account, now: now)
    }

    /// What the REST API answers to a `GET` of somebody who may see everything.
    func get(_ path: String) -> CrossbarResponse? {
        let grant = TokenTable.Grant(
            account: SimulatedAccount.recorded[0].id, owner: nil, expires: now.advanced(by: .seconds(1)))
        cluster.accept(token: "t", grant: grant)
        let request = CrossbarRequest(method: "GET", target: path, headers: ["x-auth-token": "t"])
        guard case .response(let response) = cluster.respond(to: request, now: now) else { return nil }
        return response
    }
}
