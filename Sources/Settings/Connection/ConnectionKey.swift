/// A key of the section `kazoo` that an option or a variable goes over.
public enum ConnectionKey: String, CaseIterable, Sendable {
    case server, websocket, username
    case password
    case passwordFile = "password_file"
    case credentialsFile = "credentials_file"
    case hash
    case accountName = "account_name"
    case accountRealm = "account_realm"
    case phoneNumber = "phone_number"
    case apiKeyFile = "api_key_file"
    case tokenFile = "token_file"
    case authorities = "tls.cacert"
    case certificate = "tls.cert"
    case key = "tls.key"
    case insecure = "tls.insecure"
    case proxy

    /// The key below `kazoo`, or below `kazoo.tls`.
    var path: [String] { rawValue.split(separator: ".").map(String.init) }

    /// The option of the command line; a password has none.
    public var option: String? {
        self == .password ? nil : "--" + (path.last ?? rawValue).replacing("_", with: "-")
    }

    /// The environment variable.
    public var variable: String? {
        switch self {
        case .server, .websocket, .username, .password, .passwordFile, .hash, .accountName, .accountRealm, .phoneNumber,
            .apiKeyFile, .tokenFile:
            "KAZOO_SUBSCRIBE_" + rawValue.uppercased()
        case .credentialsFile, .authorities, .certificate, .key, .insecure, .proxy: nil
        }
    }

    /// What the key decides: keys that decide the same are given by one layer, never half by one and half by another.
    ///
    /// So a user name on the command line goes over a token in the file, instead of contradicting it.
    enum Matter: Hashable {
        case login, account, password, clientCertificate
        case itself(ConnectionKey)
    }

    var matter: Matter {
        switch self {
        case .username, .credentialsFile, .apiKeyFile, .tokenFile: .login
        case .accountName, .accountRealm, .phoneNumber: .account
        case .password, .passwordFile: .password
        case .certificate, .key: .clientCertificate
        case .server, .websocket, .hash, .authorities, .insecure, .proxy: .itself(self)
        }
    }
}
