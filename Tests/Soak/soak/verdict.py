"""The judgement on a soak: what was to hold, and what was seen. Without IO, so that the judge can be judged."""

import dataclasses
from collections.abc import Callable, Sequence

from soak.arrivals import Arrivals
from soak.sampling import Sample
from soak.setting import CONSUMERS, Limits, Load


@dataclasses.dataclass(frozen=True)
class Check:
    """Something that must hold."""

    text: str
    seen: str
    holds: bool


@dataclasses.dataclass(frozen=True)
class Ending:
    """What was there when everything had ended."""

    sent: dict
    """What the sender says: events, bytes and checksum."""
    arrivals: dict[str, Arrivals]
    hook_ids: Sequence[bytes]
    """Of the events for which a hook has run."""
    wanted_ids: Sequence[bytes]
    """Of those for which one had to run."""
    complaints: Sequence[str]
    """Messages of the daemon that are a warning or worse."""
    exit_code: int
    drained: bool
    """Whether every consumer had everything in time."""
    journal: str
    """What SQLite says about the journal."""


class Windows:
    """The samples right after the warm-up, and the last ones: a tenth of all each."""

    def __init__(self, samples: Sequence[Sample], warm_up: float) -> None:
        settled = [sample for sample in samples if sample.seconds >= warm_up]
        count = max(3, len(settled) // 10)
        self.early, self.late = settled[:count], settled[-count:]

    def least(self, figure: Callable[[Sample], int]) -> tuple[int, int]:
        return tuple(min(map(figure, window)) for window in (self.early, self.late))


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.1f} MB"


def judge(
    samples: Sequence[Sample], warm_up: float, load: Load, limits: Limits, ending: Ending
) -> list[Check]:
    """Everything that must hold."""
    return [
        *delivery(load, ending),
        *resources(Windows(samples, warm_up), samples, limits),
        *bounds(samples, load, limits),
        Check("the daemon ends in an orderly way", f"exit code {ending.exit_code}", ending.exit_code == 0),
        Check("it has had nothing to complain of", complaints(ending.complaints), not ending.complaints),
        Check("SQLite finds the journal whole", ending.journal, ending.journal == "ok"),
    ]


def complaints(messages: Sequence[str]) -> str:
    """The first few."""
    more = [f"and {len(messages) - 3} more"] if len(messages) > 3 else []
    return "; ".join([*messages[:3], *more]) or "nothing"


def delivery(load: Load, ending: Ending) -> list[Check]:
    """Every event once with each consumer, in its order where it has one."""
    sent = ending.sent
    checks = [
        Check("everything is sent", f"{sent['sent']:,} events of {load.events:,}", sent["sent"] == load.events),
        Check("consumers come to the end in time", "yes" if ending.drained else "no", ending.drained),
    ]
    for name, came in ending.arrivals.items():
        is_same = (came.bytes, f"{came.checksum:016x}") == (sent["bytes"], sent["checksum"])
        is_right = is_same and came.lines == sent["sent"] and came.misplaced == came.strange == 0
        seen = f"{came.lines:,} lines, {came.misplaced} misplaced, {came.strange} strange, "
        seen += "the same bytes" if is_same else "other bytes"
        checks.append(Check(f"{name}: every event once, in its order", seen, is_right))
    missing, more = set(ending.wanted_ids) - set(ending.hook_ids), set(ending.hook_ids) - set(ending.wanted_ids)
    repeated = len(ending.hook_ids) - len(set(ending.hook_ids))
    checks.append(
        Check(
            "hook: one run for every event that matches",
            f"{len(ending.hook_ids):,} runs, {len(missing)} missing, {len(more)} unasked, {repeated} repeated",
            len(ending.wanted_ids) > 0 and not missing and not more and repeated == 0))
    return checks


def resources(windows: Windows, samples: Sequence[Sample], limits: Limits) -> list[Check]:
    """Nothing grows."""
    # The least: what waits for a slow disk needs memory, too, and a leak is there when nothing waits.
    early, late = windows.least(lambda sample: sample.resident)
    checks = [
        Check(
            f"resident memory grows by at most {megabytes(limits.growth)}", f"{megabytes(early)}, {megabytes(late)}",
            late - early <= limits.growth)
    ]
    # The least: hooks come and go.
    early, late = windows.least(lambda sample: sample.descriptors)
    checks.append(Check("as many descriptors as at first", f"{early}, {late}", late <= early))
    early, late = windows.least(lambda sample: sample.threads)
    text = f"at most {limits.pool_threads} threads more than at first"
    checks.append(Check(text, f"{early}, {late}", late <= early + limits.pool_threads))
    base = min(sample.descriptors for sample in windows.early)
    most = max(sample.descriptors for sample in samples)
    checks.append(
        Check(
            f"at most {limits.hook_descriptors} descriptors more, while hooks run", f"{most - base}",
            most - base <= limits.hook_descriptors))
    return checks


def bounds(samples: Sequence[Sample], load: Load, limits: Limits) -> list[Check]:
    """What may be large stays within its bounds."""
    behind = {name: max(sample.lag[name] for sample in samples) for name in CONSUMERS}
    log, journal = max(sample.log for sample in samples), max(sample.journal for sample in samples)
    archive, most = max(sample.archive for sample in samples), limits.journal(load)
    # Four old files, the one that is written, and one that is about to go.
    space = 6 * load.file_size
    return [
        Check(
            f"nobody is {limits.lag_seconds} s behind",
            ", ".join(f"{name} {lag / load.rate:.2f} s" for name, lag in behind.items()),
            max(behind.values()) <= limits.lag_seconds * load.rate),
        Check(f"the write-ahead log is at most {megabytes(limits.log)}", megabytes(log), log <= limits.log),
        Check(f"the journal is at most {megabytes(most)}", megabytes(journal), journal <= most),
        Check(f"the files of events are at most {megabytes(space)}", megabytes(archive), archive <= space),
    ]
