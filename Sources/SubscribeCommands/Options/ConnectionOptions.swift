public import ArgumentParser
import Blackhole
public import Crossbar
import Network

/// Which cluster, as whom, and over which network: the options of every command that talks to a Kazoo.
///
/// A flag goes over its environment variable, and that over the section `kazoo` of a config file.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A config file, whose section “kazoo” says what is not said here. Default: $XDG_CONFIG_HOME/kazoo-subscribe/config.yaml of a plain user, then /etc/kazoo-subscribe/config.yaml.",
            valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Crossbar's address, such as http://kazoo.example.com:8000 [KAZOO_SUBSCRIBE_SERVER].", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "Blackhole's address, such as wss://kazoo.example.com:7777; may be repeated, tried in order. Default: the server's host with its usual ports [KAZOO_SUBSCRIBE_WEBSOCKET].",
            valueName: "url"))
    var websocket: [String] = []

    @Option(help: ArgumentHelp("The user to log in as [KAZOO_SUBSCRIBE_USERNAME].", valueName: "user"))
    var username: String?

    @Option(
        help: ArgumentHelp(
            "A file with the password, - for standard input. Without it: $CREDENTIALS_DIRECTORY/password, KAZOO_SUBSCRIBE_PASSWORD, or a prompt [KAZOO_SUBSCRIBE_PASSWORD_FILE].",
            valueName: "file"))
    var passwordFile: String?

    @Option(
        help: ArgumentHelp("A file with a ready MD5 or SHA-1 credential hash instead of a password.", valueName: "file")
    )
    var credentialsFile: String?

    @Option(
        name: .customLong("hash"),
        help: ArgumentHelp("How credentials are hashed (default: sha1) [KAZOO_SUBSCRIBE_HASH].", valueName: "digest"))
    var hashMethod: CredentialHash.Method?

    @Option(help: ArgumentHelp("The account to log in to, by name [KAZOO_SUBSCRIBE_ACCOUNT_NAME].", valueName: "name"))
    var accountName: String?

    @Option(
        help: ArgumentHelp(
            "The account to log in to, by SIP realm [KAZOO_SUBSCRIBE_ACCOUNT_REALM].", valueName: "realm"))
    var accountRealm: String?

    @Option(
        help: ArgumentHelp(
            "The account to log in to, by phone number [KAZOO_SUBSCRIBE_PHONE_NUMBER].", valueName: "number"))
    var phoneNumber: String?

    @Option(
        help: ArgumentHelp(
            "A file with an account's API key, instead of user and password [KAZOO_SUBSCRIBE_API_KEY_FILE].",
            valueName: "file"))
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A file with a ready auth token, read again at each connect [KAZOO_SUBSCRIBE_TOKEN_FILE].",
            valueName: "file"))
    var tokenFile: String?

    @Option(
        name: .customLong("cacert"),
        help: ArgumentHelp("Trust the certificate authorities of this PEM file [SSL_CERT_FILE].", valueName: "file"))
    var authorities: String?

    @Option(name: .customLong("cert"), help: ArgumentHelp("The client's certificate, PEM.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The key of --cert, PEM.", valueName: "file"))
    var key: String?

    @Flag(help: "Accept any certificate. Anybody in between can read the credentials and invent events.")
    var insecure = false

    @Option(
        help: ArgumentHelp("An HTTP or SOCKS proxy [http_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY].", valueName: "url"))
    var proxy: String?
}

extension CredentialHash.Method: ExpressibleByArgument {}
