#!/usr/bin/env python3
"""Runs the Autobahn|Testsuite, cases 1 to 10, against the client, and fails unless every case passes.

usage: run.py FUZZINGSERVER CLIENT
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

AGENT = "kazoo-subscribe"
PASSES = {"OK", "NON-STRICT", "INFORMATIONAL"}
# Sections 1 to 10; 12 and 13 are about compression, which Kazoo does not offer and the client does not ask for.
CASES = 301


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("the fuzzing server does not listen")


def main() -> None:
    fuzzing_server, client = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        url = f"ws://127.0.0.1:{port}"
        spec = pathlib.Path(directory, "spec.json")
        spec.write_text(json.dumps({
            "url": url, "outdir": directory, "cases": ["*"], "exclude-cases": ["12.*", "13.*"],
            # The server's default of one second for the closing handshake is too short for a busy machine.
            "exclude-agent-cases": {}, "options": {"closeHandshakeTimeout": 20},
        }))
        server = subprocess.Popen([fuzzing_server, str(spec)], stdout=subprocess.DEVNULL)
        try:
            wait_until_listening(port, server)
            subprocess.run([client, url, AGENT], check=True, timeout=300, stdout=subprocess.DEVNULL)
        finally:
            server.terminate()
            server.wait(10)
        results = json.loads(pathlib.Path(directory, "index.json").read_text())[AGENT]

    counts: dict[str, int] = {}
    failures = []
    for case, result in results.items():
        counts[result["behavior"]] = counts.get(result["behavior"], 0) + 1
        if not {result["behavior"], result["behaviorClose"]} <= PASSES:
            failures.append(f"{case}: {result['behavior']}, close {result['behaviorClose']}")
    print("Autobahn:", ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    for failure in failures:
        print("  failed:", failure)
    if len(results) != CASES:
        failures.append("missing cases")
        print(f"  {len(results)} cases instead of {CASES}")
    print(f"{len(results) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
