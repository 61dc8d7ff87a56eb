import NIOCore
import NIOHTTP1

extension ChannelHandlerContext {
    /// Sends an answer with what Cowboy puts in each.
    ///
    /// - Parameters:
    ///   - date: The `date` of the header.
    ///   - keepsAlive: Whether the connection stays open afterwards.
    ///   - announcesClose: Whether the header says so when it does not.
    func respond(with answer: CannedAnswer, date: String, keepsAlive: Bool, announcesClose: Bool = true) {
        var headers = HTTPHeaders([
            ("content-length", String(answer.body.utf8.count)), ("date", date), ("server", "Cowboy"),
        ])
        for header in answer.headers { headers.add(name: header.name, value: header.value) }
        if !keepsAlive, announcesClose { headers.add(name: "connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: answer.status)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
        if !answer.body.isEmpty {
            write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        }
        let channel = channel
        writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil))).whenComplete { _ in
            if !keepsAlive { channel.close(promise: nil) }
        }
    }
}
