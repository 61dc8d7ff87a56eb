import Events
import Testing

@testable import Blackhole

@Suite struct BlackholeDialectTests {
    @Test func asksForOneUntilTheTokenIsKnownToBeGoodThenForTheRest() throws {
        var driver = try Driver(["call.*.*", "object.*.*", "fax.status.*"])
        try driver.open()
        #expect(driver.sent.map(\.binding) == ["call.*.*"])
        #expect(driver.sent[0]["auth_token"] == "TOKEN")
        try driver.succeed("s0")
        #expect(driver.sent.map(\.binding) == ["call.*.*", "object.*.*", "fax.status.*"])
        #expect(driver.sent.dropFirst().allSatisfy { $0["auth_token"] == nil })
        #expect(driver.readiness == 0)
        try driver.succeed("s2")
        try driver.succeed("s1")
        #expect(driver.readiness == 1)
        #expect(driver.failures.isEmpty)
        #expect(driver.dialect.deadline == nil)
        #expect(driver.dialect.subscriptions.allSatisfy { $0.state == .confirmed(verifiedAt: driver.now) })
    }

    @Test func withNothingToAskForItIsReadyAtOnce() throws {
        var driver = try Driver([])
        try driver.open()
        #expect(driver.readiness == 1)
        #expect(driver.sent.isEmpty)
    }

    @Test func asksForTheSameThingOnce() throws {
        var driver = try Driver(["call.*.*", "call.*.*"])
        try driver.open()
        try driver.succeed("s0")
        #expect(driver.sent.count == 1)
        #expect(driver.readiness == 1)
    }

    @Test func aRefusalDoesNotAuthenticate() throws {
        var driver = try Driver(["nosuch.*", "call.*.*", "object.*.*", "fax.status.*"])
        try driver.open()
        try driver.refuse("s0", "no available subscriptions to requested binding")
        #expect(driver.sent.map(\.binding) == ["nosuch.*", "call.*.*"])
        #expect(driver.sent[1]["auth_token"] == "TOKEN")
        try driver.succeed("s1")
        #expect(driver.sent.count == 4)
        try driver.succeed("s2")
        try driver.succeed("s3")
        #expect(driver.readiness == 1)
        let failure = try #require(driver.failures.first)
        #expect(driver.failures.count == 1)
        #expect(failure.code == .subscriptionRefused)
        #expect(failure.isPermanent)
        #expect(failure.subject == "nosuch.* for 009afc511c97b2ae693c6cc4920988e8")
    }

    @Test func aRefusedTokenCostsOneRequestAndEndsTheSession() throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open(token: "secret")
        try driver.refuse("s0", "failed to authenticate token secret")
        #expect(driver.sent.count == 1)
        #expect(driver.failures.map(\.code) == [.tokenRefused])
        #expect(driver.failures.allSatisfy { !$0.message.contains("secret") && !$0.isPermanent })
        #expect(driver.closes == [1000])
        #expect(driver.dialect.deadline == nil)
        #expect(try driver.wait(.seconds(100)).isEmpty)
        #expect(driver.readiness == 0)
    }

    @Test func matchesRepliesByRequestIDAlone() throws {
        var driver = try Driver(["presence.dialog.*"])
        try driver.open()
        try driver.receive(
            #"{"action":"reply","request_id":"s0","status":"success","data":{"subscribed":["dialog.*"]}}"#)
        #expect(driver.readiness == 1)
    }

    @Test(arguments: ["x0", "s1", "s2", "s-1", "s", "", "S0"])
    func anAnswerToNothingIsReported(_ requestID: String) throws {
        var driver = try Driver(["call.*.*", "object.*.*"])
        try driver.open()
        try driver.succeed(requestID)
        #expect(driver.failures.map(\.code) == [.unexpectedMessage])
        #expect(driver.readiness == 0)
    }

    // MARK: Events

    @Test func eventsPassThroughRaw() throws {
        var driver = try Driver([])
        try driver.open()
        let event = #"{"action":"event","name":"N","data":{"a":1}}"#
        try driver.receive(event)
        try driver.receive(#"{"name":"later","action" : "event"}"#)
        #expect(
            String(decoding: driver.batch.bytes, as: UTF8.self) == event + "\n"
                + #"{"name":"later","action" : "event"}"# + "\n")
        #expect(driver.batch.map(\.name) == ["N", "later"])
        #expect(driver.failures.isEmpty)
    }

    @Test func textsThatAreNotJSONBecomeInvalidLines() throws {
        var driver = try Driver([])
        try driver.open()
        for text in ["", "nope", #"{"action":"event""#, #"{"action":"event"} x"#] { try driver.receive(text) }
        #expect(driver.batch.lines.map(\.kind) == [.invalid, .invalid, .invalid, .invalid])
        #expect(driver.failures.isEmpty)
    }

    @Test(arguments: [
        "{}", "[]", "null", #"{"action":"noise","auth_token":"secret"}"#, #"{"action":"events"}"#, #"{"action":5}"#,
    ])
    func otherMessagesAreReportedWithoutTheirContent(_ text: String) throws {
        var driver = try Driver([])
        try driver.open()
        try driver.receive(text)
        #expect(driver.failures.map(\.code) == [.unexpectedMessage])
        #expect(driver.failures.allSatisfy { !$0.message.contains("secret") && !$0.isPermanent })
        #expect(driver.batch.isEmpty)
    }

    @Test func everyRecordedEventPassesThrough() throws {
        var driver = try Driver([])
        try driver.open()
        var expected = ""
        for name in try Transcript.names() {
            for message in try Transcript(name).messages where message.text.hasPrefix(#"{"action":"event""#) {
                try driver.receive(message.text)
                expected += message.text + "\n"
            }
        }
        #expect(driver.batch.count > 100)
        #expect(String(decoding: driver.batch.bytes, as: UTF8.self) == expected)
        #expect(driver.failures.isEmpty)
    }

    @Test func printingOrDumpingShowsNoToken() throws {
        var driver = try Driver(["call.*.*"])
        try driver.open(token: "secret")
        let command = Command(
            .subscribe, driver.dialect.subscriptions[0].subscription, requestID: "1", authToken: "secret")
        var dumped = ""
        dump(driver.dialect, to: &dumped)
        dump(command, to: &dumped)
        #expect(dumped.contains("authToken"))
        for shown in [dumped, "\(driver.dialect)", String(reflecting: driver.dialect), "\(command)"] {
            #expect(!shown.contains("secret"))
        }
        #expect(command.json.contains("secret"))
    }

    @Test func leavesQuietly() throws {
        var driver = try Driver(["call.*.*"])
        try driver.open()
        #expect(driver.dialect.closing(now: driver.now).isEmpty)
        #expect(driver.dialect.deadline == nil)
        try driver.succeed("s0")
        #expect(driver.readiness == 0)
    }
}
