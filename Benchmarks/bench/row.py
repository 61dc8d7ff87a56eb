"""What every row of the benchmark has."""

import dataclasses

from bench.figures import Column, Entry


@dataclasses.dataclass(frozen=True)
class Scale:
    """How much is measured."""

    events: float = 1
    long: bool = False
    journal_megabytes: int = 256

    def count(self, full: int) -> int:
        return max(int(full * self.events), 1000)


class Row:
    """Something to measure, in rounds."""

    name: str
    title: str
    columns: list[Column]

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def round(self) -> None:
        """Measures everything once."""
        raise NotImplementedError

    def values(self, program: str, figure: str) -> list[float] | None:
        """What was measured, or `None` where it was not."""
        for entry in self.entries:
            if entry.name == program and figure in entry.figures:
                return entry.figures[figure].values
        return None
