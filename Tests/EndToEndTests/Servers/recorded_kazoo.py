#!/usr/bin/env python3
"""Plays a recorded Kazoo on servers that are not ours: Python's http.server, and websockets from PyPI.

usage: recorded_kazoo.py VERSION SUBSCRIPTIONS, in the directory with the recordings

PUT /v2/... is answered with a recorded login; PUT /N/v2/... with the Nth answer of crossbar_http.jsonl. On the
WebSocket each subscribe gets its recorded reply; after so many of them come the recorded events. Standard output says
where it listens, and then all that the client does, one JSON object a line.
"""

import asyncio
import http.server
import json
import pathlib
import sys
import threading

import websockets
from websockets.asyncio.server import ServerConnection, serve

VERSION, SUBSCRIPTIONS = sys.argv[1], int(sys.argv[2])


def recording(path: str) -> list[dict]:
    return [json.loads(line) for line in pathlib.Path(path).read_text().split("\n") if line]


# No recording of a login is of version 5; its answers have the same form.
ANSWERS = [entry for entry in recording("transcripts/v4/crossbar_http.jsonl") if entry["dir"] == "in"]
EVENTS = [path.read_text() for path in sorted(pathlib.Path(f"events/{VERSION}").iterdir())]


def recorded_replies() -> dict[str, dict]:
    frames = [json.loads(entry["text"]) for entry in recording(f"transcripts/{VERSION}/events.jsonl")
              if entry["dir"] != "note" and "text" in entry]
    bindings = {frame["request_id"]: frame["data"]["binding"] for frame in frames if frame["action"] == "subscribe"}
    return {bindings[frame["request_id"]]: frame for frame in frames if frame["action"] == "reply"}


REPLIES = recorded_replies()
printing = threading.Lock()


def tell(**facts) -> None:
    with printing:
        print(json.dumps(facts), flush=True)


class Crossbar(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        tell(kind="request", path=self.path, body=body, headers=dict(self.headers.items()))
        number = self.path.split("/")[1]
        answer = ANSWERS[int(number)] if number.isdigit() else ANSWERS[0]
        payload = (answer["body"] or "").encode()
        self.send_response(answer["status"])
        for name, value in answer["headers"].items():
            if name not in ("content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_) -> None:
        pass


async def blackhole(connection: ServerConnection) -> None:
    request = connection.request
    tell(kind="upgrade", path=request.path, headers={name.lower(): value for name, value in request.headers.raw_items()})
    subscriptions = 0
    try:
        # websockets refuses a frame that is not masked: what arrives here was.
        async for message in connection:
            command = json.loads(message)
            tell(kind="command", action=command["action"], has_token="auth_token" in command, data=command["data"])
            reply = REPLIES[command["data"]["binding"]] | {"request_id": command["request_id"]}
            await connection.send(json.dumps(reply, separators=(",", ":")))
            subscriptions += 1
            if subscriptions == SUBSCRIPTIONS:
                await play(connection)
    except websockets.ConnectionClosed:
        pass
    tell(kind="closed", code=connection.close_code)


async def play(connection: ServerConnection) -> None:
    for number, event in enumerate(EVENTS):
        if number == 1:
            await connection.send(fragments(connection, event))
        else:
            await connection.send(event)
        if number % 5 == 0:
            # Comes back when the client has answered with the same bytes.
            await (await connection.ping(b"%d \xff" % number))
            tell(kind="pong")


async def fragments(connection: ServerConnection, event: str):
    """One message in many frames, the first of them empty, with a ping between two of them."""
    pong = None
    yield ""
    for start in range(0, len(event), 100):
        yield event[start : start + 100]
        if pong is None:
            pong = await connection.ping(b"amid a message")
    await pong
    tell(kind="pong")


async def main() -> None:
    crossbar = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Crossbar)
    threading.Thread(target=crossbar.serve_forever, daemon=True).start()
    async with serve(blackhole, "127.0.0.1", 0, max_size=1 << 24) as server:
        tell(kind="listening", api=crossbar.server_port, websocket=server.sockets[0].getsockname()[1])
        await server.serve_forever()


asyncio.run(main())
