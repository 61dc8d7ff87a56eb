import Foundation

/// The test's end of a pipe that a program writes to. Nothing is read from it unless somebody asks.
final class PipeReader {
    private let descriptor: Int32
    private var bytes = Data()
    private var isAtEnd = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Everything that was written so far.
    var data: Data {
        drain()
        return bytes
    }

    /// Everything that was written so far, as text.
    var text: String { String(decoding: data, as: UTF8.self) }

    /// The whole lines that were written so far.
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

    private func drain() {
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while !isAtEnd {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if count == 0 {
                isAtEnd = true
            } else if errno != EINTR {
                return
            }
        }
    }
}
