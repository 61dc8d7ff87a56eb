#!/usr/bin/env python3
"""Where the processor time of an event goes: samples of kazoo-subscribe while it gets a burst.

`make profile` builds what is measured and calls this. perf takes the samples by the clock, which virtual machines have,
too; those in the kernel need root, or kernel.perf_event_paranoid=1.
"""

import argparse
import collections
import dataclasses
import pathlib
import re
import subprocess
import tempfile

from bench import events
from bench.clients import Programs
from bench.trial import Load, Trials

BUILD = pathlib.Path(__file__).parents[1] / ".build"
SHOWN = 20


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=events.KINDS, default="small", help="of the events (default: %(default)s)")
    parser.add_argument("--count", type=int, default=5_000_000, help="how many events (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=0, help="events a second, each in a packet of its own")
    parser.add_argument("--match", action="append", default=[], help="a condition, as for kazoo-subscribe --match")
    parser.add_argument("--release", type=pathlib.Path, default=BUILD / "release", help="our release build")
    return parser.parse_args()


def sample(options: argparse.Namespace, work: pathlib.Path) -> list[tuple[float, str, str]]:
    """Share in percent, program or library, and function."""
    programs = Programs(BUILD / "bench", options.release, work, work)
    client = programs.ours(options=[word for condition in options.match for word in ("--match", condition)])
    data = work / "samples"
    recording = ["perf", "record", "--quiet", "--event", "cpu-clock", "--freq", "5000", "--output", str(data), "--"]
    client = dataclasses.replace(client, command=[*recording, *client.command])
    Trials(programs).run(client, Load(options.kind, options.count, options.rate))
    report = ["perf", "report", "--input", str(data), "--stdio", "--quiet", "--fields", "overhead,dso,sym", "-t", "\t"]
    lines = subprocess.run(report, check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [[word.strip() for word in line.split("\t")] for line in lines if line]
    return [(float(share.removesuffix("%")), place, re.sub(r"^\[.\] ", "", name)) for share, place, name, *_ in rows]


def module(place: str, function: str) -> str:
    """The part of the whole that a function belongs to."""
    if place.startswith("["):
        return "kernel"
    if place != "kazoo-subscribe":
        return place
    if own := re.match(r"\$s(\d+)(\w+)", function):
        return own[2][:int(own[1])]
    return "Swift's library and runtime"


def demangled(functions: list[str]) -> list[str]:
    """Swift's functions as they are written."""
    return subprocess.run(
        ["swift", "demangle", "--compact", "--simplified"], input="\n".join(functions), check=True, capture_output=True,
        text=True).stdout.splitlines()


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory() as work:
        rows = sample(options, pathlib.Path(work))
    modules: collections.Counter[str] = collections.Counter()
    for share, place, function in rows:
        modules[module(place, function)] += share
    print("\n".join(f"{share:6.1f} %  {name}" for name, share in modules.most_common() if share >= 0.1), end="\n\n")
    largest = sorted(rows, reverse=True)[:SHOWN]
    for (share, place, function), name in zip(largest, demangled([row[2] for row in largest]), strict=True):
        print(f"{share:6.1f} %  {module(place, function)}: {name[:110]}")


if __name__ == "__main__":
    main()
