import Secrets
import Testing

@Suite("Text from a server")
struct ServerTextTests {
    @Test("ordinary words stay as they are")
    func ordinary() {
        #expect(
            ServerText.clean("invalid format for call subscription : a, b")
                == "invalid format for call subscription : a, b")
        #expect(ServerText.clean("größer als 日本, 🎉") == "größer als 日本, 🎉")
        #expect(ServerText.clean("") == "")
    }

    @Test("line breaks and runs of white space become one space; control characters cannot reach a terminal")
    func controls() {
        #expect(ServerText.clean(" a\r\n\tb  c ") == "a b c")
        #expect(ServerText.clean("\u{1b}[31mred\u{7}\u{0}") == "\u{FFFD}[31mred\u{FFFD}\u{FFFD}")
        #expect(ServerText.clean("a\u{202E}b\u{2028}c") == "a\u{FFFD}b c")
    }

    @Test("known secrets are redacted wherever they stand")
    func known() {
        let text = ServerText.clean("token hunter2 and hunter2hunter2", without: [Secret("hunter2"), Secret("")])
        #expect(text == "token <redacted> and <redacted><redacted>")
    }

    @Test("what looks like a token is redacted, in words and in JSON")
    func unknown() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrYXpvbyJ9.SSSSSSSSSSSS"
        #expect(ServerText.clean("failed to authenticate token \(token)") == "failed to authenticate token <redacted>")
        #expect(ServerText.clean(#"{"auth_token":"\#(token)","a":1}"#) == #"{"auth_token":"<redacted>","a":1}"#)
        let key = String(repeating: "0123456789abcdef", count: 4)
        #expect(ServerText.clean(#"["\#(key)"]"#) == #"["<redacted>"]"#)
        #expect(ServerText.clean(String(key.dropLast())) == String(key.dropLast()), "an account id is no secret")
    }

    @Test("a long text is cut, and a huge one costs no more than a long one")
    func long() {
        #expect(ServerText.clean(String(repeating: "ab ", count: 100), limit: 10) == "ab ab ab a…")
        #expect(ServerText.clean(String(repeating: "x y ", count: 1_000_000)).count == 201)
    }
}
