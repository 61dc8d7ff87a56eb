import Events
import Foundation
import Testing

@testable import Subscriber

@Suite struct LastLiveTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("last-live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private var store: LastLive { LastLive(path: directory.appendingPathComponent("last-live").path) }
    private let start = ContinuousClock().now

    @Test func remembersFromOneRunToTheNext() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        var first = LastLiveSaver(store: store, now: start)
        #expect(first.load() == nil)
        #expect(first.liveUntil == nil, "there was no run before")
        let moment = try #require(Timestamp("2026-11-21T06:00:00.000001Z"))
        #expect(first.save(moment, now: start) == nil)
        #expect(first.isDue(now: start + .seconds(4)) == false)
        #expect(first.isDue(now: start + .seconds(5)))
        #expect(first.save(nil, now: start + .seconds(5)) == nil, "nothing is known, and the file stays")
        var second = LastLiveSaver(store: store, now: start)
        #expect(second.load() == nil)
        #expect(second.liveUntil == moment)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["last-live"])
    }

    @Test func damageIsSaidAndSurvived() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("yesterday\n".utf8).write(to: URL(fileURLWithPath: store.path))
        var saver = LastLiveSaver(store: store, now: start)
        #expect(saver.load()?.hasSuffix("it does not hold a time; remove it") == true)
        #expect(saver.liveUntil == nil)
        #expect(saver.save(Timestamp(microseconds: 0), now: start) == nil)
    }

    /// A disk that is full for an hour is told of once.
    @Test func aFailureIsToldOnce() throws {
        try FileManager.default.removeItem(at: directory)
        var saver = LastLiveSaver(store: store, now: start)
        let first = saver.save(Timestamp(microseconds: 1), now: start)
        #expect(first?.contains("cannot be written: No such file or directory") == true)
        #expect(saver.save(Timestamp(microseconds: 2), now: start) == nil)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        #expect(saver.save(Timestamp(microseconds: 2), now: start) == nil)
        #expect(try store.load() == Timestamp(microseconds: 2))
    }
}
