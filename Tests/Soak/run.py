#!/usr/bin/env python3
"""A soak: the daemon under load for a long time, with a journal and three consumers. Nothing may get lost, or grow.

`make soak` builds what is needed and calls this. It leaves samples.ndjson, summary.json and soak.png, and fails where
something does not hold.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / ".build"
# In seconds.
TOLD_EVERY = 5
sys.path.insert(0, str(ROOT / "Benchmarks"))

from bench import machine  # noqa: E402

from soak import picture, report, verdict  # noqa: E402
from soak.arrivals import Arrivals  # noqa: E402
from soak.sampling import Sample, Sampler  # noqa: E402
from soak.setting import Limits, Load, Places  # noqa: E402
from soak.stage import Failed, Stage, at_work  # noqa: E402


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--duration", type=int, default=3600, help="in seconds (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=20_000, help="events a second (default: %(default)s)")
    parser.add_argument("--journal-size", type=int, default=1000, help="in MB (default: %(default)s)")
    parser.add_argument("--file-size", type=int, default=100, help="when files rotate, in MB (default: %(default)s)")
    parser.add_argument("--interval", type=float, help="seconds between samples (default: 5, less for short soaks)")
    parser.add_argument("--directory", type=pathlib.Path, default=BUILD, help="where there is room for all files")
    parser.add_argument("--output", type=pathlib.Path, default=BUILD / "soak", help="where the results go")
    parser.add_argument("--program", type=pathlib.Path, default=BUILD / "release/kazoo-subscribe")
    parser.add_argument("--programs", type=pathlib.Path, default=BUILD / "bench", help="the programs in C")
    return parser.parse_args()


def check_room(load: Load, directory: pathlib.Path) -> None:
    """Journal, its log, and the files."""
    needed, free = load.journal_size + 6 * load.file_size + (256 << 20), shutil.disk_usage(directory).free
    if free < needed:
        sys.exit(f"error: {directory}: {needed / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free")


def observe(stage: Stage, sampler: Sampler, load: Load, interval: float) -> list[Sample]:
    """Looks again and again until everything is sent. A machine that is too slow may take twice as long."""
    samples: list[Sample] = []
    deadline = time.monotonic() + 2 * load.seconds + 60
    while not stage.is_sent(interval):
        if time.monotonic() > deadline:
            raise Failed("the sender does not get rid of the load")
        stage.check()
        samples.append(sampler.look())
        if len(samples) % max(1, round(TOLD_EVERY / interval)) == 0:
            tell(samples[-1], load)
    return samples


def tell(sample: Sample, load: Load) -> None:
    lag = max(sample.lag.values())
    print(
        f"{sample.seconds:7.1f} s of {load.seconds}: {sample.rate:6,}/s, {sample.resident / 1e6:.1f} MB, "
        f"{sample.descriptors} descriptors, {sample.threads} threads, {sample.cores:.2f} cores, lag {lag:,}, "
        f"journal {sample.journal / 1e6:.0f} MB, log {sample.log / 1e6:.0f} MB", file=sys.stderr, flush=True)


def drain(stage: Stage, places: Places, limits: Limits) -> bool:
    """Waits until every consumer has everything."""
    deadline = time.monotonic() + limits.drain_seconds
    while time.monotonic() < deadline:
        stage.check()
        arrivals = [Arrivals.read(places.state(name)).lines for name in ("archive", "stream")]
        with contextlib.closing(sqlite3.connect(f"file:{places.journal}?mode=ro", uri=True)) as database:
            behind = database.execute(
                "SELECT count(*) FROM cursors WHERE position < (SELECT max(sequence) FROM events)").fetchone()[0]
        if behind == 0 and min(arrivals) >= stage.sent["sent"]:
            return True
        time.sleep(0.1)
    return False


def conclude(stage: Stage, places: Places, is_drained: bool) -> verdict.Ending:
    """Ends everything, and gathers what is left."""
    code = stage.finish()
    messages = [json.loads(line) for line in (places.directory / "messages").read_text().splitlines()]
    with contextlib.closing(sqlite3.connect(places.journal)) as database:
        whole = database.execute("PRAGMA quick_check").fetchone()[0]
    return verdict.Ending(
        sent=stage.sent,
        arrivals={name: Arrivals.read(places.state(name)) for name in ("archive", "stream")},
        hook_ids=[line.split()[0] for line in places.notes.read_bytes().splitlines()] if places.notes.exists() else [],
        wanted_ids=places.samples.read_bytes().split(),
        complaints=[message["message"] for message in messages if message["level"] not in ("notice", "info", "debug")],
        exit_code=code, drained=is_drained, journal=whole)


def main() -> None:
    options = parse()
    # Whoever ends it leaves nothing behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: it was ended"))
    load = Load(options.duration, options.rate, options.journal_size * 1_000_000, options.file_size * 1_000_000)
    interval = options.interval or min(5, max(0.5, load.seconds / 100))
    limits, warm_up = Limits(), min(300, load.seconds / 4)
    check_room(load, options.directory)
    options.output.mkdir(parents=True, exist_ok=True)
    facts = machine.describe()
    with tempfile.TemporaryDirectory(dir=options.directory, prefix="soak-") as directory:
        places = Places(pathlib.Path(directory).absolute(), options.programs.absolute())
        try:
            with at_work(load, places, options.program.absolute()) as stage:
                stage.wait_for_begin(60)
                samples = observe(stage, Sampler(stage.daemon.pid, places), load, interval)
                ending = conclude(stage, places, drain(stage, places, limits))
        except Failed as failure:
            messages = places.directory / "messages"
            sys.exit(f"error: {failure}\n{messages.read_text() if messages.exists() else ''}")
        shutil.copy(places.directory / "messages", options.output)
    checks = verdict.judge(samples, warm_up, load, limits, ending)
    facts["load at the end"] = machine.describe()["load"]
    summary = report.summary(facts, load, samples, ending, checks)
    report.save_samples(samples, options.output / "samples.ndjson")
    (options.output / "summary.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    picture.draw(samples, warm_up, load, limits, options.output / "soak.png")
    print(report.text(summary))
    if not summary["passed"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
