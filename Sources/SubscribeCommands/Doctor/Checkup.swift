import Network

/// The steps of a check-up, how each one went, and what follows from that; without IO.
struct Checkup: Sendable {
    /// One step on the way to a server or a WebSocket.
    enum Step: String, Sendable {
        case dns, tcp, tls, login, token, upgrade, subscribe, ping

        /// The name that people read.
        var title: String {
            switch self {
            case .dns, .tcp, .tls: rawValue.uppercased()
            case .login, .token, .upgrade, .subscribe, .ping: rawValue
            }
        }
    }

    /// What is checked: Crossbar, or one of the WebSockets.
    struct Target: Hashable, Sendable {
        enum Role: Hashable, Sendable {
            /// Crossbar, where a login is made or a ready token is used.
            case server(logsIn: Bool)
            /// A WebSocket; `isGuess` where nobody named it and Kazoo's usual port is tried.
            case websocket(isGuess: Bool)
        }

        let url: ServerURL
        let role: Role

        /// The steps that belong to it, in order.
        var steps: [Step] {
            let transport: [Step] = url.scheme.isSecure ? [.dns, .tcp, .tls] : [.dns, .tcp]
            return switch role {
            case .server(let logsIn): transport + [logsIn ? .login : .token]
            case .websocket: transport + [.upgrade, .subscribe, .ping]
            }
        }

        var isWebSocket: Bool { if case .websocket = role { true } else { false } }
        var isGuess: Bool { role == .websocket(isGuess: true) }
    }

    /// How a step went.
    struct Result: Equatable, Sendable {
        enum Outcome: Equatable, Sendable {
            case done(Finding)
            /// It was not made, because that one failed.
            case skipped(because: Step)
        }

        let target: Target
        let step: Step
        /// How long the step took; `nil` when that is not known.
        let elapsed: Duration?
        let outcome: Outcome

        /// What was found out; `nil` when the step was skipped.
        var finding: Finding? {
            if case .done(let finding) = outcome { finding } else { nil }
        }

        /// The exit code that a failed step asks for.
        var failure: Int32? {
            if case .failure(let exitCode) = finding?.grade { exitCode } else { nil }
        }
    }

    /// The steps so far, in the order in which they were made.
    private(set) var results: [Result] = []

    /// Takes note of a step.
    ///
    /// - Returns: the step's result.
    mutating func record(_ step: Step, of target: Target, elapsed: Duration? = nil, _ finding: Finding) -> Result {
        add(Result(target: target, step: step, elapsed: elapsed, outcome: .done(finding)))
    }

    /// Takes note that a step cannot be made.
    mutating func skip(_ step: Step, of target: Target, because cause: Step) -> Result {
        add(Result(target: target, step: step, elapsed: nil, outcome: .skipped(because: cause)))
    }

    /// Takes note that no more steps of a target can be made, after one of them has failed.
    mutating func skipRest(of target: Target) -> [Result] {
        let made = results.filter { $0.target == target }
        guard let cause = made.last(where: { $0.failure != nil })?.step else { return [] }
        return target.steps.filter { step in !made.contains { $0.step == step } }.map {
            skip($0, of: target, because: cause)
        }
    }

    private mutating func add(_ result: Result) -> Result {
        precondition(
            result.target.steps.contains(result.step)
                && !results.contains { $0.target == result.target && $0.step == result.step },
            "each step of a target is made once")
        results.append(result)
        return result
    }
}
