import Events
import TestSupport
import Testing

@testable import Blackhole

/// The dialect against what Kazoo counts, with replies lost and messages refused at random.
@Suite struct CountingTests {
    private static let bindings = (0..<12).map { "fax.status.id-\($0)" }

    /// Answers everything that is sent, with faults, until nothing is in flight and nothing is due.
    private func converse(
        _ driver: inout Driver, _ kazoo: inout CountingKazoo, from start: Int, faults: Double,
        _ generator: inout SeededGenerator, check: (CountingKazoo) -> Void
    ) throws {
        var answered = start
        while driver.dialect.deadline != nil {
            while answered < driver.sent.count {
                let command = driver.sent[answered]
                answered += 1
                let fate = Double.random(in: 0..<1, using: &generator)
                if fate < faults / 2 {
                    try driver.refuse(command.id, "rate limiting threshold hit for 127.0.0.1:1!")
                    continue
                }
                let data = kazoo.perform(command)
                check(kazoo)
                // Kazoo 5 leaves out replies where too many messages wait; what was asked is done all the same.
                if fate < faults { continue }
                let id = JSONValue.string(command.id).json
                try driver.receive(
                    #"{"action":"reply","request_id":\#(id),"status":"success","data":\#(data.json)}"#)
            }
            guard let deadline = driver.dialect.deadline else { break }
            try driver.wait(max(.zero, driver.now.duration(to: deadline)))
        }
    }

    @Test(arguments: 0..<40)
    func recountingTakesNothingFromStrangersAndHealsARestart(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var kazoo = CountingKazoo(.v5, bindings: Self.bindings, strangers: 1)
        var driver = try Driver(Self.bindings, release: .v5)
        try driver.open()
        try converse(&driver, &kazoo, from: 0, faults: 0.3, &generator) { _ in }
        #expect(Set(kazoo.counts.values) == [2])
        for round in 2...4 {
            let start = driver.sent.count
            try driver.renew(.recounting)
            try converse(&driver, &kazoo, from: start, faults: 0.3, &generator) { kazoo in
                #expect(Self.bindings.allSatisfy { kazoo.counts[$0, default: 0] >= 1 }, "it is the stranger's as well")
            }
            #expect(driver.readiness == round)
            #expect(Set(kazoo.counts.values) == [2])
        }
        kazoo.restart()
        let start = driver.sent.count
        try driver.renew(.recounting)
        try converse(&driver, &kazoo, from: start, faults: 0.3, &generator) { _ in }
        #expect(driver.readiness == 5)
        #expect(Self.bindings.allSatisfy { kazoo.counts[$0] == 1 })
        #expect(driver.dialect.confirmedCount == Self.bindings.count)
    }

    @Test(arguments: 0..<10)
    func repeatingHealsARestartOfKazoo4(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var kazoo = CountingKazoo(.v4, bindings: Self.bindings, strangers: 1)
        var driver = try Driver(Self.bindings, release: .v4)
        try driver.open()
        try converse(&driver, &kazoo, from: 0, faults: 0.3, &generator) { _ in }
        kazoo.restart()
        for renewal in [Renewal.repeating, .recounting] {
            let start = driver.sent.count
            try driver.renew(renewal)
            try converse(&driver, &kazoo, from: start, faults: 0.3, &generator) { _ in }
            #expect(Self.bindings.allSatisfy { kazoo.counts[$0, default: 0] >= 1 })
        }
        #expect(driver.sent.allSatisfy { $0.action == "subscribe" })
        #expect(driver.readiness == 3)
    }

    /// What makes recounting necessary.
    @Test func repeatingDoesNotHealARestartOfKazoo5() throws {
        var generator = SeededGenerator(seed: 1)
        var kazoo = CountingKazoo(.v5, bindings: Self.bindings, strangers: 1)
        var driver = try Driver(Self.bindings, release: .v5)
        try driver.open()
        try converse(&driver, &kazoo, from: 0, faults: 0, &generator) { _ in }
        kazoo.restart()
        let start = driver.sent.count
        try driver.renew(.repeating)
        try converse(&driver, &kazoo, from: start, faults: 0, &generator) { _ in }
        #expect(driver.readiness == 2)
        #expect(kazoo.counts.isEmpty)
    }
}
