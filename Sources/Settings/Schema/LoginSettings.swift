/// The keys of `kazoo` that say who logs in.
public enum LoginSettings: Equatable, Sendable {
    /// A ready auth token, in this file, read again for each connection.
    case token(file: Located<String>)
    /// The API key of an account, in this file.
    case apiKey(file: Located<String>)
    /// A user with a ready credential hash, in this file.
    case credentials(file: Located<String>, Account)
    /// A user with a password.
    case user(String, Password, Account)

    /// Which account a user logs in to.
    public enum Account: Hashable, Sendable {
        /// The one of this name.
        case name(String)
        /// The one with this SIP realm.
        case realm(String)
        /// The one that has this phone number.
        case phoneNumber(String)
    }

    /// A user's password, and how it is hashed.
    public struct Password: Equatable, Sendable {
        /// The file with the password; `nil` for what the environment or a prompt gives.
        public var file: Located<String>?
        /// The digest.
        public var digest: Digest
    }

    /// How credentials are hashed; the names are those of `--hash`.
    public enum Digest: String, CaseIterable, Sendable {
        case md5, sha1
    }

    /// Reads the keys of a section that has others beside them.
    init?(from section: inout Section) {
        let username = section.optional("username", .text)
        let passwordFile = section.optional("password_file", .located(.passwordFile))
        let credentialsFile = section.optional("credentials_file", .located(.path(.secretFile)))
        let digest: Digest = section.value("hash", .choice, default: "sha1")
        let names: [Account?] = [
            section.optional("account_name", .text).map { .name($0) },
            section.optional("account_realm", .text).map { .realm($0) },
            section.optional("phone_number", .text).map { .phoneNumber($0) },
        ]
        let apiKeyFile = section.optional("api_key_file", .located(.path(.secretFile)))
        let tokenFile = section.optional("token_file", .located(.path(.secretFile)))
        Self.readPassword(&section)

        switch Self.way(&section) {
        case nil: return nil
        case "token_file": self.init(tokenFile.map { .token(file: $0) })
        case "api_key_file": self.init(apiKeyFile.map { .apiKey(file: $0) })
        default:
            guard Self.hasOneAccount(&section), let account = names.compactMap(\.self).first else { return nil }
            if section.has("credentials_file") {
                self.init(credentialsFile.map { .credentials(file: $0, account) })
            } else {
                self.init(username.map { .user($0, Password(file: passwordFile, digest: digest), account) })
            }
        }
    }

    private init?(_ login: Self?) {
        guard let login else { return nil }
        self = login
    }

    /// A password itself comes from the environment alone, where ``ConnectionLayer`` has found it and hidden it.
    private static func readPassword(_ section: inout Section) {
        if section.origin(of: "password").position == nil, section.has("password") {
            _ = section.optional("password", .text)
        } else {
            section.refuse(
                "password", because: "a config file is no place for secrets; name a file with “password_file”")
        }
    }

    /// The key that says how to log in; `nil`, after a report, where none or several do.
    private static func way(_ section: inout Section) -> String? {
        let user = section.has("credentials_file") ? "credentials_file" : "username"
        let ways = section.present(["token_file", "api_key_file", user])
        guard let way = ways.first else {
            section.report(
                "nobody to log in as: give “username” and “account_name”, or “api_key_file”, or “token_file”",
                at: section.origin)
            return nil
        }
        for other in ways.dropFirst() {
            section.report(
                "“\(way)” and “\(other)” exclude each other; give one of them", at: section.origin(of: other))
        }
        return ways.count == 1 ? way : nil
    }

    private static func hasOneAccount(_ section: inout Section) -> Bool {
        let given = section.present(["account_name", "account_realm", "phone_number"])
        if given.isEmpty {
            section.report(
                "which account does the user belong to? give “account_name”, “account_realm” or “phone_number”",
                at: section.origin)
        }
        for other in given.dropFirst() {
            section.report(
                "“\(given[0])” and “\(other)” exclude each other; give one of them", at: section.origin(of: other))
        }
        return given.count == 1
    }
}

extension Reading<String> {
    /// A file with a password; `-`, standard input, is for command lines.
    fileprivate static var passwordFile: Self {
        Self { node, findings in
            if node.origin.position == nil, node.content == .scalar("-", isPlain: false) {
                return .init(value: "-", shown: node)
            }
            return path(.secretFile).read(node, &findings)
        }
    }
}
