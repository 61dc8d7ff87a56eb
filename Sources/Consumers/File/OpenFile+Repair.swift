import Events
import Glibc

extension OpenFile {
    /// The longest end of a file that is taken for a torn line. Longer ones are no events, and the file is not ours.
    private static let longestLine = 64 << 20

    /// Repairs what a crash has left behind the last newline: a whole line gets its newline, a torn one moves to a file
    /// beside this one, `PATH.torn`.
    func repairLastLine(notify: (FileConsumer.Notice) -> Void) throws(ConsumerFailure) {
        let size = Int(try status().st_size)
        let line = try lastLine(of: size)
        guard !line.isEmpty else { return }
        let isWhole = line.withUnsafeBytes { (try? JSONScanner.scan($0)) != nil }
        if isWhole {
            guard write(descriptor, "\n", 1) == 1 else { throw .system(path, errno) }
            notify(.completed(path: path))
        } else {
            // The torn line is safe elsewhere before it is cut off here.
            let torn = path + ".torn"
            try keep(line + [UInt8(ascii: "\n")], in: torn)
            try truncate(to: size - line.count)
            notify(.cut(path: path, bytes: line.count, into: torn))
        }
    }

    /// What stands behind the last newline.
    private func lastLine(of size: Int) throws(ConsumerFailure) -> [UInt8] {
        var line: [UInt8] = []
        while line.count < size {
            guard line.count <= Self.longestLine else {
                throw ConsumerFailure(
                    .retry, "\(path): its last line is longer than any event; is this a file of events?")
            }
            // In chunks that grow with what has been read, so that a long line is not copied once per chunk.
            let count = min(size - line.count, max(4096, line.count))
            let chunk = try read(count, at: size - line.count - count)
            if let newline = chunk.lastIndex(of: UInt8(ascii: "\n")) { return chunk[(newline + 1)...] + line }
            line = chunk + line
        }
        return line
    }

    private func read(_ count: Int, at offset: Int) throws(ConsumerFailure) -> [UInt8] {
        var error: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, error == 0 {
                let more = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if more > 0 {
                    filled += more
                } else if more == 0 {
                    error = EIO
                } else if errno != EINTR {
                    error = errno
                }
            }
        }
        guard error == 0 else { throw .system(path, error) }
        return bytes
    }

    private func keep(_ line: [UInt8], in torn: String) throws(ConsumerFailure) {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let descriptor = Glibc.open(torn, flags, 0o600)
        guard descriptor >= 0 else { throw .system(torn, errno) }
        defer { close(descriptor) }
        guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else {
            throw .system(torn, errno)
        }
    }
}
