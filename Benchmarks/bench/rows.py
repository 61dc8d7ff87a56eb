"""What is measured: each row is one kind of work, done by several programs in turn."""

import json
import subprocess

from bench import events, machine
from bench.clients import OTHERS, Client, Programs, of_another_account, of_another_call
from bench.figures import Column, Entry, Figure, Goal, ratio
from bench.journal import AppendRow, OpenRow, ReadRow
from bench.row import Row, Scale
from bench.trial import Load, Trials

OURS = "kazoo-subscribe"
DAEMON, DAEMON_WITH_JOURNAL = "kazoo-subscribe run, without a journal", "kazoo-subscribe run, with a journal"
ALONE = "kazoo-subscribe run, one consumer"
AND_OTHERS = {
    f"and {OTHERS:,} others with `match`": of_another_account,
    f"and {OTHERS:,} others with `bindings`": of_another_call,
}
"""Further consumers, of which none wants an event."""


class StreamRow(Row):
    """Events from a socket into a pipe: processor time for a million of them, and latency where they are paced."""

    def __init__(self, name: str, title: str, trials: Trials, clients: list[Client], load: Load) -> None:
        super().__init__()
        self.name, self.title, self.load = name, f"{title}, {load.count:,} events", load
        self.columns = [
            Column("cpu", "CPU s per million", 3), Column("user", "user", 3), Column("system", "system", 3),
        ]
        if load.rate:
            self.columns += [Column("p50", "p50 µs", 0), Column("p99", "p99 µs", 0)]
        self._trials = trials
        self._clients = clients
        for client in clients:
            absent = None if client.version else "cannot be had here"
            self.entries.append(Entry(client.name, client.version, absent=absent))

    def round(self) -> None:
        for client, entry in zip(self._clients, self.entries, strict=True):
            if entry.absent:
                continue
            # What a client takes to start, and to end, is not what an event costs.
            idle = self._trials.run(client, self.load.with_count(0))
            busy = self._trials.run(client, self.load)
            millions = self.load.count / 1e6
            entry.add("user", max(busy.user - idle.user, 0) / millions)
            entry.add("system", max(busy.system - idle.system, 0) / millions)
            entry.add("cpu", max(busy.cpu - idle.cpu, 0) / millions)
            entry.add("start_cpu", idle.cpu)
            entry.add("wall", busy.wall)
            for name, value in (busy.latency or {}).items():
                entry.add(name, value)


class StepRow(Row):
    """Single steps, each in a process of its own."""

    columns = [Column("cpu", "ns per event", 0, 1e3), Column("gigabytes", "GB/s", 2)]

    def __init__(self, name: str, title: str, programs: Programs, kind: str, count: int) -> None:
        super().__init__()
        self.name, self.title, self._count = name, title, count
        self._size = events.average_size(kind)
        file = events.write(kind, programs.work / f"{kind}.lines", 1000)
        micro, simdjson = programs.release / "micro-benchmark", programs.directory / "simdjson"
        self._commands = {}
        for program, command in {
            "scanner": [micro, "scan"],
            "scanner, after the check of UTF-8": [micro, "text"],
            "simdjson, DOM": [simdjson, "dom"],
            "simdjson, on demand": [simdjson, "ondemand"],
            "frames and UTF-8": [micro, "frames"],
            "frames, UTF-8, JSON, batch": [micro, "batch"],
        }.items():
            self._commands[program] = [*command, file]
            version = machine.package_version("libsimdjson-dev") if command[0] == simdjson else ""
            self.entries.append(Entry(program, version))

    def round(self) -> None:
        for entry in self.entries:
            command = [*self._commands[entry.name], str(self._count)]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            entry.add("cpu", result["cpu_seconds"] / self._count * 1e6)
            entry.add("gigabytes", self._size * self._count / result["cpu_seconds"] / 1e9)


class RoutingRow(Row):
    """The router, by the consumers that are there."""

    name = "routing"
    title = "From a received message to the consumers, against one consumer that takes all"
    columns = [Column("ratio", "×", 2), Column("cpu", "CPU s per million", 3)]

    def __init__(self, programs: Programs, count: int) -> None:
        super().__init__()
        self._command = [programs.release / "routing-benchmark", str(count)]

    def round(self) -> None:
        for line in subprocess.run(self._command, check=True, capture_output=True, text=True).stdout.splitlines():
            result = json.loads(line)
            name = f"{result['bytes']} bytes: {result['scenario']}"
            entry = next((entry for entry in self.entries if entry.name == name), None)
            if entry is None:
                entry = Entry(name, "")
                self.entries.append(entry)
            entry.add("cpu", result["read"] + result["route"])
            entry.add("ratio", result["ratio"])


class StartRow(Row):
    """From the start of the program to its first subscribe at the server, login included."""

    name = "start"
    title = "From the program's start to its first subscribe at the server, login included"
    columns = [Column("milliseconds", "ms", 1), Column("cpu", "CPU ms in all", 1, 1e3)]
    runs_a_round = 5

    def __init__(self, trials: Trials, clients: list[Client]) -> None:
        super().__init__()
        self._trials, self._clients = trials, clients
        self.entries = [Entry(client.name, client.version) for client in clients]

    def round(self) -> None:
        for _ in range(self.runs_a_round):
            for client, entry in zip(self._clients, self.entries, strict=True):
                outcome = self._trials.run(client, Load())
                entry.add("milliseconds", outcome.subscribed_after * 1000)
                entry.add("cpu", outcome.cpu)


class MemoryRow(Row):
    """Resident memory, with the connection open."""

    name = "memory"
    title = "Resident memory of kazoo-subscribe, connection open"
    columns = [Column("resident", "MB", 1, 1e-6), Column("peak", "most so far, MB", 1, 1e-6)]

    def __init__(self, trials: Trials, client: Client, counts: list[int]) -> None:
        super().__init__()
        self._trials, self._client, self._counts = trials, client, counts
        for count in counts:
            self.entries.append(Entry(self.entry_name(count), client.version))

    @staticmethod
    def entry_name(count: int) -> str:
        return f"after {count:,} events" if count else "idle, subscribed"

    def round(self) -> None:
        for count, entry in zip(self._counts, self.entries, strict=True):
            if count >= 10_000_000 and entry.figures:
                continue  # once is enough
            resident, peak = self._trials.memory(self._client, Load("small", count))
            entry.add("resident", resident)
            entry.add("peak", peak)


def all_rows(programs: Programs, trials: Trials, scale: Scale) -> list[Row]:
    """Every row of the table."""
    floor, ours, websocat = programs.floor(), programs.ours(), programs.websocat()
    matching = programs.ours("kazoo-subscribe --match", ["--match", "data.app_version=*"])
    everybody = [floor, ours, matching, *programs.peers()]
    daemons = [programs.daemon(ALONE), *(programs.daemon(name, others=others) for name, others in AND_OTHERS.items())]
    small, call = (f"{events.average_size(kind):,}-byte" for kind in ("small", "call"))

    def stream(name: str, title: str, clients: list[Client], kind: str, count: int, **how: object) -> StreamRow:
        return StreamRow(name, title, trials, clients, Load(kind, scale.count(count), **how))

    return [
        stream("small", f"{small} events, ws to pipe", everybody, "small", 500_000),
        stream("call", f"{call} call events, ws to pipe", everybody, "call", 250_000),
        stream("small-tls", f"{small} events, wss to pipe", [floor, ours], "small", 500_000, is_encrypted=True),
        stream("call-tls", f"{call} call events, wss to pipe", [floor, ours], "call", 250_000, is_encrypted=True),
        stream(
            "call-records", f"{call} call events, wss to pipe, each in a TLS record of its own as Kazoo sends them",
            [floor, ours], "call", 250_000, is_encrypted=True, one_per_write=True),
        stream(
            "paced-5000", f"{small} events, one a packet, 5,000 a second, ws to pipe", [floor, ours, websocat],
            "small", 25_000, rate=5000),
        stream(
            "paced-pinned", f"{small} events, one a packet, 5,000 a second, ws to pipe, client and reader on one processor",
            [floor, ours, websocat], "small", 25_000, rate=5000, is_pinned=True),
        stream(
            "paced-50000", f"{small} events, one a packet, 50,000 a second, ws to pipe", [floor, ours, websocat],
            "small", 150_000, rate=50_000),
        StepRow("scan-small", f"Steps in one process, {small} events", programs, "small", scale.count(1_000_000)),
        StepRow("scan-call", f"Steps in one process, {call} call events", programs, "call", scale.count(300_000)),
        RoutingRow(programs, scale.count(300_000)),
        stream("others-small", f"{small} events, ws through the daemon to a pipe", daemons, "small", 2_000_000),
        stream("others-call", f"{call} call events, ws through the daemon to a pipe", daemons, "call", 500_000),
        StartRow(trials, [programs.ours_logging_in(), programs.start_in_c()]),
        MemoryRow(trials, ours, [0, scale.count(1_000_000)] + ([10_000_000] if scale.long else [])),
        AppendRow(programs, scale.count(200_000)),
        stream(
            "journal-path", f"{call} call events, one a packet, 2,000 a second, ws through the daemon to a pipe",
            [programs.daemon(DAEMON, has_journal=False), programs.daemon(DAEMON_WITH_JOURNAL, has_journal=True)],
            "call", 20_000, rate=2000),
        ReadRow(programs, scale.count(1_000_000)),
        OpenRow(programs, scale.journal_megabytes),
    ]


def goals(rows: list[Row]) -> list[Goal]:
    """The project's goals, as far as the rows that were measured tell."""
    by_name = {row.name: row for row in rows}
    found: list[Goal] = []

    def add(text: str, limit: float, mine: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        """Compares two figures, each named by row, program and figure."""
        pair = [by_name[row].values(program, figure) if row in by_name else None for row, program, figure in (mine, other)]
        if all(pair):
            found.append(Goal(text, limit, ratio(*pair)))

    def add_value(text: str, limit: float, unit: str, row: str, program: str, figure: str, scale: float) -> None:
        values = by_name[row].values(program, figure) if row in by_name else None
        if values:
            found.append(Goal(text, limit, Figure([value * scale for value in values]), unit))

    add("small events, CPU against the floor", 2, ("small", OURS, "cpu"), ("small", "floor, in C", "cpu"))
    for entry in by_name["call"].entries if "call" in by_name else []:
        if entry.name not in ("floor, in C", OURS, "kazoo-subscribe --match"):
            add(f"call events, CPU against {entry.name}", 1, ("call", OURS, "cpu"), ("call", entry.name, "cpu"))
    for kind in ("small", "call"):
        add(f"{kind} events, CPU of wss against ws", 2, (f"{kind}-tls", OURS, "cpu"), (kind, OURS, "cpu"))
    for name, what in {
        "paced-5000": "at 5,000/s", "paced-pinned": "at 5,000/s, client and reader on one processor",
        "paced-50000": "at 50,000/s",
    }.items():
        add(f"one event a packet {what}, CPU against websocat", 1, (name, OURS, "cpu"), (name, "websocat", "cpu"))
    for kind in ("small", "call"):
        add(
            f"JSON scan of {kind} events, CPU against simdjson's DOM", 1, (f"scan-{kind}", "scanner", "cpu"),
            (f"scan-{kind}", "simdjson, DOM", "cpu"))
    for kind in ("small", "call"):
        add(
            f"--match on {kind} events, CPU against none", 1.2, (kind, "kazoo-subscribe --match", "cpu"),
            (kind, OURS, "cpu"))
    for kind in ("small", "call"):
        for name in AND_OTHERS:
            add(
                f"{kind} events, CPU of one consumer {name}, against the one", 1.2, (f"others-{kind}", name, "cpu"),
                (f"others-{kind}", ALONE, "cpu"))
    for entry in by_name["routing"].entries if "routing" in by_name else []:
        if "1,000" in entry.name:
            add_value(f"routing, {entry.name}", 1.2, "×", "routing", entry.name, "ratio", 1)
    add("p99 latency at 5,000/s against websocat", 1, ("paced-5000", OURS, "p99"), ("paced-5000", "websocat", "p99"))
    add_value("start to first subscribe", 30, " ms", "start", OURS, "milliseconds", 1)
    for entry in by_name["memory"].entries if "memory" in by_name else []:
        add_value(f"resident memory, {entry.name}", 20, " MB", "memory", entry.name, "resident", 1e-6)
    add(
        "appending to the journal, time against SQLite in C", 1.5, ("journal-append", "journal", "seconds"),
        ("journal-append", "SQLite in C", "seconds"))
    for entry in by_name["journal-read"].entries if "journal-read" in by_name else []:
        add_value(f"memory of {entry.name}, end against middle", 4, " MB", "journal-read", entry.name, "later", 1e-6)
    for entry in by_name["journal-open"].entries if "journal-open" in by_name else []:
        add_value(f"journal opened to the {entry.name}", 1000, " ms", "journal-open", entry.name, "seconds", 1e3)
    return found
