import Events

/// Owns the file, on a thread of its own.
actor FileWriter {
    /// How far a batch got whose delivery failed: it comes again, and must not be doubled.
    private struct Progress {
        var firstSequence: UInt64?
        var size: Int
        /// How many bytes of what is to be written are in a file already.
        var written = 0

        init(_ batch: EventBatch) {
            firstSequence = batch.first?.sequence
            size = batch.bytes.count
        }

        func isOf(_ batch: EventBatch) -> Bool {
            firstSequence == batch.first?.sequence && size == batch.bytes.count
        }
    }

    private let thread = WriterThread(name: "file")
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let formatter: EventFormatter?
    private let oldFiles: OldFilesKeeper
    private var file: RotatingFile
    private var progress: Progress?

    init(
        _ settings: FileConsumer.Settings, calendar: @escaping @Sendable () -> Timestamp,
        notify: @escaping @Sendable (FileConsumer.Notice) -> Void
    ) {
        // A batch is Kazoo's own JSON already.
        formatter = settings.output == .raw ? nil : EventFormatter(settings.output, host: settings.host)
        oldFiles = OldFilesKeeper(
            pattern: PathPattern(settings.path), rotation: settings.rotation, notify: notify)
        file = RotatingFile(settings, calendar: calendar, oldFiles: oldFiles, notify: notify)
    }

    deinit { thread.stop() }

    func append(_ batch: EventBatch) throws(ConsumerFailure) {
        if progress?.isOf(batch) != true { progress = Progress(batch) }
        var formatted: [UInt8] = []
        formatter?.append(batch, to: &formatted)
        let bytes = formatter == nil ? batch.bytes : formatted
        var written = progress?.written ?? 0
        defer { progress?.written = written }
        try file.append(bytes.span.bytes, from: &written)
        progress = nil
    }

    func tick() throws(ConsumerFailure) { try file.tick() }

    func reopen() throws(ConsumerFailure) { try file.reopen() }

    func close() async throws(ConsumerFailure) {
        await oldFiles.stop()
        try file.close()
    }
}
