"""What is left of a soak: the samples, one a line, and a summary for people and for programs."""

import dataclasses
import json
import pathlib
import statistics
from collections.abc import Sequence

from soak.arrivals import quantiles
from soak.sampling import Sample
from soak.setting import Load
from soak.verdict import Check, Ending


def save_samples(samples: Sequence[Sample], path: pathlib.Path) -> None:
    path.write_text("".join(json.dumps(dataclasses.asdict(sample)) + "\n" for sample in samples))


def summary(
    facts: dict[str, str], load: Load, samples: Sequence[Sample], ending: Ending, checks: Sequence[Check]
) -> dict:
    """The whole soak in a few figures."""
    latency = {name: quantiles(came.latencies) for name, came in ending.arrivals.items()}
    return {
        "machine": facts,
        "load": dataclasses.asdict(load),
        "passed": all(check.holds for check in checks),
        "checks": [dataclasses.asdict(check) for check in checks],
        "milliseconds": latency,
        "cores": round(statistics.mean(sample.cores for sample in samples), 3),
        "resident": {"median": statistics.median(s.resident for s in samples), "max": max(s.resident for s in samples)},
    }


def text(report: dict) -> str:
    """The summary as Markdown."""
    load = report["load"]
    facts = "; ".join(f"{name}: {fact}" for name, fact in report["machine"].items())
    what = f"{load['rate']:,} events a second for {load['seconds']:,} s; {report['cores']} processors busy"
    lines = [facts, "", what]
    for name, found in report["milliseconds"].items():
        if found is not None:
            lines.append(f"{name}: p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms, longest {found['max']:.0f} ms")
    lines += ["", "| what must hold | seen | |", "| --- | --- | --- |"]
    for check in report["checks"]:
        lines.append(f"| {check['text']} | {check['seen']} | {'yes' if check['holds'] else '**no**'} |")
    return "\n".join(lines)
