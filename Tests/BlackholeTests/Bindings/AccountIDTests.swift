import Testing

@testable import Blackhole

@Suite struct AccountIDTests {
    private static let id = "009afc511c97b2ae693c6cc4920988e8"

    @Test(arguments: [id, "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "*"])
    func keepsWhatIsRight(_ text: String) throws {
        #expect(try AccountID(text).description == text)
        #expect(try AccountID(text).isWildcard == (text == "*"))
    }

    @Test(arguments: [
        "009AFC511C97B2AE693C6CC4920988E8", "009afc51-1c97-b2ae-693c-6cc4920988e8",
        "account/00/9a/fc511c97b2ae693c6cc4920988e8", "account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8",
        "account%2f00%2f9a%2ffc511c97b2ae693c6cc4920988e8-202611", "account/00/9a/fc511c97b2ae693c6cc4920988e8-202611",
        " 009afc511c97b2ae693c6cc4920988e8",
    ])
    func suggestsTheIDThatIsMeant(_ text: String) {
        #expect { try AccountID(text) } throws: { error in
            let error = error as? BindingError
            return error?.suggestion == Self.id && error?.message.contains("did you mean \(Self.id)?") == true
        }
    }

    @Test(arguments: [
        "", "abc", "master", "acme.sip.example.com", "009afc511c97b2ae693c6cc4920988e", "#", "**", "a\u{1B}b",
    ])
    func saysWhatAnIDIs(_ text: String) {
        #expect { try AccountID(text) } throws: { error in
            let error = error as? BindingError
            return error?.code == .invalidAccount && error?.suggestion == nil
                && error?.message.contains("32 hexadecimal digits") == true
                && error?.message.contains("\u{1B}") == false
        }
    }

    @Test func allAccountsAreForCallsOnly() throws {
        _ = try Subscription(account: .all, binding: Binding("call.*.*"))
        for binding in ["object.*.*", "fax.status.*", "qubicle.x"] {
            #expect { try Subscription(account: .all, binding: Binding(binding)) } throws: {
                "\($0)".contains("call bindings only")
            }
        }
    }
}
