import ArgumentParser
import Events
import Subscriber

/// What one step of a check-up found out.
struct Finding: Equatable, Sendable {
    /// How good or bad it is.
    enum Grade: Equatable, Sendable {
        case good
        /// It works, and there is something to know.
        case warning
        /// It does not work; the program ends with this exit code.
        case failure(exitCode: Int32)
    }

    var grade: Grade
    /// What was found, in few words.
    var detail: String
    /// What to do about it; `nil` where there is nothing to do.
    var advice: String?
    /// The same for programs, by name.
    var facts: [JSONValue.Member] = []

    /// It works.
    static func good(_ detail: String, facts: [JSONValue.Member] = []) -> Finding {
        Finding(grade: .good, detail: detail, facts: facts)
    }

    /// It does not work, for a reason that decides about the exit code.
    static func failure(
        _ kind: SessionFailure.Kind, _ detail: String, advice: String?, facts: [JSONValue.Member] = []
    ) -> Finding {
        let exitCode = ExitCode(SessionFailure(kind, detail)).rawValue
        return Finding(grade: .failure(exitCode: exitCode), detail: detail, advice: advice, facts: facts)
    }

    /// The same with something to know about it; a second warning is added to the first.
    func warning(_ advice: String) -> Finding {
        var copy = self
        if grade == .good { copy.grade = .warning }
        copy.advice = [self.advice, advice].compactMap(\.self).joined(separator: "; ")
        return copy
    }

    /// The same with a fact more, where the value is known.
    func fact(_ name: String, _ value: JSONValue?) -> Finding {
        guard let value else { return self }
        var copy = self
        copy.facts.append(JSONValue.Member(name, value))
        return copy
    }
}
