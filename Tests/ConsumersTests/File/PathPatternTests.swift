import Events
import Testing

@testable import Consumers

struct PathPatternTests {
    @Test(arguments: [
        ("/var/log/events.ndjson", "events.ndjson"),
        ("/var/log/events.ndjson", "events.ndjson-20261121T074214.123Z"),
        ("/var/log/%Y/events-%Y-%m-%d.ndjson", "events-2026-11-21.ndjson"),
        ("events-%F.ndjson", "events-2026-11-21.ndjson-20261121T074214.123Z"),
        ("%a%-d-100%%.ndjson", "Mon1-100%.ndjson"),
    ])
    func ours(path: String, name: String) throws {
        let plain = try #require(PathPattern(path).recognize(name))
        #expect(plain.file == name && !plain.isCompressed)
        let compressed = try #require(PathPattern(path).recognize(name + ".gz"))
        #expect(compressed.file == name && compressed.isCompressed)
    }

    @Test(arguments: [
        ("/var/log/events.ndjson", "events.ndjson.1"),
        ("/var/log/events.ndjson", "events.ndjson-20261121"),
        ("/var/log/events.ndjson", "events.ndjson.torn"),
        ("/var/log/events.ndjson", "my-events.ndjson-20261121T074214.123Z"),
        ("/var/log/events.ndjson", "events.ndjson-20261121T074214.123Z.gz.tmp"),
        ("/var/log/events-%F.ndjson", "events-2026-11.ndjson"),
        ("/var/log/events-%F.ndjson", "events-yesterday.ndjson"),
        ("/var/log/%d.ndjson", ".ndjson"),
    ])
    func strangers(path: String, name: String) {
        #expect(PathPattern(path).recognize(name) == nil)
    }

    @Test func stampSortsAndIsUTC() throws {
        let moment = try #require(Timestamp("2026-11-21T07:42:14.123456Z"))
        #expect(PathPattern.stamp(moment) == "-20261121T074214.123Z")
        #expect(PathPattern.stamp(moment).utf8.count == 21)
    }
}
