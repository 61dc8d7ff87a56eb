"""The journal alone: `journal-benchmark`, one kind of work a process."""

import json
import pathlib
import shutil
import subprocess

from bench import machine
from bench.clients import Programs
from bench.figures import Column, Entry
from bench.row import Row
from bench.trial import Failed

# For the making of 10 GB on a slow disk.
LIMIT_SECONDS = 3600
# With everything that stands beside an event of 1.5 KB.
BYTES_PER_EVENT = 2_180
MEMORY_COLUMNS = [
    Column("before", "MB before", 0, 1e-6), Column("middle", "in the middle", 0, 1e-6),
    Column("end", "at the end", 0, 1e-6), Column("peak", "most", 0, 1e-6),
]


class JournalRow(Row):
    """Some kinds of work, each a command of `journal-benchmark`."""

    commands: dict[str, str]
    """By the names of the entries."""

    def __init__(self, programs: Programs, events: int) -> None:
        super().__init__()
        self._program, self._room, self._events = programs.release / "journal-benchmark", programs.room, events
        version = machine.package_version("libsqlite3-0")
        self.entries = [Entry(name, f"libsqlite3 {version}" if "SQLite" in name else "") for name in self.commands]

    @property
    def path(self) -> pathlib.Path:
        return self._room / f"{self.name}.sqlite"

    def work(self, command: str) -> dict:
        """What one process has measured."""
        arguments = [self._program, command, self.path, str(self._events)]
        run = subprocess.run(arguments, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        if run.returncode != 0:
            raise Failed(f"journal-benchmark {command} ended with {run.returncode}:\n{run.stderr}")
        return json.loads(run.stdout)

    def make(self) -> None:
        """Makes the journal that all rounds work on, where there is none yet."""
        if self.path.exists():
            return
        needed, free = self._events * BYTES_PER_EVENT * 2, shutil.disk_usage(self._room).free
        if free < needed:
            raise Failed(f"{self._room}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free")
        self.work("make")

    def note(self, entry: Entry, result: dict) -> None:
        """Adds what was measured to an entry."""
        before, *middle, end = result["memory"]
        middle = middle[0] if middle else end
        entry.add("seconds", result["seconds"])
        entry.add("rate", self._events / result["seconds"])
        entry.add("cpu", result["cpu_seconds"] / self._events * 1e6)
        for name, value in {
            "before": before, "middle": middle, "end": end, "peak": result["peak_memory"], "later": end - middle,
        }.items():
            entry.add(name, value)


class AppendRow(JournalRow):
    """Events onto the disk, each group before the next one."""

    name = "journal-append"
    commands = {"journal": "append", "SQLite in C": "append-in-c", "plain file": "append-to-file"}
    columns = [
        Column("rate", "1,000 events a second", 1, 1e-3), Column("ratio", "time, × SQLite in C", 2),
        Column("cpu", "CPU s per million", 2), Column("groups", "groups", 0), *MEMORY_COLUMNS,
    ]

    def __init__(self, programs: Programs, events: int) -> None:
        super().__init__(programs, events)
        self.title = f"{events:,} events of 1,500 bytes onto the disk, synchronized after each group of about 2,500"

    def round(self) -> None:
        results = {}
        for name, command in self.commands.items():
            results[name] = self.work(command)
            for path in self.path.parent.glob(self.path.name + "*"):
                path.unlink()
        for entry in self.entries:
            result = results[entry.name]
            self.note(entry, result)
            entry.add("ratio", result["seconds"] / results["SQLite in C"]["seconds"])
            entry.add("groups", result["groups"])


class ReadRow(JournalRow):
    """A consumer that is everything behind."""

    name = "journal-read"
    commands = {"a consumer that does nothing": "read", "the file consumer": "consume"}
    columns = [Column("rate", "1,000 events a second", 0, 1e-3), Column("cpu", "CPU s per million", 2), *MEMORY_COLUMNS]

    def __init__(self, programs: Programs, events: int) -> None:
        super().__init__(programs, events)
        self.title = f"A consumer that is {events:,} events behind, each of 1,500 bytes"

    def round(self) -> None:
        self.make()
        for entry in self.entries:
            self.note(entry, self.work(self.commands[entry.name]))


class OpenRow(JournalRow):
    """A large journal when the program starts, with nothing of it in memory."""

    name = "journal-open"
    commands = {"first event that can be read": "open-to-read", "first event that is committed": "open-to-append"}
    columns = [Column("seconds", "ms", 1, 1e3), Column("cpu", "CPU ms", 1), Column("end", "MB resident", 0, 1e-6)]

    def __init__(self, programs: Programs, megabytes: int) -> None:
        super().__init__(programs, megabytes * 1_000_000 // BYTES_PER_EVENT)
        self._megabytes = megabytes

    @property
    def title(self) -> str:
        size = self.path.stat().st_size if self.path.exists() else self._megabytes * 1e6
        return f"From nothing to a journal of {size / 1e9:.1f} GB that is of use, none of it in the page cache"

    def round(self) -> None:
        self.make()
        for entry in self.entries:
            result = self.work(self.commands[entry.name])
            self.note(entry, result)
            entry.figures["cpu"].values[-1] = result["cpu_seconds"] * 1e3
