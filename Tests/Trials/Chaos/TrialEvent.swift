import Blackhole
import KazooSimulator

/// A numbered event of one of the families that the trials subscribe to, or of one that they do not.
struct TrialEvent: Sendable {
    /// What kind of event it is.
    enum Kind: Equatable, Sendable {
        case call(String)
        case document(action: String, type: String)
        case fax
        case dialog
    }

    /// What is published.
    static let kinds: [Kind] = [
        .call("CHANNEL_CREATE"), .call("CHANNEL_ANSWER"), .call("CHANNEL_DESTROY"),
        .document(action: "doc_edited", type: "user"), .document(action: "doc_created", type: "user"),
        .document(action: "doc_edited", type: "device"), .document(action: "doc_deleted", type: "media"),
        .fax, .dialog,
    ]

    let number: Int
    let kind: Kind
    /// The account's id.
    let account: String

    private var messageID: String { "trial-\(number)" }

    private var routingKey: String {
        switch kind {
        case .call(let name): "call.\(account).\(name).\(number)"
        case .document(let action, let type): "\(action).\(Scenery.database(account)).\(type).\(number)"
        case .fax: "fax.status.\(account).\(number)"
        case .dialog: "dialog.\(Scenery.realm).\(number)"
        }
    }

    private var name: String {
        switch kind {
        case .call(let name): name
        case .document(let action, _): action
        case .fax: "status"
        case .dialog: "dialog_update"
        }
    }

    /// Its identity, as the subscriber sees it.
    var id: String { "\(messageID)+\(routingKey)" }

    /// As Kazoo publishes it.
    var simulated: SimulatedEvent {
        let owner =
            switch kind {
            case .call: #""custom_channel_vars":{"account_id":"\#(account)"}"#
            case .document, .fax: #""account_id":"\#(account)""#
            case .dialog: #""state":"early""#
            }
        return SimulatedEvent(
            routingKey: routingKey, name: name, data: #"{"msg_id":"\#(messageID)",\#(owner)}"#)
    }

    /// Which of these bindings of its account bring it. Told apart from what the subscriber itself knows of bindings.
    func brought(by bindings: [String]) -> [String] {
        bindings.filter { binding in
            let words = binding.split(separator: ".").map(String.init)
            return switch kind {
            case .call(let name): words[0] == "call" && ["*", name].contains(words[1])
            case .document(let action, let type):
                words[0] == "object" && ["*", action].contains(words[1]) && ["*", type].contains(words[2])
            case .fax: binding.hasPrefix("fax.status.")
            case .dialog: binding.hasPrefix("presence.dialog.")
            }
        }
    }
}
