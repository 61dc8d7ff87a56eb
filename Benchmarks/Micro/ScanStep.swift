import Events
import WebSocket

/// JSON texts through the scanner.
struct ScanStep: Step {
    let events: [[UInt8]]
    let validatesText: Bool

    func run(_ total: Int) throws -> Int {
        var result = 0
        var index = JSONScanner.Index()
        for number in 0..<total {
            try events[number % events.count].withUnsafeBytes { text in
                if validatesText { precondition(UTF8Validator.isValid(text), "an event is UTF-8") }
                try JSONScanner.scan(text, into: &index)
                result &+= (index.name?.lowerBound ?? 0) &+ (index.data?.upperBound ?? 0)
            }
        }
        return result
    }
}
