import Blackhole
import Glibc
import Network
import Settings

/// Judges the texts of a config file that belong to other modules: bindings, accounts, URLs, and files that must be there.
enum SettingsJudge {
    /// Says whether a text is what its kind wants.
    static func judge(_ text: String, _ kind: TextKind) -> Judgement {
        switch kind {
        case .server: url(text, [.http, .https])
        case .websocket: url(text, [.ws, .wss])
        case .binding(let account): binding(text, account: account)
        case .account: account(text)
        case .secretFile: file(text, isSecret: true)
        case .readableFile: file(text, isSecret: false)
        case .program: program(text)
        }
    }

    private static func url(_ text: String, _ schemes: [ServerURL.Scheme]) -> Judgement {
        do throws(ServerURL.ParseError) {
            _ = try ServerURL(parsing: text, schemes: schemes)
            return .good
        } catch {
            return .wrong(Mismatch(error.description))
        }
    }

    private static func binding(_ text: String, account: String?) -> Judgement {
        do throws(BindingError) {
            let binding = try Binding(text)
            // Whether the account itself is good has been judged where it stands.
            if let account = account.flatMap({ try? AccountID($0) }) {
                _ = try Subscription(account: account, binding: binding)
            }
            return .good
        } catch {
            return .wrong(Mismatch(error.message))
        }
    }

    private static func account(_ text: String) -> Judgement {
        guard text != "descendants" else { return .good }
        do throws(BindingError) {
            _ = try AccountID(text)
            return .good
        } catch {
            return .wrong(Mismatch(error.message))
        }
    }

    private static func file(_ path: String, isSecret: Bool) -> Judgement {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
            return .wrong(Mismatch("\(path): \(String(cString: strerror(errno)))"))
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { return .wrong(Mismatch("\(path) is a directory")) }
        // A pipe or a device is not kept on disk.
        if isSecret, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
            return .doubtful("others can read \(path); protect it with: chmod 600 \(path)")
        }
        return .good
    }

    /// A name without `/` is looked up in the `PATH` of whoever starts it, which nobody knows here.
    private static func program(_ path: String) -> Judgement {
        guard path.utf8.contains(UInt8(ascii: "/")), !path.contains("{") else { return .good }
        var status = stat()
        guard stat(path, &status) == 0, access(path, X_OK) == 0 else {
            return .wrong(Mismatch("\(path): \(String(cString: strerror(errno)))"))
        }
        return status.st_mode & S_IFMT == S_IFDIR ? .wrong(Mismatch("\(path) is a directory")) : .good
    }
}
