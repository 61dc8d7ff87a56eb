import TestSupport
import Testing

@testable import Events

@Suite struct FingerprintTests {
    private func fingerprint(_ event: String) throws -> UInt64? { try batch(event)[0].fingerprint }

    private func event(_ data: String, routingKey: String = #""r""#) -> String {
        #"{"routing_key":\#(routingKey),"data":\#(data)}"#
    }

    @Test func isThereWheneverTheIDIsAndTellsEventsApart() throws {
        var ids: [UInt64: String] = [:]
        for (name, bytes) in try Recordings.events() {
            let view = try batch([bytes])[0]
            #expect((view.fingerprint == nil) == (view.eventID == nil), "\(name)")
            guard let fingerprint = view.fingerprint, let id = view.eventID else { continue }
            #expect(ids[fingerprint] ?? id == id, "\(name) shares its fingerprint with another event")
            ids[fingerprint] = id
        }
        #expect(ids.count > 20)
    }

    @Test func dependsOnIDAndRoutingKeyOnly() throws {
        let first = try #require(try fingerprint(event(#"{"a":1,"msg_id":"x","b":[]}"#)))
        #expect(try fingerprint(#"{ "data" : {"msg_id" : "x"} , "name":"n","routing_key":"r"}"#) == first)
        #expect(try fingerprint(event(#"{"msg_id":"y"}"#)) != first)
        #expect(try fingerprint(event(#"{"msg_id":"x"}"#, routingKey: #""s""#)) != first)
        #expect(try fingerprint(event(#"{"msg_id":"xr"}"#, routingKey: #""r""#)) != first)
        #expect(
            try fingerprint(event(#"{"msg_id":"xr"}"#, routingKey: #""s""#))
                != fingerprint(event(#"{"msg_id":"x"}"#, routingKey: #""rs""#)))
    }

    @Test(arguments: [
        #"{}"#, #"{"msg_id":""}"#, #"{"msg_id":7}"#, #"{"msg_id":null}"#, #"{"a":{"msg_id":"x"}}"#,
        #"[{"msg_id":"x"}]"#, #""msg_id""#, #"{"msg_ie":"x"}"#,
    ])
    func isMissingWithoutAnID(_ data: String) throws {
        #expect(try fingerprint(event(data)) == nil)
    }

    @Test func isMissingWithoutARoutingKey() throws {
        #expect(try fingerprint(#"{"data":{"msg_id":"x"}}"#) == nil)
        #expect(try fingerprint(event(#"{"msg_id":"x"}"#, routingKey: #""""#)) == nil)
        #expect(try fingerprint(#"{"msg_id":"x","routing_key":"r","data":{}}"#) == nil)
    }

    @Test func theFirstOfRepeatedKeysCounts() throws {
        let first = try fingerprint(event(#"{"msg_id":"x"}"#))
        #expect(try fingerprint(event(#"{"msg_id":"x","msg_id":"y"}"#)) == first)
        #expect(try fingerprint(#"{"routing_key":"r","data":{"msg_id":"x"},"data":{"msg_id":"y"}}"#) == first)
        #expect(try fingerprint(#"{"routing_key":"r","data":{},"data":{"msg_id":"y"}}"#) == nil)
    }

    @Test func staysWithItsLineWhenOthersAreTakenOut() throws {
        let events = (0..<6).map { event(#"{"msg_id":"\#($0)"}"#) }
        var all = try batch(events.map { Array($0.utf8) })
        let expected = all.map(\.fingerprint)
        all.discard([0, 2, 4])
        #expect(all.map(\.fingerprint) == [expected[1], expected[3], expected[5]])
        let first = all.firstSequence
        #expect(all.map(\.sequence) == [first, first + 1, first + 2], "numbers without holes")
        #expect(all.slice(1..<3).map(\.fingerprint) == [expected[3], expected[5]])
    }
}
