import Foundation
import KazooSimulator
import Testing

/// SIGHUP: what changes in the config file changes in the daemon, and nothing else does.
@Suite(.timeLimit(.minutes(3))) struct ReloadTests {
    /// A daemon that gets numbered events all the time.
    private func play(
        _ play: (Stage, RunningKazoo, inout DaemonSetting) async throws -> Void
    ) async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator {
                $0.eventSource = Numbered(1_000_000)
                $0.eventsPerSecond = 200
            }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.subscriptions = #"- bindings: ["object.*.*"]"#
            try await play(stage, kazoo, &setting)
        }
    }

    /// Waits until events have come that were not there before.
    private func more(_ name: String, _ setting: DaemonSetting, _ program: RunningProgram) async throws {
        let before = setting.lines(name).count
        try await eventually("\(name) grows", seen: { program.said }) {
            _ = program.output.data
            return setting.lines(name).count > before + 20
        }
    }

    @Test func `a file that logrotate has moved away is begun anew, and no line is lost`() async throws {
        try await play { stage, _, setting in
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            let program = try setting.start()
            try await more("archive", setting, program)
            for turn in 1...3 {
                let old = setting.path("archive.\(turn)")
                try FileManager.default.moveItem(atPath: setting.path("archive"), toPath: old)
                program.send(SIGHUP)
                try await program.says("is taken over", times: turn)
                try await more("archive", setting, program)
            }
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            let lines = ["archive.1", "archive.2", "archive.3", "archive"].flatMap { setting.lines($0) }
            #expect(lines.compactMap(\.number) == Array(1...lines.count))
        }
    }

    @Test func `consumers come, change and go, and the others do not notice`() async throws {
        try await play { stage, _, setting in
            let stays = "{name: stays, type: file, path: \(setting.path("stays"))}"
            let path = setting.path("changes")
            let changes = { (queue: String) in "{name: changes, type: file, path: \(path), queue: \(queue)}" }
            setting.consumers = [stays, "{name: feed, type: stdout}", changes("1MB")]
            let program = try setting.start()
            try await more("changes", setting, program)

            setting.consumers = [
                changes("2MB"), stays, "{name: feed, type: stdout, queue: 2MB}",
                #"{name: comes, type: hook, mode: stream, shell: "cat > \#(setting.path("comes"))"}"#,
            ]
            try setting.write()
            program.send(SIGHUP)
            // Whoever does not read standard output holds up its end, and what is not printed within the daemon's grace is lost.
            try await program.says("is taken over", whileOutputIsRead: true)
            try await more("comes", setting, program)
            try await more("changes", setting, program)

            setting.consumers = [stays]
            try setting.write()
            program.send(SIGHUP)
            try await program.says("is taken over", times: 2, whileOutputIsRead: true)
            let printed = program.output.lines.count
            try await more("stays", setting, program)
            try await program.says("consumer=comes", times: 2)
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))

            let all = setting.lines("stays").compactMap(\.number)
            #expect(all == Array(1...all.count))
            let changed = setting.lines("changes").compactMap(\.number)
            #expect(changed == Array(1...changed.count) && changed.count < all.count)
            let feed = program.output.lines.compactMap(\.number)
            #expect(feed == Array(1...feed.count))
            #expect(feed.count >= printed)
            #expect(feed.count < all.count)
            let came = setting.lines("comes").compactMap(\.number)
            #expect(came == Array((came.first ?? 0)...(came.last ?? 0)), "from its beginning to its end")
            #expect(came.last == changed.last, "both have ended by the same change")
            #expect(program.errors.text.ranges(of: "connected to ws://").count == 1, "on one connection")
        }
    }

    @Test func `bindings come and go on the connection that stands`() async throws {
        try await play { stage, kazoo, setting in
            setting.consumers = [
                "{name: archive, type: file, path: \(setting.path("archive")), gaps: true}",
                "{name: calls, type: file, path: \(setting.path("calls")), bindings: [call.*.*]}",
            ]
            let program = try setting.start()
            try await more("archive", setting, program)
            let call = { (id: String) in
                SimulatedEvent(
                    routingKey: "call.009afc511c97b2ae693c6cc4920988e8.CHANNEL_CREATE.\(id)", name: "CHANNEL_CREATE",
                    data: #"{"call_id":"\#(id)","msg_id":"\#(id)"}"#)
            }
            #expect(await kazoo.simulator.publish(call("a")) == 0, "nobody listens to calls yet")

            setting.subscriptions = #"- bindings: ["object.*.*", "call.*.*"]"#
            try setting.write()
            program.send(SIGHUP)
            try await program.isReady(times: 2)
            #expect(await kazoo.simulator.publish(call("b")) == 1)
            try await eventually("the call is there", seen: { program.said }) { setting.lines("calls").count == 1 }

            setting.subscriptions = #"- bindings: ["call.*.*"]"#
            try setting.write()
            program.send(SIGHUP)
            try await program.isReady(times: 3)
            #expect(await kazoo.simulator.publish(call("c")) == 1)
            let sent = await kazoo.simulator.statistics.delivered
            try await eventually("the simulator goes on") { await kazoo.simulator.statistics.delivered > sent + 20 }
            #expect(await kazoo.simulator.publish(call("d")) == 1)
            try await eventually("the calls are there", seen: { program.said }) { setting.lines("calls").count == 3 }

            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            #expect(program.errors.text.ranges(of: "connected to ws://").count == 1, "on one connection")
            let lines = setting.lines("archive")
            #expect(!lines.contains { $0.contains("not_running") || $0.contains("connection_lost") })
            let calls = lines.suffix(2).filter { $0.contains("CHANNEL_CREATE") }
            #expect(calls.count == 2, "nothing of the old binding comes any more: \(lines.suffix(3))")
            let numbers = lines.filter { $0.contains("doc_created") }.compactMap(\.number)
            #expect(numbers == Array(1...numbers.count))
        }
    }

    @Test func `a wrong file changes nothing, and says why`() async throws {
        try await play { stage, _, setting in
            setting.consumers = ["{name: archive, type: file, path: \(setting.path("archive"))}"]
            let program = try setting.start()
            try await more("archive", setting, program)
            let good = setting.consumers
            for (turn, bad) in ["{name: b, type: fil}", "{name: b, type: hook, command: [/nonexistent/hook]}"]
                .enumerated()
            {
                setting.consumers = good + [bad]
                try setting.write()
                program.send(SIGHUP)
                try await program.says("is not taken over: the configuration stays as it was", times: turn + 1)
            }
            #expect(program.errors.text.contains(":21: “fil” is not one of stdout, file, hook"), "\(program.said)")
            #expect(program.errors.text.contains("/nonexistent/hook"))
            try FileManager.default.removeItem(atPath: setting.config)
            program.send(SIGHUP)
            try await program.says("is not taken over: the configuration stays as it was", times: 3)
            try await more("archive", setting, program)
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            let numbers = setting.lines("archive").compactMap(\.number)
            #expect(numbers == Array(1...numbers.count))
        }
    }

    @Test func `another way to the cluster is a new connection, and the numbers go on`() async throws {
        try await play { stage, kazoo, setting in
            setting.consumers = [
                "{name: archive, type: file, path: \(setting.path("archive")), output: envelope, gaps: true}"
            ]
            let program = try setting.start()
            try await more("archive", setting, program)
            setting.moreOfKazoo = "renew: 20m"
            try setting.write()
            program.send(SIGHUP)
            try await program.isReady(times: 2)
            try await more("archive", setting, program)
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            let lines = setting.lines("archive")
            let gaps = lines.filter { $0.contains(#""action":"gap""#) }
            #expect(gaps.count == 1 && gaps[0].contains("not_running"), "\(gaps)")
            let sequence = try lines.filter { !gaps.contains($0) }.map { line in
                let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return try #require(json?["seq"] as? Int)
            }
            #expect(sequence == Array(1...sequence.count))
        }
    }
}
