import Testing

@testable import trials

@Suite struct SceneTests {
    private static func scenes(_ seed: UInt64, nodes: Int, isRedundant: Bool) -> [Scene] {
        var draw = SceneDraw(seed: seed, nodes: nodes, isRedundant: isRedundant)
        return (0..<300).map { _ in draw.next { _ in Scenery.own } }
    }

    @Test func sameSeedSameScenes() {
        let (first, second) = (
            Self.scenes(7, nodes: 2, isRedundant: false), Self.scenes(7, nodes: 2, isRedundant: false)
        )
        #expect(first.map { $0.acts.map(\.fault) } == second.map { $0.acts.map(\.fault) })
        #expect(first.map { $0.acts.map(\.length) } == second.map { $0.acts.map(\.length) })
        let third = Self.scenes(8, nodes: 2, isRedundant: false)
        #expect(first.map { $0.acts.map(\.fault) } != third.map { $0.acts.map(\.fault) })
    }

    /// Every kind of fault is played before long, and one of a kind at a time.
    @Test func everyKindIsPlayed() {
        let scenes = Self.scenes(1, nodes: 2, isRedundant: false)
        #expect(
            Set(scenes.flatMap(\.acts).map(\.fault.kind)) == [
                "drop", "outage", "no-pongs", "upgrades-fail", "crowd", "lose-replies", "late-replies", "events-twice",
                "logins-fail", "requests-fail", "tokens-expire", "freeze", "lose-events", "listener-restart",
                "stranger",
            ])
        for scene in scenes {
            #expect(Set(scene.acts.map(\.fault.kind)).count == scene.acts.count)
            #expect(scene.acts.count { $0.fault.isSilent } <= 1)
        }
    }

    /// With redundant connections the other event server is well.
    @Test func oneNodeAtATime() {
        for scene in Self.scenes(1, nodes: 2, isRedundant: true) {
            let places = Set(scene.acts.map(\.fault).filter(\.isOfEventServers).map { $0.description.suffix(6) })
            #expect(places.count <= 1)
            #expect(places.allSatisfy { ["node 0", "node 1"].contains($0) })
        }
    }
}

extension Fault {
    fileprivate var isOfEventServers: Bool {
        switch self {
        case .failingLogins, .failingRequests, .expiredTokens: false
        default: true
        }
    }
}
