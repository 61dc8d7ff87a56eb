"""The judge of a soak, judged."""

import dataclasses
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Benchmarks"))

from soak.arrivals import STEPS, Arrivals, quantiles, upper_end  # noqa: E402
from soak.sampling import Sample  # noqa: E402
from soak.setting import CONSUMERS, Limits, Load  # noqa: E402
from soak.verdict import Ending, judge  # noqa: E402

LOAD = Load(seconds=100, rate=10, journal_size=10_000_000, file_size=1_000_000)
SAMPLE = Sample(
    seconds=0, resident=50_000_000, descriptors=40, threads=13, cores=0.1, rate=10, journal=9_000_000, log=1_000_000,
    archive=5_000_000, lag=dict.fromkeys(CONSUMERS, 3), latency=dict.fromkeys(CONSUMERS))
SAMPLES = [dataclasses.replace(SAMPLE, seconds=second) for second in range(100)]
ARRIVALS = Arrivals(1000, 2000, 0xABC, 0, 0, [])
ENDING = Ending(
    sent={"sent": 1000, "bytes": 2000, "checksum": "0000000000000abc"},
    arrivals={"archive": ARRIVALS, "stream": ARRIVALS}, hook_ids=[b"1000", b"2000"], wanted_ids=[b"2000", b"1000"],
    complaints=[], exit_code=0, drained=True, journal="ok")


def violations(samples: list[Sample] = SAMPLES, **changes: object) -> list[str]:
    """What does not hold."""
    ending = dataclasses.replace(ENDING, **changes)
    return [check.text for check in judge(samples, 20, LOAD, Limits(), ending) if not check.holds]


def late(**changes: object) -> list[Sample]:
    """Samples of which the last tenth is another."""
    return SAMPLES[:90] + [dataclasses.replace(sample, **changes) for sample in SAMPLES[90:]]


class VerdictTests(unittest.TestCase):
    def test_what_is_well_holds(self) -> None:
        self.assertEqual(violations(), [])

    def test_every_event_must_come_once_and_unchanged(self) -> None:
        for name, wrong in {"lines": 999, "checksum": 1, "misplaced": 1, "strange": 1}.items():
            arrivals = ENDING.arrivals | {"stream": dataclasses.replace(ARRIVALS, **{name: wrong})}
            self.assertEqual(violations(arrivals=arrivals), ["stream: every event once, in its order"])

    def test_a_hook_must_run_once_for_what_matches(self) -> None:
        for ids in ([b"1000"], [b"1000", b"2000", b"2000"], [b"1000", b"2000", b"3000"]):
            self.assertEqual(violations(hook_ids=ids), ["hook: one run for every event that matches"])
        self.assertEqual(len(violations(hook_ids=[], wanted_ids=[])), 1, "nothing was tried")

    def test_nothing_may_grow(self) -> None:
        self.assertEqual(violations(late(resident=66_000_000)), [])
        # Something waits, and then it does not.
        self.assertEqual(violations([*late(resident=150_000_000)[:99], SAMPLES[99]]), [])
        for change in ({"resident": 67_000_000}, {"descriptors": 41}, {"threads": 18}):
            self.assertEqual(len(violations(late(**change))), 1, change)

    def test_hooks_that_run_for_a_moment_are_no_growth(self) -> None:
        samples = SAMPLES[:95] + [dataclasses.replace(SAMPLES[95], descriptors=60, threads=14)] + SAMPLES[96:]
        self.assertEqual(violations(samples), [])

    def test_what_is_large_has_a_bound(self) -> None:
        behind = SAMPLE.lag | {"hook": 301}
        for change in ({"lag": behind}, {"log": 140_000_000}, {"journal": 10_100_000}, {"archive": 6_100_000}):
            self.assertEqual(len(violations(late(**change))), 1, change)

    def test_the_end_must_be_orderly(self) -> None:
        for change in ({"exit_code": 1}, {"complaints": ["it hurts"]}, {"journal": "damaged"}, {"drained": False}):
            self.assertEqual(len(violations(**change)), 1, change)


class LatencyTests(unittest.TestCase):
    def test_steps_are_sixteenths_of_powers_of_two(self) -> None:
        self.assertEqual([upper_end(step) for step in (0, 15, 16, 31, 32, 33)], [0, 15, 17, 32, 34, 36])

    def test_quantiles(self) -> None:
        counts = [0] * 64 * STEPS
        counts[STEPS], counts[STEPS + 2], counts[STEPS + 4] = 50, 49, 1
        self.assertEqual(quantiles(counts), {"p50": 17e-6, "p99": 19e-6, "max": 21e-6})
        self.assertIsNone(quantiles([0] * 64 * STEPS))


if __name__ == "__main__":
    unittest.main()
