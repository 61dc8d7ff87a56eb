"""What the witnesses have seen (Benchmarks/Programs/arrivals.h)."""

import dataclasses
import pathlib
import struct
from collections.abc import Sequence

STEPS = 16
LAYOUT = struct.Struct(f"=5Q{64 * STEPS}Q")


@dataclasses.dataclass(frozen=True)
class Arrivals:
    """Up to one moment."""

    lines: int
    bytes: int
    checksum: int
    misplaced: int
    strange: int
    latencies: Sequence[int]
    """How many events had a latency of each step."""

    @staticmethod
    def read(path: pathlib.Path) -> "Arrivals":
        """What a witness has seen so far; nothing as long as it has not begun."""
        data = path.read_bytes() if path.exists() else b""
        values = LAYOUT.unpack(data) if len(data) == LAYOUT.size else (0,) * (5 + 64 * STEPS)
        return Arrivals(*values[:5], values[5:])

    def latency_since(self, earlier: "Arrivals") -> dict[str, float] | None:
        """Quantiles of what has come since, in milliseconds."""
        return quantiles([now - before for now, before in zip(self.latencies, earlier.latencies, strict=True)])


def quantiles(counts: Sequence[int]) -> dict[str, float] | None:
    """The median, the 99th percentile and the longest, in milliseconds; `None` where nothing was counted."""
    total = sum(counts)
    if total == 0:
        return None
    found, passed = {}, 0
    wanted = [("p50", 0.5 * total), ("p99", 0.99 * total), ("max", total)]
    for step, count in enumerate(counts):
        passed += count
        while wanted and passed >= wanted[0][1]:
            found[wanted.pop(0)[0]] = upper_end(step) / 1e6
    return found


def upper_end(step: int) -> int:
    """The longest latency of a step, in nanoseconds."""
    if step < STEPS:
        return step
    power, rest = divmod(step, STEPS)
    return (STEPS + rest + 1) << power >> 1


def of_list(latencies: Sequence[int]) -> dict[str, float] | None:
    """The same of single latencies in nanoseconds."""
    if not latencies:
        return None
    ordered = sorted(latencies)
    places = {"p50": 0.5, "p99": 0.99, "max": 1}
    return {name: ordered[round(part * (len(ordered) - 1))] / 1e6 for name, part in places.items()}
