#!/usr/bin/env python3
"""Stands before a server of 127.0.0.1, and lets clients through or answers in the server's place.

usage: gate.py PORT ANSWER [ADDRESS NAMESPACE]

A request goes through to PORT unless the file ANSWER exists: then the client gets its bytes, whatever they are, and the
end of the stream; an empty file stands for a server that takes the request and says nothing. The file is looked for at
each request. With ADDRESS and NAMESPACE (a file such as /proc/PID/ns/net) the gate listens there, while its way to the
server stays in the namespace that it was started in. Standard output says which port it listens on, and then each
request, one JSON object a line.
"""

import asyncio
import ctypes
import json
import os
import pathlib
import re
import socket
import sys
import time

PORT, ANSWER = int(sys.argv[1]), pathlib.Path(sys.argv[2])


def listener() -> socket.socket:
    if len(sys.argv) == 3:
        return socket.create_server(("127.0.0.1", 0), backlog=128)
    address, namespace = sys.argv[3:]
    # A socket belongs for ever to the namespace in which it was made.
    with open("/proc/self/ns/net") as home:
        enter(namespace)
        server = socket.create_server((address, 0), backlog=128)
        setns(home.fileno())
    return server


def enter(namespace: str) -> None:
    with open(namespace) as file:
        setns(file.fileno())


def setns(descriptor: int) -> None:
    # Python knows it from 3.12 on.
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def tell(**facts) -> None:
    print(json.dumps(facts), flush=True)


async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1]) if length else 0)
        answer = ANSWER.read_bytes() if ANSWER.exists() else None
        tell(at=time.time(), isAnswered=answer is not None)
        if answer is None:
            await relay(once(head) + body, reader, writer)
        else:
            writer.write(answer)
            if answer:
                writer.write_eof()
            # To close while something is unread would reset the connection, and the answer with it.
            await reader.read()
    except (asyncio.IncompleteReadError, OSError):
        pass
    writer.close()


def once(head: bytes) -> bytes:
    """One request a connection, for each is to be looked at; an upgrade has its connection for itself anyway."""
    if b"upgrade: websocket" in head.lower():
        return head
    return head[:-2] + b"Connection: close\r\n\r\n"


async def relay(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    server_reader, server_writer = await asyncio.open_connection("127.0.0.1", PORT)
    server_writer.write(request)
    ways = [asyncio.create_task(pump(reader, server_writer)), asyncio.create_task(pump(server_reader, writer))]
    # When either side has ended, so has the other: Kazoo knows no connection that is open by half.
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    server_writer.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass


async def main() -> None:
    parent = os.getppid()
    server = await asyncio.start_server(visit, sock=listener())
    tell(port=server.sockets[0].getsockname()[1])
    # Whoever started it ends it; should he be killed, it ends by itself.
    while os.getppid() == parent:
        await asyncio.sleep(1)


asyncio.run(main())
