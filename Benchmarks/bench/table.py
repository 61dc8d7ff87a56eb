"""The results as Markdown."""

from bench.figures import Entry, Goal
from bench.rows import Row


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def row_table(row: Row) -> str:
    """One row of the benchmark, which is a table by itself."""
    titles = ["", *(column.title for column in row.columns)]
    lines = [f"### {row.title}", "", line(titles), line(["---"] + ["---:"] * len(row.columns))]
    for entry in row.entries:
        lines.append(line([label(entry), *cells(row, entry)]))
    return "\n".join(lines)


def label(entry: Entry) -> str:
    return f"{entry.name} {entry.version}" if entry.version and entry.name not in entry.version else entry.name


def cells(row: Row, entry: Entry) -> list[str]:
    if not entry.figures:
        return [entry.absent or "not measured"] + [""] * (len(row.columns) - 1)
    texts = []
    for column in row.columns:
        figure = entry.figures.get(column.figure)
        texts.append(type(figure)([v * column.scale for v in figure.values]).text(column.digits) if figure else "")
    return texts


def goal_table(goals: list[Goal]) -> str:
    lines = ["### Goals", "", line(["", "at most", "measured", ""]), line(["---", "---:", "---:", "---"])]
    for goal in goals:
        verdict = "met" if goal.is_met else "**missed**"
        lines.append(line([goal.text, f"{goal.limit:g}{goal.unit}", f"{goal.figure.text(2)}{goal.unit}", verdict]))
    return "\n".join(lines)


def document(facts: dict[str, str], rows: list[Row], goals: list[Goal]) -> str:
    """The whole table."""
    about = "; ".join(f"{name}: {fact}" for name, fact in facts.items())
    parts = [about, *(row_table(row) for row in rows if row.entries)]
    if goals:
        parts.append(goal_table(goals))
    return "\n\n".join(parts)
