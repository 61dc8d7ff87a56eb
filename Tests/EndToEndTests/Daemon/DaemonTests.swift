import Foundation
import KazooSimulator
import Testing

/// `run`: the start, the end, and what is remembered in between.
@Suite(.timeLimit(.minutes(3))) struct DaemonTests {
    private func event(_ id: String) -> SimulatedEvent {
        SimulatedEvent(
            routingKey: "doc_created.account%2F00%2F9a%2Ffc511c97b2ae693c6cc4920988e8.user.\(id)", name: "doc_created",
            data: #"{"id":"\#(id)","msg_id":"\#(id)"}"#)
    }

    @Test func `the time between two runs is a gap, told to whoever asks`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = [
                "{name: told, type: file, path: \(setting.path("told")), gaps: true}",
                "{name: untold, type: file, path: \(setting.path("untold"))}",
                "{name: other, type: file, path: \(setting.path("other")), gaps: true, bindings: [fax.status.*]}",
            ]
            for run in 1...2 {
                let program = try setting.start()
                try await program.isReady()
                await kazoo.simulator.publish(event("\(run)"))
                try await eventually("the event is in the files", seen: { program.said }) {
                    setting.lines("told").last?.contains(#""id":"\#(run)""#) == true
                        && setting.lines("untold").count == run
                }
                program.send(SIGTERM)
                #expect(try await program.ended() == .exit(0))
            }
            let told = setting.lines("told")
            #expect(told.count == 3)
            #expect(told.dropFirst().first?.contains(#""reason":"not_running""#) == true, "\(told)")
            #expect(setting.lines("other").isEmpty, "the gap is of other bindings")
        }
    }

    @Test func `what a hook could not be given before the end is among the dead letters`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator()
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = [
                #"{name: slow, type: hook, command: [/bin/sleep, "600"], timeout: 1h}"#,
                "{name: archive, type: file, path: \(setting.path("archive"))}",
            ]
            let program = try setting.start()
            try await program.isReady()
            for id in ["a", "b"] { await kazoo.simulator.publish(event(id)) }
            try await eventually("both are in the file") { setting.lines("archive").count == 2 }
            program.send(SIGTERM)
            #expect(try await program.ended() == .exit(0))
            let list = try stage.kazooSubscribe(["dead-letters", "list", "--config", setting.config])
            #expect(try await list.ended() == .exit(0))
            #expect(list.output.text.ranges(of: "slow").count >= 2, "\(list.said)")
        }
    }

    @Test func `what a reader of standard output has not taken at the end is told`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 2000 }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = [
                "{name: feed, type: stdout}", "{name: archive, type: file, path: \(setting.path("archive"))}",
            ]
            let program = try setting.start()
            // A pipe holds 64 KiB, and nobody reads it.
            try await eventually("there is more than fits", seen: { program.errors.text }) {
                setting.lines("archive").count > 1000
            }
            program.send(SIGTERM)
            try await program.says("events were dropped: the reader of standard output did not take them consumer=feed")
            #expect(try await program.ended() == .exit(0))
            #expect(program.output.lines.count < setting.lines("archive").count)
        }
    }

    @Test func `a reader of standard output that goes takes nobody along`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 50 }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = [
                "{name: feed, type: stdout}", "{name: archive, type: file, path: \(setting.path("archive"))}",
            ]
            try setting.write()
            let program = try stage.start(
                "/bin/bash",
                [
                    "-c", #""$1" run --config "$2" | head -n 3; echo "exit ${PIPESTATUS[0]}""#, "bash",
                    Stage.executable,
                    setting.config,
                ])
            try await program.says("it gets no more events consumer=feed")
            let before = setting.lines("archive").count
            try await eventually("the file goes on") { setting.lines("archive").count > before + 10 }
            #expect(program.output.lines.count == 3)
        }
    }

    @Test func `without any consumer left it ends`() async throws {
        try await Stage.set { stage in
            let kazoo = try await stage.simulator { $0.eventsPerSecond = 50 }
            var setting = try DaemonSetting(on: stage, with: kazoo.addresses)
            setting.consumers = ["{name: feed, type: stdout}"]
            try setting.write()
            let program = try stage.start(
                "/bin/bash",
                [
                    "-c", #""$1" run --config "$2" | head -n 3; echo "exit ${PIPESTATUS[0]}""#, "bash",
                    Stage.executable,
                    setting.config,
                ])
            #expect(try await program.ended() == .exit(0))
            #expect(program.output.lines.last == "exit 74")
            #expect(program.errors.text.contains("no consumer is left"))
        }
    }

    @Test func `a wrong config file is told as check tells it`() async throws {
        try await Stage.set { stage in
            var setting = try DaemonSetting(on: stage, with: Addresses(server: "http://h", websocket: "ws://h"))
            setting.consumers = [
                #"{name: a, type: hook, command: [/bin/echo, "{data.id"]}"#, "{name: b, type: stdot}",
                "{name: c, type: file, pth: /x}",
            ]
            for command in [["run"], ["check"]] {
                try setting.write()
                let program = try stage.kazooSubscribe(command + ["--config", setting.config])
                #expect(try await program.ended() == .exit(78))
                let lines = program.errors.lines
                #expect(lines.allSatisfy { $0.hasPrefix("\(setting.config):") }, "\(lines)")
                #expect(lines.count == 3)
            }
            setting.consumers.removeLast(2)
            for command in [["run"], ["check"]] {
                try setting.write()
                let program = try stage.kazooSubscribe(command + ["--config", setting.config])
                #expect(try await program.ended() == .exit(78))
                #expect(program.errors.text.contains("a placeholder has no end in"), "\(program.said)")
            }
        }
    }
}
