import Blackhole
import Events
import Subscriber

/// Some consumers.
struct Scenario {
    var name: String
    var routes: [Route]

    static func all() throws -> [Scenario] {
        let everything = Route { _ in }
        func thousand(_ binding: (Int) -> String) throws -> [Route] {
            try (0..<1000).map { number in Route(bindings: [try Binding(binding(number))]) { _ in } }
        }
        func ofOtherAccounts(_ bindings: [String] = [], count: Int) throws -> [Route] {
            try (0..<count).map { number in
                let match = try EventMatch("data.account_id=" + Sample.otherAccount(number))
                return Route(bindings: try bindings.map { try Binding($0) }, matches: [match]) { _ in }
            }
        }
        return [
            Scenario(name: "1 consumer that takes all", routes: [everything]),
            Scenario(
                name: "and 1 whose binding does not match",
                routes: try [everything, Route(bindings: [Binding("fax.status.*")]) { _ in }]),
            Scenario(
                name: "and 1,000 whose bindings do not match, of other families",
                routes: try [everything] + thousand { "presence.dialog.id\($0)" }),
            Scenario(
                name: "and 1,000 whose bindings do not match, by the last word only",
                routes: try [everything] + thousand { "call.*.id\($0)" } + thousand { "fax.status.id\($0)" }),
            Scenario(
                name: "and 1,000 of a family whose routing keys are not known",
                routes: try [everything] + thousand { "qubicle.queue.id\($0)" }),
            Scenario(
                name: "and 1 that takes half of them by its binding",
                routes: try [
                    everything,
                    Route(bindings: ["call.CHANNEL_CREATE.*", "object.doc_created.user"].map { try Binding($0) }) { _ in
                    },
                ]),
            Scenario(
                name: "and 1 with `match` on a value that differs",
                routes: try [everything] + ofOtherAccounts(count: 1)),
            Scenario(
                name: "and 1,000 with `match`, each on another value",
                routes: try [everything] + ofOtherAccounts(count: 1000)),
            Scenario(
                name: "and 1,000 with bindings that do not match, and `match`",
                routes: try [everything] + ofOtherAccounts(["fax.status.*"], count: 1000)),
        ]
    }
}
