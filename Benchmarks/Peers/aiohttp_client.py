"""The least that a client with `aiohttp` does: each message, and a newline, to standard output."""

import asyncio
import sys

import aiohttp


async def main(url: str) -> None:
    with open(1, "wb", buffering=1 << 20) as output:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, compress=0, max_msg_size=0, decode_text=False) as server,
        ):
            await server.send_str('{"action":"subscribe"}')
            async for message in server:
                output.write(message.data)
                output.write(b"\n")


asyncio.run(main(sys.argv[1]))
