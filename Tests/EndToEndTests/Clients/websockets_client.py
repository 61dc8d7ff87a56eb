#!/usr/bin/env python3
"""A client of Kazoo that is not ours: urllib, and websockets from PyPI.

usage: websockets_client.py API WEBSOCKET BINDING ...

Logs in as admin of the account Acme with the credentials of the recordings, subscribes to the bindings one by one, and
prints each event as it came, one a line.
"""

import asyncio
import json
import sys
import urllib.request

import websockets

API, WEBSOCKET, BINDINGS = sys.argv[1], sys.argv[2], sys.argv[3:]


def log_in() -> dict:
    credentials = {"credentials": "2d1e4f91dae49cd08eaba2293e422273", "account_name": "Acme"}
    request = urllib.request.Request(
        f"{API}/v2/user_auth", method="PUT", data=json.dumps({"data": credentials}).encode(),
        headers={"content-type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
        return json.load(response)


async def main() -> None:
    login = log_in()
    async with websockets.connect(WEBSOCKET, max_size=1 << 24, proxy=None) as connection:
        for number, binding in enumerate(BINDINGS):
            await connection.send(json.dumps({
                "action": "subscribe", "auth_token": login["auth_token"], "request_id": str(number),
                "data": {"account_id": login["data"]["account_id"], "binding": binding}}))
            reply = json.loads(await connection.recv())
            assert reply["status"] == "success" and reply["request_id"] == str(number), reply
        async for message in connection:
            print(message, flush=True)


asyncio.run(main())
