"""What a soak is made of: its load, its limits, and the config file of the daemon."""

import dataclasses
import pathlib

ACCOUNT = "009afc511c97b2ae693c6cc4920988e8"
CONSUMERS = ("archive", "stream", "hook")


@dataclasses.dataclass(frozen=True)
class Load:
    """What is sent, and what the daemon is told to keep."""

    seconds: int
    rate: int
    """Events a second, each in a packet of its own."""
    journal_size: int
    """How large the journal may become, in bytes."""
    file_size: int
    """After how many bytes the file of events is rotated."""

    @property
    def events(self) -> int:
        return self.seconds * self.rate

    @property
    def journal_bytes(self) -> int:
        """What a second of it takes in the journal: an event has a page of 4 KiB to itself, and its id some more."""
        return self.rate * 4500


@dataclasses.dataclass(frozen=True)
class Limits:
    """What must hold, however fast the machine is."""

    growth: int = 16 << 20
    """How much resident memory may grow from the end of the warm-up to the end, in bytes: the allocator keeps what a burst
    has needed. In an hour, a leak of a byte an event would be 72 MB."""
    lag_seconds: int = 30
    """How far a consumer may be behind, in seconds of the load."""
    log: int = 128 << 20
    """How long the write-ahead log may become, in bytes: it is waited for at 32 and at 64 MiB, and a commit is on top."""
    excess_seconds: int = 2
    """How much the journal may be above its bound, in seconds of the load: retention looks once a second."""
    pool_threads: int = 4
    """How many threads the runtime's pool may have more at some times than at others."""
    hook_descriptors: int = 32
    """How many descriptors hooks may have open at once: four of them, each with pipes and a pidfd."""
    drain_seconds: int = 120
    """How long consumers may take for what is left at the end."""

    def journal(self, load: Load) -> int:
        """How large the journal may be, in bytes."""
        return load.journal_size + self.excess_seconds * load.journal_bytes


@dataclasses.dataclass(frozen=True)
class Places:
    """Where everything is."""

    directory: pathlib.Path
    programs: pathlib.Path

    @property
    def journal(self) -> pathlib.Path:
        return self.directory / "journal" / "journal.sqlite"

    @property
    def log(self) -> pathlib.Path:
        """The write-ahead log."""
        return self.directory / "journal" / "journal.sqlite-wal"

    @property
    def archive(self) -> pathlib.Path:
        return self.directory / "archive" / "events.ndjson"

    @property
    def notes(self) -> pathlib.Path:
        """What the hooks have written."""
        return self.directory / "notes"

    @property
    def samples(self) -> pathlib.Path:
        """The ids for which there must be a hook."""
        return self.directory / "samples"

    def state(self, consumer: str) -> pathlib.Path:
        """What a witness has seen."""
        return self.directory / f"{consumer}.state"

    def config(self, load: Load, port: int) -> str:
        """One consumer of each kind that stays, behind a journal that is kept small."""
        witness = self.programs / "witness"
        return f"""\
kazoo:
  server: http://127.0.0.1:{port}
  websocket: ws://127.0.0.1:{port}
  token_file: {self.directory / "token"}
  renew: 20s
subscriptions:
  - account: {ACCOUNT}
    bindings: ["call.*.*"]
journal:
  path: {self.journal}
  retain: 7d
  max_size: {load.journal_size}B
  queue: 256MiB
consumers:
  - name: archive
    type: file
    path: {self.archive}
    rotate: {{size: {load.file_size}B, keep: 4}}
  - name: stream
    type: hook
    mode: stream
    command: [{witness}, {self.state("stream")}]
  - name: hook
    type: hook
    match: {{data.msg_id: "*000"}}
    command: [{witness}, --note, {self.notes}]
    concurrency: 4
state_directory: {self.directory / "state"}
log: {{level: notice, format: json}}
"""
