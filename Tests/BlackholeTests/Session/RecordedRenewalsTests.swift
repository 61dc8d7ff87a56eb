import Events
import Testing

@testable import Blackhole

/// Renewals, answered with what real Kazoo has answered to repeated subscribes and to unsubscribes.
@Suite struct RecordedRenewalsTests {
    /// The recorded reply to a request, with the id of one of the dialect's.
    private func reply(to recorded: String, in transcript: String, as id: String) throws -> String {
        let message = try #require(
            try Transcript(transcript).messages.first { $0.isFromServer && $0.value?.id == recorded })
        let members = try #require(message.value?.members).map { member in
            JSONValue.Member(member.key, member.key == "request_id" ? .string(id) : member.value)
        }
        return JSONValue.object(members).json
    }

    /// The second subscribe to `call.CHANNEL_CREATE.*` was answered with all so far in 4.x, with nothing new in 5.
    @Test(arguments: [("v4/unsub", true), ("v5/unsub", false)])
    func aRepeatedSubscribeIsConfirmed(_ transcript: String, _ isRenewedByRepeating: Bool) throws {
        var driver = try Driver(["call.*.*", "call.CHANNEL_CREATE.*"])
        try driver.open()
        try driver.receive(try reply(to: "s1", in: transcript, as: "s0"))
        try driver.receive(try reply(to: "s2", in: transcript, as: "s1"))
        #expect(driver.readiness == 1)
        #expect(driver.dialect.isRenewedByRepeating == isRenewedByRepeating)
        try driver.wait(.seconds(1))
        try driver.renew(.repeating)
        try driver.receive(try reply(to: "s3", in: transcript, as: "s1"))
        #expect(driver.confirmed(since: driver.now) == ["call.CHANNEL_CREATE.*"])
        try driver.receive(try reply(to: "s3", in: transcript, as: "s0"))
        #expect(driver.readiness == 2)
        #expect(driver.failures.isEmpty)
    }

    /// Of what the session had and of what it had not, of its own account and of another: Kazoo says yes to all of them,
    /// and to none without a binding.
    @Test func everyRecordedAnswerToAnUnsubscribeIsLeftToItsSubscribe() throws {
        var successes = 0
        var errors = 0
        for name in try Transcript.names() where name.hasPrefix("v5/") {
            let messages = try Transcript(name).messages
            let ids = messages.filter { !$0.isFromServer && $0.value?.action == "unsubscribe" }.compactMap(\.value?.id)
            for id in ids where messages.contains(where: { $0.isFromServer && $0.value?.id == id }) {
                var driver = try Driver(["fax.object.*"])
                try driver.open()
                try driver.receive(try reply(to: "s1", in: "v5/modb", as: "s0"))
                #expect(try driver.renew(.recounting).map(\.id) == ["su0", "s0"])
                let answer = try reply(to: id, in: name, as: "su0")
                if try JSONValue(parsing: answer)["status"] == "success" { successes += 1 } else { errors += 1 }
                #expect(try driver.receive(answer).isEmpty)
                #expect(driver.readiness == 1)
                try driver.receive(try reply(to: "s1", in: "v5/modb", as: "s0"))
                #expect(driver.readiness == 2)
                #expect(driver.failures.isEmpty)
            }
        }
        #expect(successes >= 4)
        #expect(errors >= 1)
    }
}
