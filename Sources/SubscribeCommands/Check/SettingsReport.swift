import Glibc
import Settings

/// A config file, read and judged: the settings, and everything that is to be said about them.
struct SettingsReport {
    /// Why there is no file to be read.
    struct NoFile: Error {
        /// What is to be said about it.
        var lines: [String]
    }

    /// The path of the file.
    let file: String
    private let loaded: Loaded<Settings>
    /// What the consumers' own types find wrong.
    private let refusals: [String]
    private let remarks: [String]

    /// Reads a file, and the environment that goes over it.
    ///
    /// - Parameter config: the path; `nil` for the standard one.
    init(config: String?) throws(NoFile) {
        let (file, remarks) = try Self.find(config)
        self.file = file.path
        loaded = Settings.load(
            file.document, layers: [Self.environment], capabilities: .thisProgram, judge: SettingsJudge.judge)
        refusals = loaded.problems.isEmpty ? Self.refusals(of: loaded.value) : []
        let idle = loaded.problems.isEmpty ? loaded.value?.idleBindings ?? [] : []
        self.remarks =
            idle.map { "\($0.origin): warning: no subscription brings \($0.value); this consumer gets nothing by it" }
            + remarks + Self.remarks(about: file, secrets: loaded.secrets)
    }

    /// A file in which nothing is wrong.
    ///
    /// - Throws: everything that is wrong.
    static func usable(config: String?) throws(UsageError) -> (settings: Settings, report: SettingsReport) {
        let report: SettingsReport
        do throws(NoFile) {
            report = try SettingsReport(config: config)
        } catch {
            throw UsageError(error.lines.joined(separator: "\n"), exitCode: 78)
        }
        guard let settings = report.settings else {
            throw UsageError(report.lines.joined(separator: "\n"), exitCode: 78)
        }
        return (settings, report)
    }

    /// The layer between the file and the command line.
    static var environment: ConnectionLayer {
        let credential = Environment["CREDENTIALS_DIRECTORY"].map { access("\($0)/password", F_OK) == 0 }
        return .environment(hasPasswordCredential: credential ?? false) { Environment[$0] }
    }

    /// The settings; `nil` when something is wrong.
    var settings: Settings? { isGood ? loaded.value : nil }

    /// Whether nothing is wrong.
    var isGood: Bool { loaded.problems.isEmpty && refusals.isEmpty && loaded.value != nil }

    /// What is wrong, in the order of the file; then what should be looked at.
    var lines: [String] {
        var lines = loaded.problems.map(\.description) + refusals
        if loaded.unkept > 0 { lines.append("\(file): and \(loaded.unkept) problems more") }
        return lines + (loaded.warnings.map { "\($0.origin): warning: \($0.message)" } + remarks)
    }

    /// What is in force, as YAML.
    var shown: String { loaded.shown.text }

    /// What the file configures, in a few words.
    var summary: String {
        guard let settings, !settings.consumers.isEmpty else {
            return "for stream alone: no subscriptions and no consumers"
        }
        let bindings = settings.subscriptions.reduce(0) { $0 + $1.bindings.count }
        let consumers = settings.consumers.map(\.name.value).joined(separator: ", ")
        return "\(Self.count(bindings, "binding")), \(Self.count(settings.consumers.count, "consumer")): \(consumers)"
    }

    private static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

    // MARK: Parts

    private static func find(_ config: String?) throws(NoFile) -> (ConfigurationFile, [String]) {
        let (file, unreadable): (ConfigurationFile?, [ConfigurationFile.ReadError])
        do throws(ConfigurationFile.ReadError) {
            (file, unreadable) = try ConfigurationFile.find(config)
        } catch {
            throw NoFile(lines: ["\(error)"])
        }
        let remarks = unreadable.map { "\($0.path): warning: \($0.reason)" }
        guard let file else {
            let paths = ConfigurationFile.standardPaths(isRoot: geteuid() == 0) { Environment[$0] }
            let advice = "there is no config file at \(paths.joined(separator: " or ")); name one with --config FILE"
            throw NoFile(lines: remarks + [advice])
        }
        return (file, remarks)
    }

    private static func refusals(of settings: Settings?) -> [String] {
        settings?.consumers.compactMap { consumer in
            do throws(UsageError) {
                try (consumer.type as? any OutletType)?.check()
                return nil
            } catch {
                return error.description
            }
        } ?? []
    }

    /// What others may do with the file itself: hooks are commands, and their environment may be secret.
    private static func remarks(about file: ConfigurationFile, secrets: [Origin]) -> [String] {
        guard let permissions = file.permissions else { return [] }
        var remarks: [String] = []
        if permissions & 0o022 != 0 {
            remarks.append(
                "\(file.path): warning: others can write this file, and with it commands to be run; chmod go-w \(file.path)"
            )
        }
        if permissions & 0o044 != 0, let secret = secrets.first(where: { $0.position != nil }) {
            remarks.append("\(secret): warning: others can read this secret; chmod 600 \(file.path)")
        }
        return remarks
    }
}
