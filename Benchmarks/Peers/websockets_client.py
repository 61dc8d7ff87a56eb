"""The least that a client with `websockets` does: each message, and a newline, to standard output."""

import asyncio
import sys

import websockets


async def main(url: str) -> None:
    with open(1, "wb", buffering=1 << 20) as output:
        async with websockets.connect(url, compression=None, max_size=None, max_queue=None) as server:
            await server.send('{"action":"subscribe"}')
            try:
                while True:
                    output.write(await server.recv(decode=False))
                    output.write(b"\n")
            except websockets.ConnectionClosed:
                pass


asyncio.run(main(sys.argv[1]))
