import Blackhole
import Crossbar
import Events
import KazooSimulator
import Network
import Secrets
import Subscriber

/// What is simulated and what is subscribed to, in every trial: the account `Acme` of the recordings and those below it.
enum Scenery {
    /// The account of the login.
    static let own = "009afc511c97b2ae693c6cc4920988e8"
    /// Its realm, as it stands in routing keys.
    static let realm = "acme%2Esip%2Eexample%2Ecom"

    /// What is wanted for the account of the login; some overlap.
    static let ownBindings = [
        "call.*.*", "object.*.user", "object.doc_edited.user", "object.*.device", "fax.status.*", "presence.dialog.*",
    ]
    /// What is wanted for every account below it.
    static let lowerBindings = ["call.*.*", "object.doc_created.user", "fax.status.*"]

    /// An account below that of the login, by a number.
    static func account(_ number: Int) -> SimulatedAccount {
        let digits = String(number, radix: 16)
        return SimulatedAccount(
            id: String(repeating: "a", count: 16) + String(repeating: "0", count: 16 - digits.count) + digits,
            name: "Branch \(number)", realm: "branch\(number).sip.example.com", parent: own)
    }

    /// The name of an account's database, as it stands in routing keys.
    static func database(_ account: String) -> String {
        "account%2F\(account.prefix(2))%2F\(account.dropFirst(2).prefix(2))%2F\(account.dropFirst(4))"
    }

    /// How to subscribe there as `admin` of the recordings.
    ///
    /// - Parameters:
    ///   - api: the address of the REST API.
    ///   - websockets: those of the event servers.
    static func configuration(
        api: String, websockets: [String], wanted: [SessionConfiguration.Wanted], policy: SessionPolicy
    ) throws -> SessionConfiguration {
        let hash = try CredentialHash(username: "admin", password: Secret("secret"), method: .sha1)
        var configuration = SessionConfiguration(
            server: try ServerURL(parsing: api, schemes: [.http]),
            websockets: try websockets.map { try ServerURL(parsing: $0, schemes: [.ws]) },
            authentication: .login(.user(hash, account: .name("Acme"))), wanted: wanted, policy: policy)
        configuration.network.proxy = ""
        return configuration
    }
}
