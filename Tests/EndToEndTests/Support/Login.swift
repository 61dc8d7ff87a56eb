import KazooSimulator

/// How kazoo-subscribe logs in, and what may never be seen of it.
enum Login {
    case password
    case wrongPassword
    case apiKey
    case unknownAPIKey
    /// A ready hash, for the account with this option and value.
    case hash(String, account: [String])
    /// An API key as it stands.
    case key(String)

    /// A user whose secrets are words that occur nowhere else.
    static let user = SimulatedUser(
        id: "7f3c1de07c5c4b0f8f0d7a5b1e2d3c4f", account: "009afc511c97b2ae693c6cc4920988e8", username: "events",
        md5: "86084ec6f9942a0fc7a40b1b80a2090a", sha1: "81a883a3d36ea01b9b09964f294a9a5074a954bc")

    private static let word = "velvet-Trombone-41"
    private static let knownKey = "8f936c000c707edccbae665739f551901c284a70a10d2104d32a5d2497cd79db"
    private static let unknownKey = "5d2497cd79db8f936c000c707edccbae665739f551901c284a70a10d2104d32a"

    /// What no output may contain: passwords, hashes, keys, and how every token begins, recorded or simulated.
    static let secrets = [
        word, "wrong-" + word, user.md5, user.sha1, knownKey, unknownKey, "eyJ",
        // Those of the recordings.
        "2d1e4f91dae49cd08eaba2293e422273", "7efaf6701fdf8c6780897f20d5a1a1526dd92029",
        "54b5251f31371d5ddcb8260554df0b3a", "4d66f36aaa43bbc628caff0a32580055", "0000000000000000",
        "8F936C000C707EDCCBAE665739F551901C284A70A10D2104D32A5D2497CD79DB",
    ]

    /// The options, with the secret in a file.
    func arguments(on stage: Stage) throws -> [String] {
        let account = ["--account-name", "Acme"]
        switch self {
        case .password:
            return ["--username", "events", "--password-file", try stage.file("password", Self.word)] + account
        case .wrongPassword:
            return ["--username", "events", "--password-file", try stage.file("wrong", "wrong-" + Self.word)]
                + account
        case .apiKey: return ["--api-key-file", try stage.file("key", Self.knownKey)]
        case .unknownAPIKey: return ["--api-key-file", try stage.file("unknown-key", Self.unknownKey)]
        case .hash(let hash, let account): return ["--credentials-file", try stage.file("hash", hash)] + account
        case .key(let key): return ["--api-key-file", try stage.file("key", key)]
        }
    }
}
