import Foundation

/// A daemon with its config file and its directories.
struct DaemonSetting {
    let stage: Stage
    private let addresses: Addresses
    let config: String
    var subscriptions = #"- bindings: ["call.*.*", "object.*.*"]"#
    /// A key more of `kazoo`.
    var moreOfKazoo = ""
    /// The section `journal`.
    var journal: String?
    /// The items of `consumers`.
    var consumers: [String] = []

    init(on stage: Stage, with addresses: Addresses) throws {
        self.stage = stage
        self.addresses = addresses
        config = stage.directory.appendingPathComponent("config.yaml").path
        _ = try Login.password.arguments(on: stage)
    }

    /// A path in the test's directory.
    func path(_ name: String) -> String { stage.directory.appendingPathComponent(name).path }

    /// The lines of a file; none when there is no such file.
    func lines(_ name: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: path(name)) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    /// Writes the config file.
    func write() throws {
        let text = """
            kazoo:
              server: \(addresses.server)
              websocket: \(addresses.websocket)
              username: events
              password_file: \(path("password"))
              account_name: Acme
              \(moreOfKazoo)
            subscriptions:
              \(subscriptions)
            \(journal.map { "journal: \($0)" } ?? "")
            consumers:
            \(consumers.map { "  - \($0)" }.joined(separator: "\n"))
            state_directory: \(path("state"))
            log: {level: debug}
            """
        _ = try stage.file("config.yaml", text)
    }

    /// Writes the config file and starts the daemon.
    func start(environment: [String: String] = [:]) throws -> RunningProgram {
        try write()
        return try stage.kazooSubscribe(["run", "--config", config], environment: environment)
    }
}
