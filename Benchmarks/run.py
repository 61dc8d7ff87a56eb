#!/usr/bin/env python3
"""Runs the benchmark: every program in turn, round after round, and prints one table.

`make bench` builds what is measured and calls this.
"""

import argparse
import datetime
import json
import pathlib
import sys
import tempfile

from bench import machine, table
from bench.clients import Programs
from bench.rows import Row, Scale, all_rows, goals
from bench.trial import Failed, Trials

HERE = pathlib.Path(__file__).parent
BUILD = HERE.parent / ".build"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--row", action="append", metavar="NAME", help="only this row; may be repeated")
    parser.add_argument("--list", action="store_true", help="only list the rows")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: %(default)s)")
    parser.add_argument("--scale", type=float, default=1, help="0.1 for a tenth of the events (default: %(default)s)")
    parser.add_argument("--long", action="store_true", help="memory after 10 million events, too")
    parser.add_argument(
        "--journal-size", type=int, default=256, help="of the journal that is opened, in MB (default: %(default)s)")
    parser.add_argument("--room", type=pathlib.Path, default=BUILD, help="a directory on a disk with room for journals")
    parser.add_argument("--programs", type=pathlib.Path, default=BUILD / "bench", help="the programs in C")
    parser.add_argument("--release", type=pathlib.Path, default=BUILD / "release", help="our release builds")
    parser.add_argument("--output", type=pathlib.Path, help="the JSON file (default: Benchmarks/results/DATE.json)")
    return parser.parse_args()


def measure(rows: list[Row], rounds: int) -> None:
    """Rounds over all rows: what a neighbour does to the machine, it does to all of them."""
    for number in range(1, rounds + 1):
        for row in rows:
            print(f"round {number} of {rounds}: {row.name}", file=sys.stderr)
            row.round()


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory(dir=options.room, prefix="bench-") as room:
        programs = Programs(options.programs, options.release, pathlib.Path(work), pathlib.Path(room).absolute())
        rows = all_rows(programs, Trials(programs), Scale(options.scale, options.long, options.journal_size))
        if options.list:
            print("\n".join(f"{row.name:14} {row.title}" for row in rows))
            return
        if unknown := set(options.row or []) - {row.name for row in rows}:
            sys.exit(f"no such row: {', '.join(sorted(unknown))}; --list names them")
        rows = [row for row in rows if not options.row or row.name in options.row]
        facts = machine.describe() | {
            "python": sys.version.split()[0],
            "swift": machine.first_line("swift", "--version") or "unknown",
            "rounds": f"{options.rounds}, interleaved; median (least–most)",
        }
        try:
            measure(rows, options.rounds)
        except Failed as failure:
            sys.exit(f"error: {failure}")
    reached = goals(rows)
    date = datetime.date.today().isoformat()
    path = options.output or HERE / "results" / f"{date}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({
        "date": date, "machine": facts,
        "rows": [
            {"name": row.name, "title": row.title, "entries": [entry.as_json() for entry in row.entries]} for row in rows
        ],
        "goals": [goal.as_json() for goal in reached],
    }, indent=1, ensure_ascii=False) + "\n")
    print(table.document(facts, rows, reached))


if __name__ == "__main__":
    main()
