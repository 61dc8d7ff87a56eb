import Glibc

/// Standard input, output and error, which a shell can close: `kazoo-subscribe >&-`.
enum StandardDescriptors {
    /// Fills the places of those that are closed, so that no socket of ours takes one and is then written as output.
    ///
    /// What fills a place can only be read: see ``isWritable(_:)``.
    static func fill() {
        // The lowest free number is always taken first, so one that is closed is the next to be opened.
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 { _ = open("/dev/null", O_RDONLY) }
    }

    /// Whether a descriptor was open when the program began, and can be written.
    ///
    /// Swift's runtime may have taken the place of one that was closed before any code of ours ran; what it opens is of
    /// no kind of file at all (`epoll`, `eventfd`).
    static func isWritable(_ descriptor: Int32) -> Bool {
        var status = stat()
        let flags = fcntl(descriptor, F_GETFL)
        return flags != -1 && flags & O_ACCMODE != O_RDONLY && fstat(descriptor, &status) == 0
            && status.st_mode & S_IFMT != 0
    }
}
