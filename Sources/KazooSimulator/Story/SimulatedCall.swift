import Events

/// One channel of a call: what its events tell about it.
struct SimulatedCall: Sendable {
    /// What may happen to a channel, and to those who watch it.
    enum Step: Equatable, Sendable {
        case channel(String, leg: Leg)
        case dialog(String)
        case voicemail
    }

    /// The caller's channel or the callee's.
    enum Leg: Sendable { case a, b }

    /// How the call ends.
    struct Ending: Equatable, Sendable {
        var cause: String
        var code: String
        var disposition: String
    }

    let office: Int
    let caller: Person
    let callee: Person
    let callID: String
    let otherCallID: String
    let interactionID: String
    let switchNumber: Int
    let fetchID: String
    let isInternal: Bool
    let number: String
    let ending: Ending
    let created: Int64
    var answered: Int64?
    var steps: ArraySlice<Step>

    /// The caller's name and number as the callee sees them.
    var callerName: String { caller.name }
    var callerNumber: String { isInternal ? caller.extensionNumber : number }

    /// Makes up a call: who calls whom, and how it goes.
    static func invented(
        office index: Int, people: [Person], now: Int64, random: inout RandomSource
    ) -> SimulatedCall {
        let caller = random.pick(people)
        let others = people.filter { $0 != caller }
        let callee = others.isEmpty ? caller : random.pick(others)
        let switchNumber = random.number(in: 1...4)
        let (steps, ending) = plot(random: &random)
        let local = Array(random.hex(22).utf8)
        return SimulatedCall(
            office: index, caller: caller, callee: callee,
            callID: "\(TokenTable.base64URL(Array(local.prefix(15))))..@10.26.0.\(40 + switchNumber)",
            otherCallID: "\(random.hex(8))-\(random.hex(4))-\(random.hex(4))-\(random.hex(4))-\(random.hex(12))",
            interactionID: "\(now + Timestamp.gregorianEpochOffset)-\(random.hex(8))", switchNumber: switchNumber,
            fetchID: "\(random.hex(8))-\(random.hex(4))-\(random.hex(4))-\(random.hex(4))-\(random.hex(12))",
            isInternal: !random.oneIn(2), number: "+4930\(random.number(in: 1_000_000...9_999_999))",
            ending: ending, created: now, answered: nil, steps: steps[...])
    }

    private static func plot(random: inout RandomSource) -> ([Step], Ending) {
        let ring: [Step] = [.channel("CHANNEL_CREATE", leg: .a), .channel("CHANNEL_CREATE", leg: .b), .dialog("early")]
        let hangUp: [Step] = [
            .channel("CHANNEL_DESTROY", leg: .b), .channel("CHANNEL_DESTROY", leg: .a), .dialog("terminated"),
        ]
        let normal = Ending(cause: "NORMAL_CLEARING", code: "sip:200", disposition: "ANSWER")
        switch random.number(in: 0...9) {
        case 0:
            let busy = Ending(cause: "USER_BUSY", code: "sip:486", disposition: "BUSY")
            return (ring + hangUp, busy)
        case 1:
            let cancelled = Ending(cause: "ORIGINATOR_CANCEL", code: "sip:487", disposition: "CANCEL")
            return (ring + hangUp, cancelled)
        case 2:
            return (
                [
                    .channel("CHANNEL_CREATE", leg: .a), .channel("CHANNEL_ANSWER", leg: .a),
                    .channel("CHANNEL_DESTROY", leg: .a), .voicemail,
                ], normal
            )
        case 3:
            let taken: [Step] =
                random.oneIn(3)
                ? [.channel("PARK_ABANDONED", leg: .a)]
                : [.channel("PARK_RETRIEVED", leg: .a)]
            return (
                [
                    .channel("CHANNEL_CREATE", leg: .a), .channel("CHANNEL_ANSWER", leg: .a),
                    .channel("PARK_PARKED", leg: .a),
                ] + taken + [.channel("CHANNEL_DESTROY", leg: .a)], normal
            )
        default:
            var talk: [Step] = [
                .channel("CHANNEL_ANSWER", leg: .b), .channel("CHANNEL_ANSWER", leg: .a),
                .channel("CHANNEL_BRIDGE", leg: .a), .dialog("confirmed"),
            ]
            if random.oneIn(3) { talk += [.channel("CHANNEL_HOLD", leg: .a), .channel("CHANNEL_UNHOLD", leg: .a)] }
            return (ring + talk + hangUp, normal)
        }
    }
}
