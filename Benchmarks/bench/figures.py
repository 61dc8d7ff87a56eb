"""Several measurements of the same thing, and what they say together."""

import dataclasses
import statistics
from collections.abc import Sequence


@dataclasses.dataclass
class Figure:
    """One number a round."""

    values: list[float] = dataclasses.field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def as_json(self) -> dict:
        return {"median": self.median, "min": min(self.values), "max": max(self.values), "values": self.values}

    def text(self, digits: int) -> str:
        """The median, and between what the others lie."""
        return f"{self.median:.{digits}f} ({min(self.values):.{digits}f}–{max(self.values):.{digits}f})"


def ratio(values: Sequence[float], others: Sequence[float]) -> Figure:
    """Round by round, so that a machine that has become slower in between does not count."""
    return Figure([value / other for value, other in zip(values, others, strict=True)])


@dataclasses.dataclass
class Entry:
    """One program in one row of the table: its figures by their names."""

    name: str
    version: str | None
    figures: dict[str, Figure] = dataclasses.field(default_factory=dict)
    absent: str | None = None
    """Why there is no figure."""

    def add(self, name: str, value: float) -> None:
        self.figures.setdefault(name, Figure()).values.append(value)

    def as_json(self) -> dict:
        figures = {name: figure.as_json() for name, figure in self.figures.items()}
        return {"name": self.name, "version": self.version, "absent": self.absent, "figures": figures}


@dataclasses.dataclass
class Column:
    """A figure as the table shows it."""

    figure: str
    title: str
    digits: int
    scale: float = 1


@dataclasses.dataclass
class Goal:
    """What the project wants, and what it has."""

    text: str
    limit: float
    figure: Figure
    unit: str = "×"

    @property
    def is_met(self) -> bool:
        return self.figure.median <= self.limit

    def as_json(self) -> dict:
        return {"goal": self.text, "limit": self.limit, "unit": self.unit, "met": self.is_met} | self.figure.as_json()
