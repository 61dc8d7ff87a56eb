"""A look at everything, every few seconds: the process, its files, and how far each consumer is."""

import contextlib
import dataclasses
import os
import pathlib
import re
import sqlite3
import time

from soak import arrivals
from soak.arrivals import Arrivals
from soak.setting import CONSUMERS, Places

TICK = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Sample:
    """One look. Sizes in bytes, latencies in milliseconds, of what came since the look before."""

    seconds: float
    """Since the daemon has subscribed."""
    resident: int
    descriptors: int
    threads: int
    cores: float
    """How many processors the daemon has kept busy since the look before."""
    rate: float
    """Events a second that were committed since the look before."""
    journal: int
    log: int
    archive: int
    """What the file consumer has on the disk, old files included."""
    lag: dict[str, int]
    """How many events of the journal each consumer is not done with."""
    latency: dict[str, dict[str, float] | None]


class Sampler:
    """Takes looks at one daemon."""

    def __init__(self, process: int, places: Places) -> None:
        self._process = pathlib.Path(f"/proc/{process}")
        self._places = places
        self._begin = self._last = time.monotonic()
        self._cpu = self._processor_seconds()
        self._committed = 0
        self._seen = {name: Arrivals.read(places.state(name)) for name in ("archive", "stream")}
        self._notes_read = 0

    def look(self) -> Sample:
        now, cpu = time.monotonic(), self._processor_seconds()
        committed, lag = self._places_of_consumers()
        status = (self._process / "status").read_text()
        sample = Sample(
            seconds=round(now - self._begin, 3),
            resident=self._number("VmRSS", status) * 1024,
            descriptors=len(os.listdir(self._process / "fd")),
            threads=self._number("Threads", status),
            cores=round((cpu - self._cpu) / (now - self._last), 3),
            rate=round((committed - self._committed) / (now - self._last)),
            journal=size(self._places.journal),
            log=size(self._places.log),
            archive=sum(size(path) for path in self._places.archive.parent.iterdir()),
            lag=lag,
            latency={name: self._latency(name) for name in self._seen} | {"hook": self._hook_latency()})
        self._last, self._cpu, self._committed = now, cpu, committed
        return sample

    def _processor_seconds(self) -> float:
        # The name of the program may have anything in it, but ends with the last parenthesis.
        fields = (self._process / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    @staticmethod
    def _number(name: str, status: str) -> int:
        return int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1])

    def _places_of_consumers(self) -> tuple[int, dict[str, int]]:
        """The last number in the journal, and how far each consumer is behind it: by asking as anybody may ask."""
        with contextlib.closing(sqlite3.connect(f"file:{self._places.journal}?mode=ro", uri=True)) as database:
            last = database.execute("SELECT value FROM counters WHERE name = 'last_sequence'").fetchone()[0]
            positions = dict(database.execute("SELECT consumer, position FROM cursors"))
        return last, {name: max(0, last - positions.get(name, 0)) for name in CONSUMERS}

    def _latency(self, consumer: str) -> dict[str, float] | None:
        now = Arrivals.read(self._places.state(consumer))
        before, self._seen[consumer] = self._seen[consumer], now
        return now.latency_since(before)

    def _hook_latency(self) -> dict[str, float] | None:
        notes = self._places.notes
        if not notes.exists():
            return None
        with open(notes, "rb") as file:
            file.seek(self._notes_read)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._notes_read += len(whole)
        return arrivals.of_list([int(line.split()[1]) for line in whole.splitlines()])


def size(path: pathlib.Path) -> int:
    """Of a file that may be gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
