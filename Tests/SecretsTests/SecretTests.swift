import Secrets
import Testing

@Suite struct SecretTests {
    private struct Holder {
        var name = "x"
        var secret = Secret("hunter2")
        var optional: Secret? = Secret("hunter2")
        var nested = [["k": Secret("hunter2")]]
    }

    @Test func neverShows() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        let texts = [
            "\(secret)", secret.description, secret.debugDescription, String(describing: secret),
            String(reflecting: secret), "\(Holder())", String(reflecting: Holder()), "\(Optional(secret) as Any)",
            dumped,
        ]
        for text in texts {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("<redacted>"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func revealsOnlyWhenAsked() {
        #expect(Secret("hunter2").reveal() == "hunter2")
        #expect(Secret("").isEmpty)
        #expect(!Secret(" ").isEmpty)
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }

    @Test(arguments: [
        ("failed to authenticate token TOK", "failed to authenticate token <redacted>"),
        ("TOK", "<redacted>"),
        ("TOKTOK and TOK", "<redacted><redacted> and <redacted>"),
        ("nothing here", "nothing here"),
        ("TO", "TO"),
        ("", ""),
    ])
    func redacts(_ message: String, _ expected: String) {
        #expect(Secret("TOK").redacted(from: message) == expected)
    }

    @Test func emptySecretRedactsNothing() {
        #expect(Secret("").redacted(from: "message") == "message")
    }
}
