import Events
import Testing

@testable import KazooSimulator

/// Many accounts.
enum Crowd {
    static func accounts(_ count: Int, below parent: String) -> [SimulatedAccount] {
        (0..<count).map { number in
            let digits = String(number, radix: 16)
            let id = "c0" + String(repeating: "0", count: 30 - digits.count) + digits
            return SimulatedAccount(id: id, name: "Customer \(number)", realm: "\(id).example.com", parent: parent)
        }
    }
}

/// Many connections with many subscriptions: 25 times 500. That takes seconds, and many minutes if every event is held
/// against every subscription.
@Suite struct CrowdTests {
    @Test(.timeLimit(.minutes(10)), arguments: KazooFlavour.allCases)
    func `a crowd is served, and each hears its own`(_ flavour: KazooFlavour) {
        let accounts = Crowd.accounts(12_500, below: Sample.account)
        let bench = Bench(flavour) {
            $0.accounts += accounts
            $0.messageLimit = MessageLimit(burst: 1000, perSecond: 10)
        }
        let sessions = (0..<25).map { _ in bench.open() }
        for (index, account) in accounts.enumerated() {
            bench.subscribeUnread("call.CHANNEL_CREATE.*", account: account.id, as: sessions[index / 500])
        }
        for (index, account) in accounts.enumerated() {
            let hearers = bench.hearers(of: Sample.call("one", account: account.id))
            guard hearers != [sessions[index / 500]] else { continue }
            Issue.record("\(account.name) was heard by \(hearers)")
        }
        for session in sessions { bench.cluster.close(session) }
        #expect(!bench.cluster.hasSubscribers)
    }
}
