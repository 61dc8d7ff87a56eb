public import Events

extension EventConsumer {
    /// Delivers one event, and cancels that when it takes too long.
    ///
    /// - Parameters:
    ///   - event: a batch that holds this one line.
    ///   - attempt: 1 for the first.
    ///   - limit: how long it may take.
    /// - Returns: why it failed; `nil` when it did not.
    public func deliver(_ event: EventBatch, attempt: Int, within limit: Duration) async -> ConsumerFailure? {
        await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                do throws(ConsumerFailure) {
                    try await deliver(event, attempt: attempt)
                    return .delivered
                } catch {
                    return .failed(error)
                }
            }
            group.addTask {
                do {
                    try await ContinuousClock().sleep(for: limit)
                    return .timeIsUp
                } catch {
                    return .cancelled
                }
            }
            var isTooLate = false
            for await ending in group {
                switch ending {
                case .delivered:
                    group.cancelAll()
                    return nil
                case .failed(var failure):
                    group.cancelAll()
                    if isTooLate {
                        failure.remedy = .retryWithinLimit
                        failure.description = "it took longer than \(limit)"
                    }
                    return failure
                case .timeIsUp:
                    isTooLate = true
                    group.cancelAll()
                case .cancelled: continue
                }
            }
            return nil
        }
    }
}

private enum Ending {
    case delivered
    case failed(ConsumerFailure)
    case timeIsUp
    case cancelled
}
