import ArgumentParser
import KazooSimulator

/// What `simulate --hazard` can make go wrong, by name.
enum HazardName: String, CaseIterable, ExpressibleByArgument {
    case duplicates
    case fewConnections = "few-connections"
    case freeze
    case loginFails = "login-500"
    case loginHangs = "login-hangs"
    case loginHTML = "login-html"
    case loginLimited = "login-429"
    case lostEvents = "lost-events"
    case lostReplies = "lost-replies"
    case noPongs = "no-pongs"
    case shortTokens = "short-tokens"
    case slowLogin = "slow-login"
    case slowReplies = "slow-replies"
    case upgradeHTML = "upgrade-html"
    case upgradeLimited = "upgrade-429"

    /// What happens, in a few words.
    var summary: String {
        switch self {
        case .duplicates: "every event comes twice"
        case .fewConnections: "two WebSockets for each address, 429 for more"
        case .freeze: "connections are accepted, nothing is answered"
        case .loginFails: "every login fails with 500"
        case .loginHangs: "logins are never answered"
        case .loginHTML: "every login is answered with a web page"
        case .loginLimited: "every login fails with 429"
        case .lostEvents: "subscriptions succeed, no event comes"
        case .lostReplies: "the first five replies are lost"
        case .noPongs: "WebSocket pings are not answered"
        case .shortTokens: "tokens last 30 seconds"
        case .slowLogin: "logins are answered after 5 seconds"
        case .slowReplies: "replies come after 2 seconds"
        case .upgradeHTML: "every WebSocket is refused with 503 and a web page"
        case .upgradeLimited: "every WebSocket is refused with 429"
        }
    }

    /// Makes it go wrong.
    func apply(to configuration: inout SimulatorConfiguration) {
        switch self {
        case .duplicates: configuration.hazards.duplicatesEvents = true
        case .fewConnections: configuration.maximumConnectionsPerAddress = 2
        case .freeze: configuration.hazards.freezes = true
        case .loginFails: configuration.hazards.loginFailure = .internalError
        case .loginHangs: configuration.hazards.loginFailure = .hang
        case .loginHTML: configuration.hazards.loginFailure = .answer(.page(200))
        case .loginLimited: configuration.hazards.loginFailure = .tooManyRequests
        case .lostEvents: configuration.hazards.losesEvents = true
        case .lostReplies: configuration.hazards.lostReplies = 5
        case .noPongs: configuration.hazards.withholdsPongs = true
        case .shortTokens: configuration.tokenLifetime = .seconds(30)
        case .slowLogin: configuration.hazards.loginDelay = .seconds(5)
        case .slowReplies: configuration.hazards.replyDelay = .seconds(2)
        case .upgradeHTML: configuration.hazards.upgradeFailure = .answer(.page(503))
        case .upgradeLimited: configuration.hazards.upgradeStatus = 429
        }
    }

    /// The names with their summaries, for the help.
    static var list: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        return allCases.map {
            "  " + $0.rawValue + String(repeating: " ", count: width + 2 - $0.rawValue.count) + $0.summary
        }
        .joined(separator: "\n")
    }
}
