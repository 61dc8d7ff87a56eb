import Events
import Glibc

/// The file that is written now, and when the next one is begun. Blocks: belongs to the thread of ``FileWriter``.
struct RotatingFile: ~Copyable {
    /// How long it takes until a rotation that failed is tried again.
    private static let rotationPause: Duration = .seconds(60)

    private let settings: FileConsumer.Settings
    private let pattern: PathPattern
    private let calendar: @Sendable () -> Timestamp
    private let oldFiles: OldFilesKeeper
    private let notify: @Sendable (FileConsumer.Notice) -> Void

    private var file: OpenFile?
    /// The period in which the file was begun, where files are begun by time.
    private var period: Int?
    /// Until when the file just grows, because it could not get another name.
    private var growsUntil: Timestamp?

    init(
        _ settings: FileConsumer.Settings, calendar: @escaping @Sendable () -> Timestamp, oldFiles: OldFilesKeeper,
        notify: @escaping @Sendable (FileConsumer.Notice) -> Void
    ) {
        self.settings = settings
        self.calendar = calendar
        self.oldFiles = oldFiles
        self.notify = notify
        pattern = PathPattern(settings.path)
    }

    /// Appends whole lines, to as many files as it takes.
    ///
    /// - Parameters:
    ///   - lines: the lines, each with its newline.
    ///   - written: how many bytes of them are in a file already; advanced with every part that is, so that an attempt
    ///     which fails half-way goes on there the next time.
    mutating func append(_ lines: RawSpan, from written: inout Int) throws(ConsumerFailure) {
        while written < lines.byteCount {
            try prepare()
            let rest = lines.extracting(droppingFirst: written)
            let part = try partThatFits(rest)
            guard part > 0 else {
                try rotate()
                continue
            }
            try file?.append(rest.extracting(first: part), synchronously: settings.synchronization == .always)
            written += part
        }
    }

    /// Does what is due although nothing is written.
    mutating func tick() throws(ConsumerFailure) {
        try prepare()
        if settings.synchronization == .interval { try file?.synchronize() }
    }

    /// Opens the path anew.
    mutating func reopen() throws(ConsumerFailure) {
        try close()
        try prepare()
    }

    /// Makes what was written reach the disk, and closes the file.
    mutating func close() throws(ConsumerFailure) {
        if settings.synchronization != .never { try file?.synchronize() }
        file = nil
    }

    // MARK: Which file

    /// Sees to it that the file which is to be written now is open.
    private mutating func prepare() throws(ConsumerFailure) {
        let now = calendar()
        let path = try pattern.path(at: now)
        if let old = file?.path, old != path { try close() }
        if let isThere = try file?.isAtItsPath(), !isThere {
            notify(.replaced(path: path))
            try close()
        }
        if file == nil { try open(path, now: now) }
        guard let interval else { return }
        let current = LocalTime(now).period(of: interval)
        if period != current {
            if try file?.status().st_size ?? 0 > 0 { try rotate() } else { period = current }
        }
    }

    private mutating func open(_ path: String, now: Timestamp) throws(ConsumerFailure) {
        // Told before there is such a file, so that it is never taken for an old one.
        oldFiles.use(path)
        try Directory.create(for: path, after: pattern.fixedComponents, mode: mode_t(settings.mode))
        let opened = try OpenFile.open(path, settings: settings, notify: notify)
        if let interval {
            let status = try opened.status()
            let written = Timestamp(unixSeconds: status.st_mtim.tv_sec)
            period = LocalTime(status.st_size > 0 ? written : now).period(of: interval)
        }
        file = consume opened
        oldFiles.sweep()
    }

    /// In seconds.
    private var interval: Int? { settings.rotation.interval.map { max(1, Int($0.components.seconds)) } }

    /// How many bytes of the lines, up to a newline, fit into the file; 0 when it is full.
    private func partThatFits(_ lines: RawSpan) throws(ConsumerFailure) -> Int {
        guard let limit = settings.rotation.size, !isGrowing else { return lines.byteCount }
        let size = Int(try file?.status().st_size ?? 0)
        guard size + lines.byteCount > limit else { return lines.byteCount }
        return lines.withUnsafeBytes { bytes in
            let newline = UInt8(ascii: "\n")
            if let last = bytes.prefix(max(0, limit - size)).lastIndex(of: newline) { return last + 1 }
            guard size == 0 else { return 0 }
            return bytes.firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
        }
    }

    private var isGrowing: Bool { growsUntil.map { calendar() < $0 } ?? false }

    // MARK: The next file

    /// Gives the file another name and begins a new one. Where the directory does not allow that, the file grows on.
    private mutating func rotate() throws(ConsumerFailure) {
        guard !isGrowing, let path = file?.path else { return }
        if settings.synchronization != .never { try file?.synchronize() }
        let now = calendar()
        let old = PathPattern.freeName(for: path, at: now)
        guard rename(path, old) == 0 else {
            notify(.rotationFailed(path: path, String(cString: strerror(errno))))
            growsUntil = now + Self.rotationPause
            return
        }
        growsUntil = nil
        file = nil
        notify(.rotated(path: path, to: old))
        if settings.synchronization != .never { try Directory.synchronize(path.directory) }
        try open(path, now: now)
    }
}
