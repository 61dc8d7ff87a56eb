import Events
import Testing

@testable import Blackhole

@Suite struct ReplyTests {
    private func reply(_ text: String) throws -> Reply? {
        try Array(text.utf8).withUnsafeBytes { Reply($0, located: try JSONScanner.scan($0)) }
    }

    @Test func readsEveryRecordedReply() throws {
        var count = 0
        for exchange in try Transcript.names().flatMap({ try Transcript($0).exchanges }) {
            let reply = try #require(try reply(exchange.reply))
            #expect(reply.outcome == (exchange.isSuccess ? .success : .failure(exchange.errors)))
            count += 1
        }
        #expect(count > 500)
    }

    @Test(arguments: [
        (#"{"action":"reply","request_id":"a","status":"success","data":{}}"#, "a" as String?, Reply.Outcome.success),
        (#"{"status":"success","action":"reply"}"#, nil, .success),
        (
            #"{"action":"reply","request_id":5,"status":"error","data":{"errors":["x",1,"y"]}}"#, nil,
            .failure(["x", "y"])
        ),
        (#"{"action":"reply","request_id":"a","status":"error","data":[]}"#, "a", .failure([])),
        (#"{"action":"reply","request_id":"a"}"#, "a", .failure([])),
    ])
    func readsReplies(_ text: String, _ requestID: String?, _ outcome: Reply.Outcome) throws {
        let reply = try #require(try reply(text))
        #expect(reply.requestID == requestID)
        #expect(reply.outcome == outcome)
    }

    @Test(arguments: [#"{"action":"event"}"#, "{}", "[]", #"{"action":1}"#, #""reply""#])
    func readsRepliesOnly(_ text: String) throws {
        #expect(try reply(text) == nil)
    }

    // MARK: How Kazoo counts

    @Test func everyRecordedConfirmationTellsWhetherARepetitionCounts() throws {
        for name in try Transcript.names() {
            for exchange in try Transcript(name).exchanges where exchange.isSuccess && exchange.binding != nil {
                #expect(try tells(exchange.reply) == name.hasPrefix("v4/"), "\(name)")
            }
        }
    }

    @Test(arguments: ["{}", "[]", "5", "null", #"{"unsubscribed":[]}"#])
    func anythingElseTellsNothing(_ data: String) throws {
        #expect(try tells(#"{"action":"reply","status":"success","data":\#(data)}"#) == nil)
        #expect(try tells(#"{"action":"reply","status":"success"}"#) == nil)
    }

    private func tells(_ text: String) throws -> Bool? {
        try Array(text.utf8).withUnsafeBytes {
            Reply.tellsThatRepeatingCounts($0, located: try JSONScanner.scan($0))
        }
    }
}
