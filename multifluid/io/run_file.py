"""The file of a run: fields at chosen times and integrals at every step, one netCDF4 file that xarray reads as it is.

Dimensions are ``time`` and ``step`` (both grow), ``z``, ``y``, ``x`` and ``bounds`` (2). Fields are (time, z, y, x),
integrals lie on ``step`` with the coordinate ``series_time``. The file is closed between calls, so it can be read and
plotted while the run goes on.
"""

import math
import os
import shutil
from contextlib import ExitStack, contextmanager, nullcontext

import numpy as np

from multifluid.errors import InputError, RunError
from multifluid.io._files import claimed, free_name, remove, replacing, require_space, resolved, sync, writable_file
from multifluid.io._layout import FIELD, ROWS, check_meta, chunks, complete, copy, define
from multifluid.io._netcdf import mark, open_dataset, reading, write_attributes
from multifluid.io.checkpoint import checkpoints_of, is_checkpoint_name

_TRIES = 5


class RunFile:
    """The output file of one run, written record by record.

    Use `create` for a new run and `open` to go on with an old one. No file is held open between calls.

    Attributes
    ----------
    path : Path
        The file, links followed.
    records, steps : int
        Complete records along ``time`` and ``step``.
    shape : tuple of int
        (nz, ny, nx).
    """

    def __init__(self, path, shape, fields, series, records, steps):
        self.path = path
        self.shape = shape
        self.records = records
        self.steps = steps
        self._fields = fields
        self._series = series
        self._size = path.stat().st_size

    @classmethod
    def create(cls, path, grid, attributes, fields_meta, series_meta, overwrite=False, time_units="1", compression=0):
        """Write the header of a new run file; nothing on the disk changes unless all of it could be written.

        Parameters
        ----------
        path : path-like
            Name of the file, ending in ``.nc``.
        grid : Grid
            Its ``shape`` (nz, ny, nx), ``units``, and for axis 0, 1, 2 = x, y, z ``centres(axis)`` (n,) and
            ``faces(axis)`` (n + 1,).
        attributes : dict
            Global attributes: name to str, float, int or bool.
        fields_meta : dict
            Name to (long_name, units) of every field.
        series_meta : dict
            Name to (long_name, units), or (long_name, units, str) for a series of texts.
        overwrite : bool
            Replace an existing file, and remove the checkpoints of the run it held.
        time_units : str
            Units of ``time`` and ``series_time``: "1" or "s".
        compression : int
            zlib level 0 (off) to 9 of the fields.

        Raises
        ------
        InputError
            The directory is missing or write-protected, the file or checkpoints of an earlier run of this name exist
            and `overwrite` is False, the name is a directory's or does not end in ``.nc``, or a name, unit or
            attribute cannot be stored.
        """
        path = resolved(path)
        _check_path(path, overwrite)
        check_meta(fields_meta, series_meta, time_units)
        if compression not in range(10):
            raise InputError(f"compression = {compression!r}: give a zlib level from 0 (off) to 9")
        old = checkpoints_of(path)
        if old and not overwrite:
            raise InputError(
                f"checkpoints of an earlier run lie beside {path} ({old[-1].name}): choose another name, "
                "or give --overwrite to remove them"
            )
        with (
            nullcontext() if overwrite and path.exists() else claimed(path),
            replacing(path, _temporary(path), InputError) as new,
        ):
            with open_dataset(new, "w") as nc:
                mark(nc, "run")
                write_attributes(nc, attributes)
                define(nc, grid, fields_meta, series_meta, time_units, compression)
        for stale in old:  # a later restart must not take them for this run's
            remove(stale)
        texts = {name: len(meta) == 3 for name, meta in series_meta.items()}
        return cls(path, tuple(grid.shape), tuple(fields_meta), texts, 0, 0)

    @classmethod
    def open(cls, path):
        """Open the file of an earlier run to append to it.

        Raises
        ------
        InputError
            It is missing, not a run file of ours, damaged, or write-protected.
        """
        path = resolved(path)
        with reading(path, "run", _TRIES) as nc:
            fields = tuple(name for name, v in nc.variables.items() if v.dimensions == FIELD)
            texts = {
                name: v.dtype is str
                for name, v in nc.variables.items()
                if v.dimensions == ("step",) and name != "series_time"
            }
            shape = tuple(len(nc.dimensions[axis]) for axis in FIELD[1:])
            records, steps = complete(nc)
        writable_file(path)
        return cls(path, shape, fields, texts, records, steps)

    def write_fields(self, t, fields):
        """Append one record of fields.

        Parameters
        ----------
        t : float
            Time of the record.
        fields : dict
            Name to array (nz, ny, nx), float64: exactly the fields the file was created with.

        Raises
        ------
        InputError
            A field is missing, unknown or of another shape.
        RunError
            The file cannot be written any more: disk full, file removed or replaced. The earlier records stay.
        """
        _same_names(fields, self._fields, "field")
        arrays = {name: np.asarray(fields[name], dtype=np.float64) for name in self._fields}
        for name, array in arrays.items():
            if array.shape != self.shape:
                raise InputError(f"field {name!r} has the shape {array.shape}: the grid needs {self.shape}")
        cells = math.prod(-(-n // c) * c for n, c in zip(self.shape, chunks(self.shape), strict=True))
        with self._appending(8 * len(arrays) * cells) as nc:
            for name, array in arrays.items():
                nc.variables[name][self.records] = array
            # last: a record without a time was not finished, and the next one takes its place
            nc.variables["time"][self.records] = t
        self.records += 1

    def write_series(self, rows):
        """Append integrals of one or more steps.

        Parameters
        ----------
        rows : list of dict
            One per step: "series_time" and exactly the series the file was created with, name to float (or str).

        Raises
        ------
        InputError
            A name is missing or unknown in a row.
        RunError
            As `write_fields`.
        """
        if not rows:
            return
        for row in rows:
            _same_names(row, ("series_time", *self._series), "series")
        columns = {
            name: np.array([row[name] for row in rows], dtype=object if text else np.float64)
            for name, text in self._series.items()
        }
        texts = sum(len(str(entry)) + 64 for name, text in self._series.items() if text for entry in columns[name])
        blocks = len(rows) // ROWS + 2  # a text is stored as 16 bytes that point to it
        with self._appending(16 * ROWS * blocks * (len(columns) + 1) + 2 * texts) as nc:
            place = slice(self.steps, self.steps + len(rows))
            for name, column in columns.items():
                nc.variables[name][place] = column
            nc.variables["series_time"][place] = np.array([row["series_time"] for row in rows], dtype=np.float64)
        self.steps += len(rows)

    def truncate(self, records, steps):
        """Keep the first `records` records and `steps` steps, as a restart from a checkpoint needs.

        netCDF cannot shorten a dimension: the part to keep is copied to a new file, which then takes the place of the
        old one in one move.

        Raises
        ------
        InputError
            The file holds fewer, or there is no space for the copy.
        """
        for wanted, have, what in ((records, self.records, "field records"), (steps, self.steps, "steps")):
            if not 0 <= wanted <= have:
                raise InputError(
                    f"{self.path} holds {have} {what}, the checkpoint expects {wanted}: "
                    "restart from an earlier checkpoint, giving its name, or run the problem again"
                )
        lengths = {"time": records, "step": steps}
        with reading(self.path, "run", _TRIES) as old:
            if all(len(old.dimensions[name]) == n for name, n in lengths.items()):
                self.records, self.steps = records, steps
                return
            with replacing(self.path, _temporary(self.path), InputError) as new, open_dataset(new, "w") as nc:
                copy(old, nc, lengths)
        self.records, self.steps = records, steps
        self._size = self.path.stat().st_size

    @contextmanager
    def _appending(self, size):
        """Open the file to append at most `size` bytes of data; close and sync it after the body."""
        try:
            if os.path.getsize(self.path) < self._size:
                raise RunError(f"{self.path} was cut short by another program: restart from the last checkpoint")
            require_space(self.path, size + (size >> 4) + (1 << 20))  # the data, and room for HDF5's own indices
            with ExitStack() as stack:
                yield self._checked(self._open_or_copy(stack))
            sync(self.path)
            self._size = os.path.getsize(self.path)
        except (OSError, RuntimeError) as problem:
            if isinstance(problem, RunError):
                raise
            reason = getattr(problem, "strerror", None) or problem
            raise RunError(
                f"cannot append to {self.path}: {reason}; free space or restore the file, then restart from the "
                "last checkpoint"
            ) from problem

    def _open_or_copy(self, stack):
        try:
            return stack.enter_context(open_dataset(self.path, "a", _TRIES))
        except OSError:
            # Another program, or this one, has it open for reading and so has locked it. It may keep what it has:
            # the record goes into a copy that takes the name.
            new = stack.enter_context(replacing(self.path, _temporary(self.path), RunError))
            shutil.copyfile(self.path, new)
            return stack.enter_context(open_dataset(new, "a"))

    def _checked(self, nc):
        sizes = [len(nc.dimensions[name]) if name in nc.dimensions else -1 for name in ("time", "step")]
        if sizes[0] - self.records not in (0, 1) or sizes[1] < self.steps:
            raise RunError(f"{self.path} was replaced or changed by another program: give every run a name of its own")
        return nc


def _temporary(path):
    return path.with_name(f".{path.name}.tmp")


def _check_path(path, overwrite):
    if path.suffix != ".nc" or is_checkpoint_name(path.name):
        raise InputError(f"cannot name a run file {path.name!r}: give a name that ends in .nc, such as {path.stem}.nc")
    free_name(path, overwrite)


def _same_names(given, wanted, what):
    missing = [name for name in wanted if name not in given]
    unknown = [name for name in given if name not in wanted]
    if missing or unknown:
        problem = f"{missing[0]!r} is missing" if missing else f"{unknown[0]!r} was not declared"
        raise InputError(f"{what} {problem}: each call gives every {what} the file was created with")
