"""One run of one client: a sender, the client, and a reader at the other end of its pipe."""

import contextlib
import dataclasses
import json
import mmap
import os
import pathlib
import re
import signal
import struct
import subprocess
import threading
import time
from collections.abc import Iterator

from bench import events
from bench.clients import Client, Programs

LIMIT_SECONDS = 600
SUBSCRIBE = b'{"action":"subscribe"}\n'


class Failed(Exception):
    """A run that did not bring what was sent."""


@dataclasses.dataclass(frozen=True)
class Load:
    """What is sent, and how."""

    kind: str = "small"
    count: int = 0
    rate: int = 0
    """Events a second, each in a packet of its own; 0 for as fast as the client takes them."""
    is_encrypted: bool = False
    one_per_write: bool = False
    is_pinned: bool = False
    """Whether client and reader have one processor for themselves, and the sender another one."""

    def with_count(self, count: int) -> "Load":
        return dataclasses.replace(self, count=count)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a run took. Times in seconds, of the client's process alone; latencies in microseconds."""

    user: float
    system: float
    wall: float
    subscribed_after: float
    """From the client's start to its first subscribe at the server."""
    latency: dict[str, float] | None

    @property
    def cpu(self) -> float:
        return self.user + self.system


class Trials:
    """Runs clients."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self._expected: dict[Load, dict] = {}
        self._certificate = programs.work / "certificate.pem"
        self._key = programs.work / "key.pem"
        self._progress = programs.work / "progress"
        for kind in events.KINDS:
            events.write(kind, self._events(kind))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self._key, "-out", self._certificate],
            check=True, capture_output=True)

    def _events(self, kind: str) -> pathlib.Path:
        return self.programs.work / f"{kind}.events"

    def run(self, client: Client, load: Load) -> Outcome:
        """Sends everything to the client, and makes sure that every byte has come out of it."""
        with self._sent(client, load, *(["--hold"] if client.stays else [])) as flow:
            if client.stays:
                flow.wait_for_lines(load.count)
                flow.client.send_signal(signal.SIGTERM)
            outcome = flow.finish(client)
        expected = self._expectation(load) if load.rate == 0 else flow.sent
        for fact in ("bytes", "checksum"):
            if flow.read[fact] != expected[fact]:
                raise Failed(f"{client.name}: {load}: {fact} sent {expected}, read {flow.read}\n{flow.complaints}")
        if flow.read["lines"] != load.count:
            raise Failed(f"{client.name}: {flow.read['lines']} lines of {load.count}")
        return outcome

    def memory(self, client: Client, load: Load) -> tuple[int, int]:
        """Resident memory while the connection is open and everything has come, and the most so far; in bytes."""
        with self._sent(client, load, "--hold") as flow:
            flow.wait_for_lines(load.count)
            # What it does when it has nothing to do any more is a part of it.
            time.sleep(1)
            status = pathlib.Path(f"/proc/{flow.client.pid}/status").read_text()
        resident, peak = (int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)[1]) for name in ("VmRSS", "VmHWM"))
        return resident * 1024, peak * 1024

    def _expectation(self, load: Load) -> dict:
        """What a burst will bring."""
        if load not in self._expected:
            text = subprocess.run(
                [self.programs.directory / "sender", "--events", self._events(load.kind), "--count", str(load.count),
                 "--dry"],
                check=True, capture_output=True, text=True).stdout
            self._expected[load] = json.loads(text)
        return self._expected[load]

    @contextlib.contextmanager
    def _sent(self, client: Client, load: Load, *options: str) -> Iterator["Flow"]:
        self._progress.write_bytes(bytes(Flow.PROGRESS.size))
        command = [
            self.programs.directory / "sender", "--events", self._events(load.kind), "--count", str(load.count),
            "--progress", self._progress, *options,
        ]
        if load.rate:
            command += ["--rate", str(load.rate)]
        if load.one_per_write:
            command += ["--one-per-write"]
        if load.is_encrypted:
            command += ["--certificate", self._certificate, "--key", self._key]
        if client.gets_replies:
            command += ["--replies"]
        reader = [self.programs.directory / "reader", self._progress] + (["--latency"] if load.rate else [])
        if load.is_pinned:
            processors = sorted(os.sched_getaffinity(0))
            here, there = (["taskset", "--cpu-list", str(number)] for number in (processors[-1], processors[0]))
            command, reader = there + command, here + reader
            client = dataclasses.replace(client, command=[*here, *client.command])
        flow = Flow(command, reader, self._progress)
        try:
            flow.start(client, load.is_encrypted, self._certificate)
            yield flow
        finally:
            flow.end()


class Flow:
    """Three processes, and what becomes of them."""

    PROGRESS = struct.Struct("=QQ")

    def __init__(self, sender: list, reader: list, progress: pathlib.Path) -> None:
        self.sent: dict = {}
        self.read: dict = {}
        self.complaints = ""
        self._progress = progress
        self._sender = subprocess.Popen(sender, stdout=subprocess.PIPE, text=True)
        self._port = json.loads(self._sender.stdout.readline())["port"]
        pipe, self._into_pipe = os.pipe()
        self._reader = subprocess.Popen(reader, stdin=pipe, stdout=subprocess.PIPE, text=True)
        os.close(pipe)
        self._watch = threading.Timer(LIMIT_SECONDS, self._kill)
        self.client: subprocess.Popen | None = None

    def start(self, client: Client, is_encrypted: bool, certificate: pathlib.Path) -> None:
        """Starts the client."""
        places = {
            "URL": f"{'wss' if is_encrypted else 'ws'}://127.0.0.1:{self._port}",
            "API": f"http://127.0.0.1:{self._port}", "CERTIFICATE": str(certificate),
        }
        command = [places.get(word, word) for word in client.command]
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment |= {name: places.get(value, value) for name, value in client.environment.items()}
        # Who has no other way to subscribe sends what it is given; the pipe stays open.
        commands, self._commands = os.pipe()
        os.write(self._commands, SUBSCRIBE)
        with open(self._progress.with_name("complaints"), "w+b") as complaints:
            self._started = time.monotonic_ns()
            self.client = subprocess.Popen(
                command, stdin=commands, stdout=self._into_pipe, stderr=complaints,
                env=environment)
        os.close(commands)
        os.close(self._into_pipe)
        self._into_pipe = None
        self._watch.start()

    def finish(self, client: Client) -> Outcome:
        """Waits for the end of all three."""
        _, status, usage = os.wait4(self.client.pid, 0)
        wall = (time.monotonic_ns() - self._started) / 1e9
        self.client.returncode = os.waitstatus_to_exitcode(status)
        self.complaints = self._progress.with_name("complaints").read_text(errors="replace")
        if self.client.returncode != client.exit_code:
            raise Failed(f"{client.name} ended with {self.client.returncode}:\n{self.complaints}")
        self.read = json.loads(self._reader.communicate()[0])
        for line in self._sender.communicate()[0].splitlines():
            self.sent |= json.loads(line)
        return Outcome(
            usage.ru_utime, usage.ru_stime, wall,
            (self.sent["subscribed_at"] - self._started) / 1e9, self.read.get("latency"))

    def wait_for_lines(self, count: int) -> None:
        """Waits until the reader has so many lines, and at first for the subscription."""
        self.sent |= json.loads(self._sender.stdout.readline() or "{}")
        with open(self._progress, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as shared:
            while self.PROGRESS.unpack(shared[: self.PROGRESS.size])[1] < count:
                if self.client.poll() is not None:
                    raise Failed(f"the client ended with {self.client.returncode} before everything had come")
                time.sleep(0.05)

    def end(self) -> None:
        """Ends whatever has not ended."""
        self._watch.cancel()
        self._kill()
        for process in (self.client, self._sender, self._reader):
            if process is not None and process.returncode is None:
                process.wait()
        for process in (self._sender, self._reader):
            process.stdout.close()
        for descriptor in (self._into_pipe, self._commands):
            if descriptor is not None:
                os.close(descriptor)

    def _kill(self) -> None:
        for process in (self.client, self._sender, self._reader):
            if process is not None and process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)

    _commands: int | None = None
    _started = 0
