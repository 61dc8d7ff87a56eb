import Crossbar
import Network
import Threads

/// Asks Crossbar questions, each on a thread of its own: an answer may take long, and the session has more to do.
final class CrossbarDesk: Sendable {
    private let server: ServerURL
    private let options: NetworkOptions
    /// Ends what is under way when raised.
    let interruption = Interruption()

    init(server: ServerURL, options: NetworkOptions) {
        self.server = server
        self.options = options
    }

    /// Asks.
    ///
    /// - Parameters:
    ///   - question: what to ask; runs on the thread, and hands on what came of it by itself.
    ///   - failure: told when there is no client to ask with.
    func ask(
        _ question: @escaping @Sendable (borrowing CrossbarClient) -> Void,
        failure: @escaping @Sendable (any Error) -> Void
    ) {
        BlockingThread.start("crossbar") { [server, options, interruption] in
            do {
                question(try CrossbarClient(server: server, options: options, interruption: interruption))
            } catch {
                failure(error)
            }
        }
    }
}
