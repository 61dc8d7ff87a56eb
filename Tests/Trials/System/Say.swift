import Glibc

/// Prints a line at once: whoever watches a trial through a pipe does not want to wait for a full buffer.
func say(_ line: some CustomStringConvertible) {
    var rest = Array("\(line)\n".utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        // Nobody reads any more: the exit code still tells.
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
