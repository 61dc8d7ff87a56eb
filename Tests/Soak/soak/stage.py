"""The processes of a soak: a sender that plays Kazoo, the daemon, and a witness at the end of each consumer."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading
from collections.abc import Iterator

from bench import events

from soak.setting import Load, Places

END_SECONDS = 60


class Failed(Exception):
    """A soak that could not be carried out."""


class Stage:
    """Everything at work; whoever has it waits for the end of what is sent."""

    def __init__(self, sender: subprocess.Popen, daemon: subprocess.Popen, follower: subprocess.Popen) -> None:
        self.daemon = daemon
        self._sender, self._follower = sender, follower
        self._told: dict = {}
        self._has_begun, self._is_sent = threading.Event(), threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._sender.stdout:
            self._told |= json.loads(line)
            self._has_begun.set()
            if "sent" in self._told:
                self._is_sent.set()
        self._has_begun.set()
        self._is_sent.set()

    def wait_for_begin(self, seconds: float) -> None:
        """Returns when the daemon has subscribed."""
        if not self._has_begun.wait(seconds) or "subscribed_at" not in self._told:
            raise Failed("the daemon does not subscribe")

    def is_sent(self, seconds: float) -> bool:
        """Waits for so long; tells whether everything is sent, or nothing more will be."""
        return self._is_sent.wait(seconds)

    @property
    def sent(self) -> dict:
        """What the sender has sent: how many events, how many bytes, and their checksum."""
        return {name: self._told.get(name, 0) for name in ("sent", "bytes", "checksum")}

    def check(self) -> None:
        """Sees to it that nobody has ended who should be at work."""
        for name, process in {"daemon": self.daemon, "witness of the file": self._follower}.items():
            if process.poll() is not None:
                raise Failed(f"the {name} has ended with {process.returncode}")

    def finish(self) -> int:
        """Ends the daemon, and then those that watch it.

        Returns the exit code of the daemon.
        """
        self.daemon.send_signal(signal.SIGTERM)
        code = self.daemon.wait(END_SECONDS)
        self._follower.send_signal(signal.SIGTERM)
        if self._follower.wait(END_SECONDS) != 0:
            raise Failed("the witness of the file has failed")
        self._sender.wait(END_SECONDS)
        return code


@contextlib.contextmanager
def at_work(load: Load, places: Places, program: pathlib.Path) -> Iterator[Stage]:
    """Starts everything, and ends what is left."""
    for directory in (places.journal.parent, places.archive.parent):
        directory.mkdir(parents=True)
    (places.directory / "token").touch(mode=0o600)
    (places.directory / "token").write_text("token\n")
    lines = events.write("call", places.directory / "events")
    with contextlib.ExitStack() as stack:
        sender = start(
            stack, places.programs / "sender", "--events", lines, "--count", load.events, "--rate", load.rate,
            "--replies", "--hold", stdout=subprocess.PIPE, text=True)
        port = json.loads(sender.stdout.readline())["port"]
        follower = start(
            stack, places.programs / "witness", places.state("archive"), "--follow", places.archive, "--samples",
            places.samples)
        config = places.directory / "config.yaml"
        config.write_text(places.config(load, port))
        messages = stack.enter_context(open(places.directory / "messages", "wb"))
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        daemon = start(stack, program, "run", "--config", config, stderr=messages, env=environment)
        yield Stage(sender, daemon, follower)


def start(stack: contextlib.ExitStack, *command: object, **options: object) -> subprocess.Popen:
    process = subprocess.Popen([str(word) for word in command], **options)
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
