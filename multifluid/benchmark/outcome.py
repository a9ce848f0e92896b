"""What a study has measured, and its files: CSV, netCDF, PNG."""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np

from multifluid.benchmark.study import Study


@dataclass(frozen=True)
class Outcome:
    """What came out of a study.

    Attributes
    ----------
    study : Study
    size : str
    rows : list of dict
    checks : list of Check
    wall : float
        Seconds it took.
    """

    study: Study
    size: str
    rows: list
    checks: list
    wall: float

    @property
    def passed(self):
        """bool: whether every check did."""
        return all(check.passed for check in self.checks)

    def table(self):
        """(heads, rows) for people: lists of str, numbers flush right by ">" before the head."""
        texts = [[column.text(row[column.name]) for column in self.study.columns] for row in self.rows]
        heads = [
            column.name if isinstance(self.rows[0][column.name], str) else f">{column.name}" for column in self.study.columns
        ]
        return heads, texts


def conduct(study, size):
    """Measure a study.

    Parameters
    ----------
    study : Study
    size : str
        A key of `SIZES`.

    Returns
    -------
    Outcome

    Raises
    ------
    RuntimeError
        It yields no rows, rows that lack a column, or no checks: it would show nothing.
    RunError
        One of its runs failed.
    """
    began = time.perf_counter()
    rows = list(study.measure(size))
    names = {column.name for column in study.columns}
    if not rows or any(set(row) != names for row in rows):
        raise RuntimeError(f"the rows of study {study.name} do not have the columns {', '.join(sorted(names))}")
    checks = study.checks(rows)
    if not checks:
        raise RuntimeError(f"study {study.name} checks nothing")
    return Outcome(study, size, rows, checks, time.perf_counter() - began)


def write(outcome, folder):
    """Write FOLDER/<study>.csv, .nc and .png.

    Parameters
    ----------
    outcome : Outcome
    folder : Path
    """
    stem = Path(folder) / outcome.study.name
    _write_csv(outcome, stem.with_suffix(".csv"))
    _write_netcdf(outcome, stem.with_suffix(".nc"))
    picture(outcome.study, outcome.rows, stem.with_suffix(".png"))


def _write_csv(outcome, path):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in outcome.study.columns])
        writer.writeheader()
        writer.writerows({name: _csv(value) for name, value in row.items()} for row in outcome.rows)


def _csv(value):
    if value is None or isinstance(value, str):
        return value or ""
    return repr(value.item() if hasattr(value, "item") else value + 0)  # every digit; True as 1


def _write_netcdf(outcome, path):
    from multifluid import __version__

    with netCDF4.Dataset(path, "w") as file:
        file.setncatts({"title": outcome.study.title, "study": outcome.study.name, "size": outcome.size,
                        "source": f"multifluid {__version__}",
                        "checks": "\n".join(f"{c.name}: {c.value:.6g} ({c.kind} {c.limit:g})" for c in outcome.checks)})
        file.createDimension("row", len(outcome.rows))
        for column in outcome.study.columns:
            values = [row[column.name] for row in outcome.rows]
            text = any(isinstance(value, str) for value in values)
            variable = file.createVariable(column.name, str if text else "f8", ("row",))
            variable.setncatts({"long_name": column.help, "units": column.unit})
            if text:
                variable[:] = np.array([value or "" for value in values], dtype=object)
            else:
                variable[:] = np.array([np.nan if value is None else value for value in values], dtype=float)


def picture(study, rows, path):
    """Draw the rows of a study as a PNG.

    Parameters
    ----------
    study : Study
    rows : list of dict
    path : str or os.PathLike
    """
    from multifluid.plotting import pyplot

    plt = pyplot()
    figure = plt.figure(figsize=(9.0, 6.0), layout="constrained")
    try:
        study.draw(rows, figure)
        figure.suptitle(study.title, fontsize=12)
        figure.savefig(path, dpi=110)
    finally:
        plt.close(figure)
