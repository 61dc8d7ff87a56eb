import Foundation

/// The commented sample that is installed.
enum Sample {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../etc/kazoo-subscribe/config.yaml").standardizedFileURL.path

    static func text() throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// The line with its example, if it is one, made a setting.
    static func uncommented(_ line: Substring) -> Substring {
        guard let mark = line.firstRange(of: "#: ") else { return line }
        return line[..<mark.lowerBound] + line[mark.upperBound...]
    }
}
