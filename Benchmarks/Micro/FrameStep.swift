import WebSocket

/// Received bytes through the WebSocket.
struct FrameStep: Step, ~Copyable {
    private var source: FrameSource

    init(events: [[UInt8]]) { source = FrameSource(events: events) }

    mutating func run(_ total: Int) throws -> Int {
        var (messages, result) = (0, 0)
        while messages < total {
            source.receive { payload in
                messages += 1
                result &+= payload.count
            }
        }
        return result
    }
}
