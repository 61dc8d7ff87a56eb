import Testing

@testable import Events

@Suite struct EventMatchTests {
    private static let event = """
        {"action":"event","name":"CHANNEL_CREATE","data":{"type":"user","n":-1.50,"ok":true,"none":null,"quote":"a\\"b",
        "umlaut":"J\\u00f6rg","path":"c:\\\\dir","star":"a*b","empty":"","list":[1, 2],"nested":{"type":"inner"}}}
        """

    @Test(arguments: [
        "name=CHANNEL_CREATE", "name=CHANNEL_*", "name=*CREATE", "name=*NEL*CRE*", "name=*", "name=**", "name=CH*L_*E",
        "data.type=user", "data.n=-1.50", "data.n=-1.*", "data.ok=true", "data.none=null", #"data.quote=a"b"#,
        "data.umlaut=Jörg", "data.umlaut=J*rg", #"data.path=c:\\dir"#, #"data.path=c:\dir"#, #"data.star=a\*b"#,
        "data.star=a*b", "data.empty=", "data.empty=*", "data.list.1=2", "data.list=*", "data.nested.type=inner",
        "action=event",
    ])
    func matches(_ condition: String) throws {
        #expect(try EventMatch(condition).matches(batch(Self.event)[0]))
    }

    @Test(arguments: [
        "name=CHANNEL", "name=channel_create", "name=CHANNEL_CREATE ", "name=*CREATES", "name=CHANNEL_CREATE*E",
        "data.type=users", "data.type=", "data.n=-1.5", "data.ok=false", "data.ok=\"true\"", "data.none=",
        "data.missing=*", "data.missing=", "missing=null", #"data.star=a\*"#, #"data.umlaut=J\u00f6rg"#, "data.quote=a",
        "data.list=1", "data.nested=inner", "data.type.x=*",
    ])
    func doesNotMatch(_ condition: String) throws {
        #expect(try !EventMatch(condition).matches(batch(Self.event)[0]))
    }

    @Test func anOverlapOfBothEndsIsNoMatch() throws {
        let event = try batch(#"{"name":"aba"}"#)[0]
        #expect(try !EventMatch("name=ab*ba").matches(event))
        #expect(try EventMatch("name=a*a").matches(event))
        #expect(try EventMatch("name=aba*").matches(event))
    }

    @Test func theValueMayContainEqualsSigns() throws {
        #expect(try EventMatch("data.x=a=b").matches(batch(#"{"data":{"x":"a=b"}}"#)[0]))
    }

    @Test func severalConditionsMustAllBeMet() throws {
        let event = try batch(Self.event)[0]
        #expect(try [EventMatch("data.type=user"), EventMatch("data.ok=true")].allMatch(event))
        #expect(try ![EventMatch("data.type=user"), EventMatch("data.ok=false")].allMatch(event))
        #expect([EventMatch]().allMatch(event))
    }

    @Test func aBatchKeepsWhatMatches() throws {
        var batch = try batch(#"{"name":"A"}"#, #"{"name":"B"}"#, #"{"name":"A","data":{}}"#)
        batch.keep(matching: [try EventMatch("name=A")])
        let kept = batch.map { String(decoding: $0.json, as: UTF8.self) }
        #expect(kept == [#"{"name":"A"}"#, #"{"name":"A","data":{}}"#])
        batch.keep(matching: [])
        #expect(batch.count == 2)
    }

    @Test(arguments: [
        ("data.type", "has no =; write PATH=VALUE"), ("=user", "is no path"), ("data..type=x", "is no path"),
        (".data=x", "is no path"),
    ])
    func saysWhatToDo(_ condition: String, _ message: String) {
        #expect { try EventMatch(condition) } throws: { "\($0)".contains(message) }
    }
}

extension EventMatch {
    fileprivate func matches(_ event: EventView) -> Bool {
        event.batch.bytes.withUnsafeBytes { matches(event.line, in: $0) }
    }
}

extension Sequence<EventMatch> {
    fileprivate func allMatch(_ event: EventView) -> Bool {
        event.batch.bytes.withUnsafeBytes { allMatch(event.line, in: $0) }
    }
}
