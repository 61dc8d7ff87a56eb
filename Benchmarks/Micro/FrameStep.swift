import WebSocket

/// Received bytes through the WebSocket.
final class FrameStep: Step {
    private var source: FrameSource

    init(events: [[UInt8]]) { source = FrameSource(events: events) }

    func run(_ total: Int) throws -> Int {
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
