public import Secrets

/// How we prove to Crossbar who we are.
public enum Credentials: Hashable, Sendable {
    /// A user of an account: `PUT /v2/user_auth`.
    case user(CredentialHash, account: AccountName)
    /// An account's API key: `PUT /v2/api_auth`.
    case apiKey(Secret)

    /// How the account that a user logs in to is named.
    public enum AccountName: Hashable, Sendable {
        /// By its name; Kazoo compares letters and digits only.
        case name(String)
        /// By its SIP realm.
        case realm(String)
        /// By one of its phone numbers.
        case phoneNumber(String)

        /// The key of Kazoo's request, and its value.
        var field: (key: String, value: String) {
            switch self {
            case .name(let name): ("account_name", name)
            case .realm(let realm): ("account_realm", realm)
            case .phoneNumber(let number): ("phone_number", number)
            }
        }
    }
}
