import Glibc
import NIOCore

/// A socket that listens, and that can stop at once.
struct ListeningSocket {
    let channel: any Channel
    /// A copy of the channel's descriptor.
    private let copy: Int32

    /// - Parameter descriptor: The channel's.
    init(_ channel: any Channel, descriptor: Int32) {
        self.channel = channel
        copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    }

    /// Stops listening; who has connected and is not accepted yet gets a reset.
    ///
    /// Closing is not enough: while another thread starts a program, its process has a copy of every descriptor for a
    /// moment, and goes on to listen.
    func close() {
        Glibc.shutdown(copy, Int32(SHUT_RDWR))
        Glibc.close(copy)
        channel.close(promise: nil)
    }
}
