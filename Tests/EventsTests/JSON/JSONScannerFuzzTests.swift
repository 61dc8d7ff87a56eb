import TestSupport
import Testing

@testable import Events

/// The scanner against the reference recogniser, on thousands of texts that are the same in every run.
@Suite struct JSONScannerFuzzTests {
    @Test(arguments: UInt64(1)...8)
    func agreesOnGeneratedTexts(_ seed: UInt64) throws {
        var generator = JSONGenerator(random: SeededGenerator(seed: seed))
        for _ in 0..<500 {
            let text = generator.text()
            let reference = try #require(ReferenceJSON(text), "the generator writes JSON")
            try expectAgreement(reference, text)
        }
    }

    @Test(arguments: UInt64(11)...18)
    func agreesOnMangledTexts(_ seed: UInt64) throws {
        var generator = JSONGenerator(random: SeededGenerator(seed: seed))
        var accepted = 0
        for _ in 0..<1_000 {
            let text = generator.mangled(generator.text())
            if let reference = ReferenceJSON(text) {
                accepted += 1
                try expectAgreement(reference, text)
            } else {
                #expect(throws: JSONSyntaxError.self, "\(String(decoding: text, as: UTF8.self))") { try scan(text) }
            }
        }
        #expect((1..<1_000).contains(accepted), "both outcomes have been tried")
    }

    @Test func agreesOnMangledRecordings() throws {
        var generator = JSONGenerator(random: SeededGenerator(seed: 99))
        for (_, event) in try Recordings.events() {
            for _ in 0..<20 {
                let text = generator.mangled(event)
                if let reference = ReferenceJSON(text) {
                    try expectAgreement(reference, text)
                } else {
                    #expect(throws: JSONSyntaxError.self) { try scan(text) }
                }
            }
        }
    }

    /// Every beginning of a text, in a buffer of exactly its size, so that a sanitizer sees a read beyond the end.
    @Test func agreesOnEveryBeginning() throws {
        let event = try Recordings.event("v4/call_edge_values")
        for length in 0..<event.count {
            #expect(throws: JSONSyntaxError.self) { try scan(event[..<length]) }
        }
    }

    @Test func survivesAnyBytes() {
        var random = SeededGenerator(seed: 5)
        for length in 0..<2_000 {
            let noise = (0..<(length % 64)).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect((try? scan(noise)) == nil || ReferenceJSON(noise) != nil)
            noise.withUnsafeBytes { bytes in
                guard let bytes = JSONBytes(bytes) else { return }
                #expect(bytes.skipValue(from: 0) <= bytes.count)
                bytes.forEachMember { key, value in
                    #expect(key.upperBound <= value.lowerBound && value.upperBound <= bytes.count)
                    return true
                }
            }
        }
    }

    private func expectAgreement(_ reference: ReferenceJSON, _ text: [UInt8]) throws {
        let index = try scan(text)
        func first(_ key: String) -> Range<Int>? {
            reference.members.first { $0.key.elementsEqual(key.utf8) }?.value
        }
        let message = Comment(rawValue: String(decoding: text, as: UTF8.self))
        #expect(index.action == first("action"), message)
        #expect(index.subscribedKey == first("subscribed_key"), message)
        #expect(index.subscriptionKey == first("subscription_key"), message)
        #expect(index.name == first("name"), message)
        #expect(index.routingKey == first("routing_key"), message)
        #expect(index.data == first("data"), message)
        #expect(index.requestID == first("request_id"), message)
        #expect(index.status == first("status"), message)
    }
}
