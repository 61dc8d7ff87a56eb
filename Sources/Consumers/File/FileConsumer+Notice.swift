extension FileConsumer {
    /// What happened to files, for whoever reports it.
    public enum Notice: Equatable, Sendable, CustomStringConvertible {
        /// The last line lacked only its newline, and has it now.
        case completed(path: String)
        /// The last line was torn; what there was of it stands in another file now.
        case cut(path: String, bytes: Int, into: String)
        /// Somebody has moved, replaced or deleted the file; the path is opened anew.
        case replaced(path: String)
        /// The file is full or its time is over, and it has another name now.
        case rotated(path: String, to: String)
        /// The file cannot get another name, and is written on.
        case rotationFailed(path: String, String)
        /// The file does not belong to whom it should.
        case ownerNotSet(path: String, String)
        /// An old file could not be compressed or removed, and stays as it is.
        case oldFileKept(path: String, String)

        /// The notice in one line.
        public var description: String {
            switch self {
            case .completed(let path): "\(path): the last line was whole but for its newline, which is added"
            case .cut(let path, let bytes, let torn):
                "\(path): the last line was torn; its \(bytes) bytes are moved to \(torn)"
            case .replaced(let path): "\(path): it was moved or deleted, and is opened anew"
            case .rotated(let path, let old): "\(path): it is \(old) now, and a new file is begun"
            case .rotationFailed(let path, let reason): "\(path): no new file can be begun, it grows on: \(reason)"
            case .ownerNotSet(let path, let reason): "\(path): its owner cannot be set: \(reason)"
            case .oldFileKept(let path, let reason): "\(path): it stays as it is: \(reason)"
            }
        }
    }
}
