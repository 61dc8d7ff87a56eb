"""A soak in one picture: what came, how late, and what it cost, with the limits as lines."""

import pathlib
from collections.abc import Callable, Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, MaxNLocator

from soak.sampling import Sample
from soak.setting import CONSUMERS, Limits, Load
from soak.verdict import Windows

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"archive": "#0072b2", "stream": "#009e73", "hook": "#cc79a7"}
NAMES = {"archive": "file, rotated", "stream": "hook that stays", "hook": "hook for one event in 4,096"}
PLAIN, SECOND, LIMIT = "#333333", "#e69f00", "#d55e00"
MB = 1e6


class Picture:
    """Panels over the same time."""

    def __init__(self, samples: Sequence[Sample], warm_up: float, title: str) -> None:
        pyplot.rcParams |= {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
        self._samples = samples
        is_long = samples[-1].seconds > 600
        self._scale, unit = (60, "minutes") if is_long else (1, "seconds")
        self._warm_up = warm_up / self._scale
        self.figure, axes = pyplot.subplots(4, 2, figsize=(13, 14), sharex=True, layout="constrained")
        self.panels: list[Axes] = list(axes.flat)
        self.figure.suptitle(title, fontsize=14)
        for axis in axes[-1]:
            axis.set_xlabel(f"{unit} since the subscription; grey: warm-up")
            axis.set_xlim(0, samples[-1].seconds / self._scale)

    def panel(self, number: int, title: str, unit: str, *, is_logarithmic: bool = False) -> Axes:
        axis = self.panels[number]
        axis.set_title(title, loc="left", fontsize=11, fontweight="bold")
        axis.set_ylabel(unit)
        axis.grid(color="#e5e5e5")
        axis.axvspan(0, self._warm_up, color="#f4f4f4", zorder=0)
        if is_logarithmic:
            axis.set_yscale("log")
        else:
            axis.yaxis.set_major_locator(MaxNLocator(6))
        return axis

    def line(self, axis: Axes, value: Callable[[Sample], float | None], label: str, colour: str, **how: object) -> None:
        points = [(sample.seconds / self._scale, value(sample)) for sample in self._samples]
        points = [(time, value) for time, value in points if value is not None]
        axis.plot(*zip(*points, strict=True), label=label, color=colour, linewidth=1.2, **how)


def limit(axis: Axes, value: float, text: str) -> None:
    """A line that must not be crossed, with its name above it at the right."""
    axis.axhline(value, color=LIMIT, linewidth=1.2, linestyle=(0, (6, 3)))
    axis.annotate(
        text, (1, value), xycoords=("axes fraction", "data"), xytext=(-2, 3), textcoords="offset points", ha="right",
        va="bottom", color=LIMIT, fontsize=9)


def key(axis: Axes) -> None:
    """Which line is which, above the highest of them."""
    axis.legend(frameon=False, fontsize=9, ncols=3, loc="upper left", borderaxespad=0.2)


def latency(consumer: str, quantile: str) -> Callable[[Sample], float | None]:
    return lambda sample: sample.latency[consumer] and sample.latency[consumer][quantile]


def draw(samples: Sequence[Sample], warm_up: float, load: Load, limits: Limits, path: pathlib.Path) -> None:
    """Draws all of it."""
    title = f"{load.rate:,} call events a second for {duration(load.seconds)}: journal, file, two kinds of hooks"
    picture = Picture(samples, warm_up, title)

    axis = picture.panel(0, "Committed to the journal", "events a second")
    picture.line(axis, lambda sample: sample.rate, "committed", PLAIN)
    axis.axhline(load.rate, color=SECOND, linewidth=1.2, linestyle=(0, (2, 2)), label="sent")
    key(axis)
    axis.set_ylim(0, 1.25 * max(load.rate, max(sample.rate for sample in samples)))
    axis.yaxis.set_major_formatter(EngFormatter())

    axis = picture.panel(1, "Processors that are busy with it", "cores")
    picture.line(axis, lambda sample: sample.cores, "", PLAIN)
    axis.set_ylim(0, 1.25 * max(sample.cores for sample in samples))

    for number, quantile, words in ((2, "p50", "half of the events"), (3, "p99", "99 of 100 events")):
        axis = picture.panel(number, f"From sending to the consumer: {words}", "milliseconds", is_logarithmic=True)
        for name in CONSUMERS:
            picture.line(axis, latency(name, quantile), NAMES[name], COLOURS[name])
        axis.set_ylim(1, 1e5)
        axis.yaxis.set_major_formatter("{x:,.0f}")
        key(axis)

    axis = picture.panel(4, "How far consumers are behind the journal", "seconds of the load", is_logarithmic=True)
    for name in CONSUMERS:
        # A scale of powers has no zero.
        lag = lambda sample, name=name: max(sample.lag[name] / load.rate, 1e-3)  # noqa: E731
        picture.line(axis, lag, NAMES[name], COLOURS[name])
    limit(axis, limits.lag_seconds, f"limit: {limits.lag_seconds} s")
    axis.set_ylim(1e-3, 1000)
    axis.yaxis.set_major_formatter("{x:,g}")
    key(axis)

    axis = picture.panel(5, "Resident memory", "MB")
    picture.line(axis, lambda sample: sample.resident / MB, "", PLAIN)
    early, _ = Windows(samples, warm_up).least(lambda sample: sample.resident)
    limit(axis, (early + limits.growth) / MB, f"limit: {limits.growth / MB:.0f} MB above the warm-up's end")
    axis.set_ylim(0, 1.25 * max(early + limits.growth, max(sample.resident for sample in samples)) / MB)

    axis = picture.panel(6, "Descriptors and threads", "")
    picture.line(axis, lambda sample: sample.descriptors, "descriptors", PLAIN)
    picture.line(axis, lambda sample: sample.threads, "threads", SECOND)
    base = min(sample.descriptors for sample in Windows(samples, warm_up).early)
    limit(axis, base + limits.hook_descriptors, "limit of descriptors while hooks run")
    axis.set_ylim(0, 1.4 * (base + limits.hook_descriptors))
    key(axis)

    axis = picture.panel(7, "Files", "MB")
    picture.line(axis, lambda sample: sample.journal / MB, "journal", PLAIN)
    picture.line(axis, lambda sample: sample.archive / MB, "files of events", COLOURS["archive"])
    picture.line(axis, lambda sample: sample.log / MB, "write-ahead log", SECOND)
    limit(axis, limits.journal(load) / MB, "limit of the journal")
    limit(axis, limits.log / MB, "limit of the log")
    axis.set_ylim(0, 1.4 * max(limits.journal(load), 6 * load.file_size) / MB)
    key(axis)

    picture.figure.savefig(path, dpi=100)


def duration(seconds: int) -> str:
    if seconds % 3600 == 0:
        return "an hour" if seconds == 3600 else f"{seconds // 3600} hours"
    return f"{seconds // 60} minutes" if seconds % 60 == 0 and seconds > 60 else f"{seconds} seconds"
