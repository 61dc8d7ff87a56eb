import Events
import Glibc

/// The old files beside the one that is written: too many are removed, and the others compressed.
///
/// Every start looks again, so what a crash left undone is done then.
struct OldFiles {
    let pattern: PathPattern
    let rotation: FileConsumer.Rotation
    let notify: @Sendable (FileConsumer.Notice) -> Void

    /// An old file, compressed, not compressed, or both when a crash came between the two.
    private struct OldFile {
        var name: String
        var isPlain = false
        var isCompressed = false
        /// Nanoseconds since 1970.
        var modified: Int64 = 0
    }

    /// Looks at all of them once.
    ///
    /// - Parameters:
    ///   - directory: where they are.
    ///   - current: the name of the file that is written, asked for after the names have been read.
    ///   - isStopped: whether to leave the rest for the next time.
    func sweep(_ directory: String, current: () -> String?, isStopped: () -> Bool) {
        do throws(ConsumerFailure) {
            let files = try list(directory, current: current)
            let kept = rotation.keep.map { files.prefix($0) } ?? files[...]
            for file in files[kept.endIndex...] { remove(file, in: directory) }
            guard rotation.compresses else { return }
            for file in kept.reversed() where file.isPlain && !isStopped() {
                compress(file, in: directory, isStopped: isStopped)
            }
        } catch {
            notify(.oldFileKept(path: directory, error.description))
        }
    }

    /// The old files, the newest first. What a compression that was cut off has left is removed on the way.
    private func list(_ directory: String, current: () -> String?) throws(ConsumerFailure) -> [OldFile] {
        let names = try Directory.names(in: directory)
        let current = current()
        var files: [String: OldFile] = [:]
        for name in names {
            if name.hasSuffix(GzipFile.unfinished), pattern.recognize(String(name.dropLast(4)))?.isCompressed == true {
                unlink("\(directory)/\(name)")
                continue
            }
            guard let (plain, isCompressed) = pattern.recognize(name), plain != current else { continue }
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            var file = files[plain] ?? OldFile(name: plain)
            if isCompressed { file.isCompressed = true } else { file.isPlain = true }
            let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            file.modified = max(file.modified, modified)
            files[plain] = file
        }
        return files.values.sorted { ($0.modified, $0.name) > ($1.modified, $1.name) }
    }

    private func remove(_ file: OldFile, in directory: String) {
        for (exists, ending) in [(file.isPlain, ""), (file.isCompressed, ".gz")] where exists {
            let path = "\(directory)/\(file.name)\(ending)"
            if unlink(path) != 0, errno != ENOENT {
                notify(.oldFileKept(path: path, String(cString: strerror(errno))))
            }
        }
    }

    private func compress(_ file: OldFile, in directory: String, isStopped: () -> Bool) {
        var path = "\(directory)/\(file.name)"
        do throws(ConsumerFailure) {
            if file.isCompressed {
                // A crash came before the file was removed; or the clock was set back over the end of a day, and the same
                // name was written again.
                if try GzipFile.removeDuplicate(path) { return }
                let other = PathPattern.freeName(for: path, at: Timestamp(microseconds: file.modified / 1000))
                guard rename(path, other) == 0 else { throw .system(path, errno) }
                path = other
            }
            try GzipFile.replace(path, isStopped: isStopped)
        } catch {
            notify(.oldFileKept(path: path, error.description))
        }
    }
}
