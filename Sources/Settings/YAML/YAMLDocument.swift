import CYAML

/// The tree of a config file, and what was wrong in it already.
///
/// Of YAML that is understood which a reader of the file understands at sight: mappings, lists and texts, in both styles.
/// Refused, each where it stands: anchors and aliases, tags, merge keys, keys that are not texts, a key that occurs twice,
/// a second document. So nothing can refer to something else and grow, and the size of the tree is that of the file.
public struct YAMLDocument: Sendable {
    /// The mapping, list or text that the file holds; `nil` when it cannot be told.
    public let root: YAMLNode?
    /// What is wrong in the text itself.
    public let problems: [Problem]

    /// How deep lists and mappings may stand in each other: whoever walks the tree recurses no further.
    public static let depthLimit = 32
    /// How large a file may be, in bytes.
    public static let sizeLimit = 1 << 20

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: the content of the file.
    ///   - file: its name, for messages.
    public init(_ text: [UInt8], file: String) {
        guard text.count <= Self.sizeLimit else {
            root = nil
            problems = [
                Problem(
                    "the file is larger than \(Self.sizeLimit >> 20) MiB; this is no config file",
                    at: .file(file, SourcePosition(line: 1, column: 1)))
            ]
            return
        }
        (root, problems) = text.withUnsafeBufferPointer { text in
            var builder = TreeBuilder(parser: YAMLParser(text, file: file))
            let root = builder.document()
            return (root, builder.problems)
        }
    }

    /// Reads a text.
    public init(_ text: String, file: String) {
        self.init(Array(text.utf8), file: file)
    }

    /// Creates the document of no file.
    init() {
        root = YAMLNode(.mapping([]), origin: .builtIn)
        problems = []
    }
}

/// Turns libyaml's events into a tree.
private struct TreeBuilder: ~Copyable {
    let parser: YAMLParser
    var problems: [Problem] = []

    init(parser: consuming YAMLParser) {
        self.parser = parser
    }

    /// The only document of the file; an empty one is an empty mapping at its beginning.
    mutating func document() -> YAMLNode? {
        do throws(Problem) {
            var root: YAMLNode?
            while true {
                let event = try parser.next()
                switch event.kind {
                case .documentStart where root != nil:
                    throw Problem("a config file is one document; a second one begins here", at: origin(event))
                case .documentStart:
                    root = try node(try parser.next(), depth: 0)
                    if root?.isEmpty == true { root = empty }
                case .streamEnd: return root ?? empty
                default: continue
                }
            }
        } catch {
            problems.append(error)
            return nil
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(Problem) -> YAMLNode {
        let origin = origin(event)
        guard depth < YAMLDocument.depthLimit else {
            throw Problem("this is nested deeper than \(YAMLDocument.depthLimit) levels", at: origin)
        }
        if let anchor = event.anchor {
            refuse("anchors (\(Quotation.of("&" + anchor))) are not supported", origin)
        }
        if let tag = event.tag {
            refuse("tags (\(Quotation.of(tag))) are not supported: each key knows its type", origin)
        }
        switch event.kind {
        case .alias(let name):
            let text = Quotation.of("*" + name)
            refuse("aliases (\(text)) are not supported; if the text \(text) is meant, write it in quotes", origin)
            return YAMLNode(.refused, origin: origin)
        case .scalar(let text, let isPlain):
            return YAMLNode(.scalar(text, isPlain: isPlain), origin: origin)
        case .sequenceStart:
            return YAMLNode(.sequence(try items(depth: depth + 1)), origin: origin)
        case .mappingStart:
            return YAMLNode(.mapping(try entries(depth: depth + 1)), origin: origin)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            preconditionFailure("libyaml gives a node where its grammar has one")
        }
    }

    private mutating func items(depth: Int) throws(Problem) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event, depth: depth))
        }
    }

    private mutating func entries(depth: Int) throws(Problem) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try parser.next()
            if case .mappingEnd = event.kind { return entries }
            let key = try node(event, depth: depth)
            let value = try node(try parser.next(), depth: depth)
            switch key.content {
            case .scalar("<<", isPlain: true):
                refuse("merge keys (<<) are not supported; write the keys out", key.origin)
            case .scalar(let name, _):
                if let first = lines[name] {
                    refuse("\(Quotation.of(name)) occurs twice; the first is in line \(first)", key.origin)
                } else {
                    lines[name] = key.origin.position?.line
                    entries.append(YAMLNode.Entry(name, origin: key.origin, value: value))
                }
            case .sequence, .mapping: refuse("a key is a text, not \(key.kind)", key.origin)
            case .refused: continue
            }
        }
    }

    private var empty: YAMLNode { YAMLNode(.mapping([]), origin: parser.beginning) }

    private func origin(_ event: YAMLEvent) -> Origin { parser.origin(event.mark) }

    private mutating func refuse(_ message: String, _ origin: Origin) {
        problems.append(Problem(message, at: origin))
    }
}
