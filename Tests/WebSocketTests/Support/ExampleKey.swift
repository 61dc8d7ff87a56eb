/// Always the masking key of RFC 6455's examples, so that what is sent can be foretold.
struct ExampleKey: RandomNumberGenerator, Sendable {
    func next() -> UInt64 { 0x37FA_213D }
}
