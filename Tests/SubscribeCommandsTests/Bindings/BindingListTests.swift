import Crossbar
import KazooSimulator
import Network
import Testing
import Threads

@testable import SubscribeCommands

/// What can be subscribed to, as it is listed.
@Suite struct BindingListTests {
    @Test func `what we know is listed as forms`() {
        let list = BindingList(offered: [
            ("call", ["call.CHANNEL_CREATE.{CALL_ID}", "call.PARK_PARKED.{CALL_ID}"]),
            ("fax", ["fax.status.{FAX_ID}", "fax.object.{ACTION}"]),
            ("presence", ["dialog.{CALL_ID}"]),
        ])
        #expect(
            list.text(colour: false) == """
                call
                  call.{EVENT}.{CALL_ID}
                      calls as they are created, answered, bridged, held, parked and ended
                      EVENT: CHANNEL_CREATE, PARK_PARKED

                fax
                  fax.status.{FAX_ID}
                      faxes on their way
                  fax.object.{ACTION}
                      this month's fax documents as they are created, edited and deleted
                      ACTION: doc_created, doc_edited, doc_deleted

                presence
                  presence.dialog.{CALL_ID}
                      who is on the phone, as busy lamps show it

                """)
    }

    @Test func `words that cannot be combined freely are listed one by one`() {
        let templates = ["object.doc_created.user", "object.doc_edited.device"]
        let list = BindingList(offered: [("object", templates)])
        #expect(list.families[0].entries.map(\.template) == templates)
        #expect(list.families[0].entries.allSatisfy { $0.choices.isEmpty && $0.summary != nil })
    }

    @Test func `what we do not know is listed too`() {
        let list = BindingList(offered: [
            ("qubicle", ["qubicle.queue.{QUEUE_ID}"]), ("call", ["call.CHANNEL_\u{1B}NEW.{CALL_ID}"]),
        ])
        #expect(
            list.text(colour: false) == """
                qubicle
                  qubicle.queue.{QUEUE_ID}
                      not known to this program

                call
                  call.CHANNEL_\u{FFFD}NEW.{CALL_ID}
                      not known to this program

                """)
        #expect(
            list.json(source: "server").split(separator: "\n").first
                == #"{"family":"qubicle","binding":"qubicle.queue.{QUEUE_ID}","summary":null,"source":"server"}"#)
    }

    @Test func `the built-in list has every family and every word`() {
        let list = BindingList.builtIn
        #expect(list.families.map(\.name) == ["call", "object", "fax", "conference", "presence", "stream"])
        #expect(list.families.allSatisfy { $0.entries.allSatisfy { $0.summary != nil } })
        #expect(list.families[0].entries[0].offered.count == 9)
        #expect(list.families[1].entries[0].offered.count == 30)
        #expect(list.text(colour: false).split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: KazooFlavour.allCases) func `all that a cluster offers is known`(_ flavour: KazooFlavour)
        async throws
    {
        let list = try await SimulatedKazoo.withRunning(SimulatorConfiguration(flavour: flavour)) { _, endpoints in
            let server = try ServerURL(parsing: endpoints.api, schemes: [.http])
            return try await BlockingThread.run("bindings") {
                Result {
                    var options = NetworkOptions()
                    options.proxy = ""
                    let crossbar = try CrossbarClient(server: server, options: options, interruption: Interruption())
                    return BindingList(offered: try crossbar.bindingTemplates())
                }
            }.get()
        }
        let families = ["call", "conference", "fax", "object", "presence"] + (flavour == .v5 ? ["stream"] : [])
        #expect(list.families.map(\.name) == families)
        #expect(list.families.allSatisfy { $0.entries.allSatisfy { $0.summary != nil } })
    }
}
