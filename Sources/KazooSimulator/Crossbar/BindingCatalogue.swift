import Events

/// What `GET /v2/websockets` tells about the bindings on offer.
enum BindingCatalogue {
    /// Family → templates, in Kazoo's order.
    static func offered(by flavour: KazooFlavour) -> JSONValue {
        var catalogue: [JSONValue.Member] = [
            .init("call", templates(BindingFamilies.callEvents.map { "call.\($0).{CALL_ID}" })),
            .init("conference", templates(conference(flavour))),
            .init("fax", ["fax.status.{FAX_ID}", "fax.object.{ACTION}"]),
            .init("object", templates(objects)),
            .init("presence", ["dialog.{CALL_ID}", "mwi_updates.{USER}", "update.{CALL_ID}"]),
        ]
        if flavour == .v5 {
            let stream = ["stream.*.{CALL_ID}", "stream.start.{CALL_ID}", "stream.stop.{CALL_ID}"]
            catalogue.append(.init("stream", templates(stream)))
        }
        return .object(catalogue)
    }

    private static var objects: [String] {
        BindingFamilies.documentActions.flatMap { action in
            BindingFamilies.documentTypes.map { "object.\(action).\($0)" }
        }
    }

    private static func conference(_ flavour: KazooFlavour) -> [String] {
        switch flavour {
        case .v4: ["conference.event.{CONFERENCE_ID}.{CALL_ID}", "conference.command.{CONFERENCE_ID}"]
        case .v5: ["conference.command.{CONFERENCE_ID}", "conference.event.*.{CONFERENCE_ID}.{CALL_ID}"]
        }
    }

    private static func templates(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
