"""Recorded events, made ready to be sent again and again."""

import pathlib
import re

RECORDINGS = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/kazoo/events/v5"

# What is sent, in turn.
KINDS = {
    "small": ["presence_update", "conference_command"],
    "call": [
        "call_CHANNEL_CREATE", "call_CHANNEL_ANSWER", "call_CHANNEL_BRIDGE", "call_CHANNEL_HOLD", "call_CHANNEL_UNHOLD",
        "call_PARK_PARKED", "call_PARK_RETRIEVED", "call_PARK_ABANDONED", "call_CHANNEL_DESTROY",
    ],
}


def recorded(kind: str, number: int = 0) -> list[bytes]:
    """The events of a kind, each with the number as its message id, in twelve digits; the sender puts its own there."""
    identity = b'"msg_id":"%012x"' % number
    texts = [(RECORDINGS / f"{name}.json").read_bytes().strip() for name in KINDS[kind]]
    return [re.sub(rb'"msg_id":"[^"]*"', identity, text) for text in texts]


def write(kind: str, path: pathlib.Path, count: int | None = None) -> pathlib.Path:
    """Writes one event of each sort to a file, or so many events, each with a message id of its own."""
    if count is None:
        lines = recorded(kind)
    else:
        sorts = len(KINDS[kind])
        lines = [recorded(kind, number)[number % sorts] for number in range(count)]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def average_size(kind: str) -> int:
    """Bytes of an event, on the average."""
    texts = recorded(kind)
    return round(sum(map(len, texts)) / len(texts))
