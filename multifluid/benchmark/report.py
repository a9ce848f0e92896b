"""The report of a benchmark: every study with its picture, its gates and its table, as one Markdown page."""

from multifluid.benchmark.study import BENCHMARKS, SIZES
from multifluid.progress import duration

LONGEST = 30  # rows of a table on the page; the files hold all


def page(outcomes, failures, size, command):
    """Markdown.

    Parameters
    ----------
    outcomes : dict of str to list of Outcome
        By benchmark.
    failures : dict of str to str
        Name of each study that could not be measured, and why.
    size : str
    command : str
        What a reader types to make the page.

    Returns
    -------
    str
    """
    everything = [outcome for some in outcomes.values() for outcome in some]
    wall = sum(outcome.wall for outcome in everything)
    checks = [check for outcome in everything for check in outcome.checks]
    kept = sum(check.passed for check in checks)
    lines = [
        "# Benchmark",
        "",
        f"Made by `{command}` ({SIZES[size].split(':')[0]}; {duration(wall)} of one core). {len(everything)} studies,",
        f"{kept} of {len(checks)} gates kept. Each study's numbers lie beside this page as CSV (and netCDF where it was",
        "made).",
        "",
    ]
    lines += [f"**{name} could not be measured**: {why}\n" for name, why in failures.items()]
    for benchmark, some in outcomes.items():
        lines += [f"## {benchmark}: {BENCHMARKS[benchmark]}", ""]
        for outcome in some:
            lines += [*_study(outcome), ""]
    return "\n".join(lines)


def _study(outcome):
    study = outcome.study
    heads, rows = outcome.table()
    yield from (f"### {study.title}", "", study.text.strip(), "", f"![{study.title}]({study.name}.png)", "")
    yield from _table(["gate", ">measured", ">limit", ""], [
        [check.name, f"{check.value:.3g}", ("≤ " if check.kind == "max" else "≥ ") + f"{check.limit:g} {check.unit}".strip(),
         "kept" if check.passed else "**missed**"] for check in outcome.checks])  # fmt: skip
    yield ""
    yield from _table(heads, rows[:LONGEST])
    if len(rows) > LONGEST:
        yield from ("", f"The first {LONGEST} of {len(rows)} rows; all are in [{study.name}.csv]({study.name}.csv).")
    yield ""
    yield from (f"- `{column.name}`: {column.help}" + (f" [{column.unit}]" if column.unit != "1" else "")
                for column in study.columns)  # fmt: skip


def _table(heads, rows):
    yield "| " + " | ".join(head.lstrip(">") for head in heads) + " |"
    yield "|" + "|".join("---:" if head.startswith(">") else "---" for head in heads) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows)
