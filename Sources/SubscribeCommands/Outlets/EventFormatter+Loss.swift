import Consumers
import Events
import Subscriber

extension EventFormatter {
    /// What stands in the stream where events are missing.
    func line(of loss: Loss) -> [UInt8] {
        var batch = EventBatch(receivedAt: loss.to)
        batch.append(notice: Gap(loss).notice)
        var text: [UInt8] = []
        append(batch, to: &text)
        return text
    }
}

extension Gap {
    /// What the program itself has dropped, of any account and binding.
    init(_ loss: Loss) { self.init(from: loss.from, to: loss.to, reason: .dropped) }
}
