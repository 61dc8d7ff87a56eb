import Synchronization
import Threads

/// Messages from many threads to one, which sleeps on the interruption and is woken by it.
final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let interruption: Interruption

    /// - Parameter interruption: what the reader sleeps on.
    init(waking interruption: Interruption) { self.interruption = interruption }

    /// Leaves a message, and wakes the reader.
    func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        interruption.wake()
    }

    /// Takes all messages, the oldest first.
    func take() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
