import Synchronization

/// Messages from many tasks to one, which also hears them when it is cancelled: it must, to end in an orderly way.
final class Inbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var reader: CheckedContinuation<[Message], Never>?
    }

    private let state = Mutex(State())

    /// Leaves a message, and wakes the reader.
    func post(_ message: Message) {
        let reader = state.withLock { state -> CheckedContinuation<[Message], Never>? in
            guard let reader = state.reader else {
                state.messages.append(message)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: [message])
    }

    /// Takes all messages, the oldest first, and waits for the first when there is none. For one task at a time.
    func take() async -> [Message] {
        await withCheckedContinuation { continuation in
            let messages = state.withLock { state -> [Message] in
                precondition(state.reader == nil, "an inbox has one reader")
                if state.messages.isEmpty { state.reader = continuation }
                defer { state.messages = [] }
                return state.messages
            }
            if !messages.isEmpty { continuation.resume(returning: messages) }
        }
    }
}
