public import Events
import Glibc
import Threads

/// The dead letters of one consumer: a file of one letter a line, which people and other programs can read.
///
/// A letter that is kept is on disk. Whoever changes the file holds its lock (`flock`), the program that appends to it and
/// the command that takes letters out alike; it is never seen half rewritten. A line that a crash has torn stays where it
/// is, and does no harm to the others.
public struct DeadLetterFile: DeadLetterStore, DeadLetterBox {
    /// What could not be done with the file.
    public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The file or directory.
        public var path: String
        /// The error number of the system.
        public var code: Int32

        /// The path, and what the system says.
        public var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    /// Where the file is; it need not be there yet.
    public let path: String
    /// The name of the consumer.
    public let consumer: String

    /// The file of a consumer in a directory: `<directory>/<consumer>.ndjson`.
    public init(consumer: String, directory: String) {
        self.consumer = consumer
        path = "\(directory)/\(consumer)\(Self.suffix)"
    }

    private static let suffix = ".ndjson"

    /// The files in a directory, in the order of their consumers' names; none where there is no such directory.
    public static func all(in directory: String) throws(Failure) -> [DeadLetterFile] {
        guard let stream = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw Failure(path: directory, code: errno)
        }
        defer { closedir(stream) }
        var consumers: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix), !name.hasPrefix(".") { consumers.append(String(name.dropLast(suffix.count))) }
        }
        return consumers.sorted().map { DeadLetterFile(consumer: $0, directory: directory) }
    }

    // MARK: Keeping

    /// Appends a letter about an event, and returns when it is on disk.
    public func keep(
        _ event: EventBatch, attempts: Int, _ failure: ConsumerFailure
    ) async throws(ConsumerFailure) {
        guard let view = event.first else { return }
        var generator = SystemRandomNumberGenerator()
        let letter = DeadLetter(
            view, consumer: consumer, attempts: attempts, failure: failure,
            id: DeadLetter.makeID(using: &generator), time: .now)
        let outcome = await BlockingThread.run("dead letters") {
            Result { () throws(Failure) in try append(letter) }
        }
        do throws(Failure) {
            try outcome.get()
        } catch {
            throw ConsumerFailure(.retry, "the dead letters cannot be written: \(error)")
        }
    }

    /// Appends a letter; blocks until it is on disk. What cannot be written whole is not written at all.
    public func append(_ letter: DeadLetter) throws(Failure) {
        try makeDirectory()
        let file = try LockedFile(path, creating: true)
        let size = try file.size()
        // A line that has no end was torn by a crash; the letter begins on a line of its own.
        let isTorn = size > 0 ? try file.byte(at: size - 1) != UInt8(ascii: "\n") : false
        do throws(Failure) {
            try file.append((isTorn ? [UInt8(ascii: "\n")] : []) + letter.line)
            try file.synchronize()
        } catch {
            file.truncate(to: size)
            throw error
        }
        if size == 0 { try LockedFile.synchronizeDirectory(of: path) }
    }

    private func makeDirectory() throws(Failure) {
        let directory = LockedFile.directory(of: path)
        guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
        throw Failure(path: directory, code: errno)
    }

    // MARK: Reading and taking out

    /// Reads the letters, the oldest first, one after the other; blocks.
    ///
    /// - Parameter body: gets each letter; returns whether to go on.
    /// - Returns: how many lines were no letters.
    @discardableResult
    public func read(_ body: (DeadLetter) throws -> Bool) throws -> Int {
        guard let file = try LockedFile.existing(path) else { return 0 }
        var damaged = 0
        var reader = LineReader()
        while let line = try reader.next(of: file) {
            guard let letter = line.withUnsafeBytes({ DeadLetter(line: $0) }) else {
                damaged += 1
                continue
            }
            guard try body(letter) else { break }
        }
        return damaged
    }

    /// Takes letters out; blocks. The other lines stay as they are, those that are no letters too.
    ///
    /// - Parameter ids: the letters.
    /// - Returns: those that were there.
    public func takeOut(_ ids: Set<String>) throws(Failure) -> Set<String> {
        guard let file = try LockedFile.existing(path) else { return [] }
        var removed: Set<String> = []
        let replacement = try Replacement(of: path, like: file)
        var reader = LineReader()
        while let line = try reader.next(of: file) {
            if let letter = line.withUnsafeBytes({ DeadLetter(line: $0) }), ids.contains(letter.id) {
                removed.insert(letter.id)
            } else {
                try replacement.append(line)
            }
        }
        if removed.isEmpty { return [] }
        try replacement.commit()
        return removed
    }
}
