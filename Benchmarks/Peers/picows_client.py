"""The least that a client with `picows` does, on `uvloop`: each message, and a newline, to standard output."""

import sys

import picows
import uvloop

OUTPUT = open(1, "wb", buffering=1 << 20)


class Listener(picows.WSListener):
    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        transport.send(picows.WSMsgType.TEXT, b'{"action":"subscribe"}')

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            OUTPUT.write(frame.get_payload_as_memoryview())
            OUTPUT.write(b"\n")
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()


async def main(url: str) -> None:
    transport, _ = await picows.ws_connect(Listener, url)
    await transport.wait_disconnected()
    OUTPUT.close()


uvloop.run(main(sys.argv[1]))
