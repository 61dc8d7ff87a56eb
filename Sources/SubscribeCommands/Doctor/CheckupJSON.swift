import Events
import Network
import Threads

/// Writes a check-up for programs: one object a line for each step, and one for the verdict.
enum CheckupJSON {
    static func line(for result: Checkup.Result) -> String {
        var members = [
            JSONValue.Member("url", .string(result.target.url.description)),
            JSONValue.Member("step", .string(result.step.rawValue)),
            JSONValue.Member("state", .string(state(of: result))),
        ]
        if let elapsed = result.elapsed { members.append(JSONValue.Member("milliseconds", milliseconds(elapsed))) }
        switch result.outcome {
        case .done(let finding):
            members.append(JSONValue.Member("detail", .string(finding.detail)))
            if let advice = finding.advice { members.append(JSONValue.Member("remedy", .string(advice))) }
            if !finding.facts.isEmpty { members.append(JSONValue.Member("facts", .object(finding.facts))) }
        case .skipped(let cause):
            members.append(JSONValue.Member("because", .string(cause.rawValue)))
        }
        return JSONValue.object(members).json
    }

    static func line(for verdict: Checkup.Verdict) -> String {
        let value: JSONValue = [
            "verdict": verdict.exitCode == 0 ? "ok" : "failed", "exit_code": .number(String(verdict.exitCode)),
            "message": .string(verdict.message),
        ]
        return value.json
    }

    private static func state(of result: Checkup.Result) -> String {
        switch result.finding?.grade {
        case .good: "ok"
        case .warning: "warning"
        case .failure: "failed"
        case nil: "skipped"
        }
    }

    /// Milliseconds with three decimals.
    private static func milliseconds(_ duration: Duration) -> JSONValue {
        let microseconds = duration.microseconds
        let decimals = String(microseconds % 1000)
        return .number("\(microseconds / 1000)." + String(repeating: "0", count: 3 - decimals.count) + decimals)
    }
}
