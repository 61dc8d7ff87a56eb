import Glibc

/// To whom a file belongs: what `USER` or `USER:GROUP` mean on this machine.
struct FileOwner: Equatable, Sendable {
    var user: uid_t
    /// `nil` where it is not named.
    var group: gid_t?

    /// - Parameter text: names or numbers.
    /// - Returns: `nil` when the machine knows no such user or group.
    init?(_ text: String) {
        let names = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = names.first, let user = uid_t(first) ?? Self.user(first) else { return nil }
        self.user = user
        if names.count > 1 {
            guard let group = gid_t(names[1]) ?? Self.group(names[1]) else { return nil }
            self.group = group
        }
    }

    private static func user(_ name: String) -> uid_t? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        return getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0 && found != nil ? entry.pw_uid : nil
    }

    private static func group(_ name: String) -> gid_t? {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        return getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0 && found != nil ? entry.gr_gid : nil
    }
}
