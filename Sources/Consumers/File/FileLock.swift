import Glibc

/// The lock of a file (flock(2)), which lasts as long as anybody has a copy of the descriptor.
enum FileLock {
    /// Gives up the lock and closes the descriptor.
    ///
    /// Closing is not enough: while another thread starts a hook, its child has a copy of every descriptor until it has
    /// become the hook's program, and with the copy the lock.
    static func release(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
