import Glibc
import Testing

@testable import Consumers

@Suite struct OutputDescriptorTests {
    private func write(_ text: String, to channel: Channel) -> (OutputDescriptor.Outcome, OutputDescriptor.Manner) {
        let output = OutputDescriptor(inherited: channel.writer)
        return (Array(text.utf8).withUnsafeBytes { output.write($0) }, output.manner)
    }

    /// The shell and its other programs share the inherited descriptor: its flags are not ours to change.
    @Test func pipeIsOpenedASecondTime() throws {
        let channel = try Channel.pipe()
        let before = channel.writerFlags
        let output = OutputDescriptor(inherited: channel.writer)
        #expect(output.manner == .nonBlocking)
        #expect(output.descriptor != channel.writer)
        #expect(fcntl(output.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(output.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(channel.writerFlags == before)
        #expect(channel.writerFlags & O_NONBLOCK == 0)
    }

    @Test func ownDescriptorIsClosed() throws {
        let channel = try Channel.pipe()
        do {
            let output = OutputDescriptor(inherited: channel.writer)
            #expect(output.descriptor != channel.writer)
        }
        // The inherited one is still open; nobody else holds the pipe once it is closed as well.
        #expect(fcntl(channel.writer, F_GETFD) >= 0)
        let copy = dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), channel.writer)
        #expect(copy == channel.writer)
        #expect(channel.read().isEmpty)
    }

    @Test func socketIsWrittenWithoutChangingIt() throws {
        let channel = try Channel.sockets()
        #expect(write("a\n", to: channel) == (.wrote(2), .socket))
        #expect(channel.writerFlags & O_NONBLOCK == 0)
        #expect(channel.read() == Array("a\n".utf8))
    }

    @Test func regularFile() throws {
        let channel = try Channel.file()
        #expect(write("a\n", to: channel) == (.wrote(2), .blocking))
        #expect(channel.read() == Array("a\n".utf8))
    }

    @Test func devices() throws {
        #expect(try write("a\n", to: .device("/dev/null")) == (.wrote(2), .nonBlocking))
        #expect(try write("a\n", to: .device("/dev/full")) == (.failed(ENOSPC), .nonBlocking))
    }

    @Test func fullPipeWouldBlock() throws {
        for channel in [try Channel.pipe(), try Channel.sockets()] {
            let output = OutputDescriptor(inherited: channel.writer)
            let bytes = [UInt8](repeating: 0x61, count: 4096)
            var total = 0
            var outcome = OutputDescriptor.Outcome.wrote(0)
            while case .wrote(let count) = outcome {
                total += count
                outcome = bytes.withUnsafeBytes { output.write($0) }
            }
            #expect(outcome == .wouldBlock)
            #expect(total >= 4096)
        }
    }

    @Test func readerIsGone() throws {
        for channel in [try Channel.pipe(), try Channel.sockets()] {
            let output = OutputDescriptor(inherited: channel.writer)
            channel.closeReader()
            #expect(Array("a".utf8).withUnsafeBytes { output.write($0) } == .failed(EPIPE))
        }
    }

    @Test func closedDescriptor() {
        let output = OutputDescriptor(inherited: -1)
        #expect(output.manner == .blocking)
        #expect(Array("a".utf8).withUnsafeBytes { output.write($0) } == .failed(EBADF))
    }
}
