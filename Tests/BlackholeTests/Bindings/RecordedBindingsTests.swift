import Events
import Testing

@testable import Blackhole

/// The grammar against what real Kazoo has answered.
@Suite struct RecordedBindingsTests {
    /// Bindings that Kazoo confirms and that never bring an event, or bring what nobody asked for.
    private static let falseSuccesses = ["call.CHANNEL_CREATE.", "fax.object.nonsense", "*.*.*"]

    private func exchanges() throws -> [Transcript.Exchange] {
        try Transcript.names().flatMap { try Transcript($0).exchanges }
    }

    @Test func acceptsEveryBindingThatKazooAccepts() throws {
        let bindings = Set(try exchanges().filter(\.isSuccess).compactMap(\.binding?.string))
        #expect(bindings.count > 25)
        for binding in bindings.subtracting(Self.falseSuccesses) {
            #expect(throws: Never.self) { try Binding(binding) }
        }
        for binding in Self.falseSuccesses {
            #expect(throws: BindingError.self) { try Binding(binding) }
        }
    }

    @Test func refusesEveryBindingThatKazooRefusesForItsForm() throws {
        let refusals = try exchanges().filter { exchange in
            !exchange.isSuccess
                && exchange.errors.contains { error in
                    ["invalid format", "event ", "ConferenceId", "empty subscription"].contains { error.hasPrefix($0) }
                }
        }
        let bindings = Set(refusals.compactMap(\.binding?.string))
        #expect(bindings.count > 20)
        for binding in bindings {
            #expect { try Binding(binding) } throws: { !"\($0)".isEmpty }
        }
    }

    /// What is left are families of modules that the recorded server had not loaded.
    @Test func leavesToTheServerOnlyFamiliesOfOtherModules() throws {
        let refused = try exchanges().filter { $0.errors == ["no available subscriptions to requested binding"] }
        let passed = Set(refused.compactMap(\.binding?.string)).filter { (try? Binding($0)) != nil }
        #expect(passed == ["nosuch.*.*", "qubicle.queue.*.*", "call.CHANNEL_CREATE.*", "object.*.*"])
        let accounts = refused.filter { $0.binding == "object.*.*" || $0.binding == "call.CHANNEL_CREATE.*" }
            .map { $0.account?.string ?? "" }
        for account in accounts {
            #expect(throws: BindingError.self) {
                try Subscription(account: AccountID(account), binding: Binding("object.*.*"))
            }
        }
    }

    @Test func accountsThatKazooConfirmsAndNeverServesAreRefused() throws {
        for account in [
            "", "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8", "account/00/9a/fc511c97b2ae693c6cc4920988e8",
        ] {
            #expect(throws: BindingError.self) { try AccountID(account) }
        }
        let confirmed = try exchanges().filter(\.isSuccess).compactMap(\.account?.string)
        #expect(confirmed.contains { (try? AccountID($0)) == nil }, "the recordings hold such accounts")
    }
}
