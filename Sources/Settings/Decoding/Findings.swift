/// What has been found while settings are read.
struct Findings {
    /// How many problems are kept: nobody reads more at once, and a file can be made of nothing else.
    static let limit = 200

    /// What is wrong, as far as it is kept.
    private(set) var problems: [Problem]
    /// How many problems more there are.
    private(set) var unkept = 0
    /// What can be used all the same.
    private(set) var warnings: [Problem] = []
    /// Where secrets stand among the settings themselves.
    private(set) var secrets: [Origin] = []

    private let judge: Judge

    /// Creates findings.
    ///
    /// - Parameters:
    ///   - problems: those that are known already.
    ///   - judge: knows the texts of other modules.
    init(_ problems: [Problem] = [], judge: @escaping Judge) {
        self.problems = Array(problems.prefix(Self.limit))
        unkept = problems.count - self.problems.count
        self.judge = judge
    }

    /// Adds something that is wrong.
    mutating func report(_ problem: Problem) {
        guard problems.count < Self.limit else { return unkept += 1 }
        problems.append(problem)
    }

    /// Adds something that somebody should look at.
    mutating func warn(_ warning: Problem) {
        warnings.append(warning)
    }

    /// Remembers that a secret stands here.
    mutating func noteSecret(at origin: Origin) {
        secrets.append(origin)
    }

    /// Asks whether a text is what its kind wants.
    ///
    /// - Throws: why it cannot be used.
    mutating func judge(_ text: String, _ kind: TextKind, at origin: Origin) throws(Mismatch) {
        switch judge(text, kind) {
        case .good: return
        case .doubtful(let message): warn(Problem(message, at: origin))
        case .wrong(let mismatch): throw mismatch
        }
    }
}
