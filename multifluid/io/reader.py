"""Reading a run file: lazily through xarray, or plainly into arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multifluid.errors import InputError
from multifluid.io._files import resolved
from multifluid.io._layout import FIELD, complete
from multifluid.io._netcdf import read_attributes, reading

_TRIES = 5


def open_run(path):
    """Open a run file as an xarray dataset; records that were not finished are left out.

    The data stay on the disk until they are used; close the dataset (or use ``with``) when done. A run that is still
    writing is not disturbed: what was opened stays as it was.

    Parameters
    ----------
    path : path-like
        The run file.

    Returns
    -------
    xarray.Dataset
        Fields on (time, z, y, x); integrals on step, with the coordinate series_time.

    Raises
    ------
    InputError
        xarray is not installed; or the file is missing, not a run file of ours, or damaged.
    """
    try:
        import xarray
    except ImportError:
        raise InputError(
            "xarray is not installed: pip install 'multifluid[xarray]', or read the file with multifluid.io.load"
        ) from None
    path = resolved(path)
    with reading(path, "run", _TRIES) as nc:
        records, steps = complete(nc)
        dataset = xarray.open_dataset(path, engine="netcdf4")
    if dataset.sizes["time"] == records and dataset.sizes["step"] == steps:
        return dataset
    return dataset.isel(time=slice(records), step=slice(steps))


@dataclass(frozen=True)
class RunData:
    """What `load` read.

    Attributes
    ----------
    path : Path
        The file.
    attributes : dict
        Global attributes: name to str, float, int or bool.
    arrays : dict
        Name to array: coordinates, fields and series.
    fields, series : tuple of str
        Names of the fields, (time, z, y, x), and of the series, (step,), that are among the arrays.
    units, long_names : dict
        Name to text, for every variable of the file.
    """

    path: Path
    attributes: dict
    arrays: dict
    fields: tuple
    series: tuple
    units: dict
    long_names: dict

    def __getitem__(self, name):
        """The array of this name, or InputError naming those there are."""
        try:
            return self.arrays[name]
        except KeyError:
            raise InputError(f"{self.path} has no {name!r}: it has {', '.join(sorted(self.arrays))}") from None

    def __contains__(self, name):
        return name in self.arrays


def load(path, names=None, record=None):
    """Read a run file into memory, without xarray; records that were not finished are left out.

    Parameters
    ----------
    path : path-like
        The run file.
    names : iterable of str, optional
        Fields and series to read; all by default. Coordinates are always read.
    record : int, optional
        Read this record only, counted from the end if negative: fields are then (1, nz, ny, nx). All by default.

    Returns
    -------
    RunData

    Raises
    ------
    InputError
        The file is missing, not a run file of ours, or damaged; or it has no such name or record.
    """
    path = resolved(path)
    with reading(path, "run", _TRIES) as nc:
        variables = nc.variables
        records, steps = complete(nc)
        fields = [name for name, v in variables.items() if v.dimensions == FIELD]
        series = [name for name, v in variables.items() if v.dimensions == ("step",) and name != "series_time"]
        if names is not None:
            names = set(names)
            unknown = sorted(names - set(variables))
            if unknown:
                raise InputError(f"{path} has no {unknown[0]!r}: it has {', '.join(sorted(variables))}")
            fields = [name for name in fields if name in names]
            series = [name for name in series if name in names]
        kept = {"time": _interval(path, record, records), "step": slice(0, steps)}
        coordinates = [name for name, v in variables.items() if v.dimensions not in (FIELD, ("step",))]
        arrays = {
            name: np.asarray(variables[name][kept.get(variables[name].dimensions[0], slice(None))])
            for name in [*coordinates, "series_time", *fields, *series]
        }
        return RunData(
            path=path,
            attributes=read_attributes(nc),
            arrays=arrays,
            fields=tuple(fields),
            series=tuple(series),
            units={name: v.getncattr("units") for name, v in variables.items()},
            long_names={name: v.getncattr("long_name") for name, v in variables.items()},
        )


def _interval(path, record, records):
    if record is None:
        return slice(0, records)
    if not -records <= record < records:
        raise InputError(f"{path} has no record {record}: it has {records}, counted from 0")
    first = record % records
    return slice(first, first + 1)
