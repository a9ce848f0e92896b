"""What a run file holds: its dimensions, variables and their metadata."""

import numpy as np

from multifluid.errors import InputError
from multifluid.io._netcdf import FILL, check_name

FIELD = ("time", "z", "y", "x")
_AXES = ("x", "y", "z")
_RESERVED = {"time", "step", "bounds", "series_time", *_AXES, *(f"{axis}_bounds" for axis in _AXES)}
# xarray turns these units into time differences and would change the numbers
_DURATIONS = {"days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"}
_CHUNK_BYTES = 1 << 22
ROWS = 1024


def complete(nc):
    """How many records and steps are finished: those before the first without a time."""
    return tuple(int(np.argmax(np.append(nc.variables[name][:], FILL) == FILL)) for name in ("time", "series_time"))


def check_meta(fields_meta, series_meta, time_units):
    """Raise InputError where a name or unit of a field or series cannot stand in the file."""
    taken = set(_RESERVED)
    for what, table in (("field", fields_meta), ("series", series_meta)):
        for name, (_, units, *_rest) in table.items():
            check_name(name, what)
            if name in taken:
                raise InputError(f"{what} {name!r}: the file has a variable of this name already; choose another")
            taken.add(name)
            _check_units(name, units)
    _check_units("time", time_units)


def _check_units(name, units):
    if units.lower() in _DURATIONS or " since " in units:
        raise InputError(f"units {units!r} of {name!r}: readers take this for calendar time; write 's' or '1'")


def chunks(shape):
    """Chunk (z, y, x) of a record (nz, ny, nx): all of it, or whole planes, or whole rows, of about 4 MiB at most."""
    nz, ny, nx = shape
    rows = max(1, _CHUNK_BYTES // (8 * nx))
    return max(1, min(nz, rows // ny)), min(ny, rows), nx


def define(nc, grid, fields_meta, series_meta, time_units, compression):
    """Create dimensions and variables in the empty dataset `nc` and fill in the cells' positions."""
    nc.createDimension("time", None)
    nc.createDimension("step", None)
    nc.createDimension("bounds", 2)
    _variable(nc, "time", ("time",), "time", time_units, chunksizes=(ROWS,))
    _variable(nc, "series_time", ("step",), "time of the step", time_units, chunksizes=(ROWS,))
    for axis, name in reversed(list(enumerate(_AXES))):
        centres, faces = grid.centres(axis), grid.faces(axis)
        nc.createDimension(name, len(centres))
        _variable(nc, name, (name,), f"{name} of the cell centre", grid.units)[:] = centres
        nc.variables[name].setncattr("bounds", f"{name}_bounds")
        edges = _variable(nc, f"{name}_bounds", (name, "bounds"), f"{name} of the cell faces", grid.units)
        edges[:] = np.stack([faces[:-1], faces[1:]], axis=1)
    storage = {"chunksizes": (1, *chunks(grid.shape))}
    if compression:
        storage |= {"compression": "zlib", "complevel": compression, "shuffle": True}
    for name, (long_name, units) in fields_meta.items():
        _variable(nc, name, FIELD, long_name, units, **storage)
    for name, (long_name, units, *kind) in series_meta.items():
        variable = _variable(nc, name, ("step",), long_name, units, str if kind else "f8", chunksizes=(ROWS,))
        variable.setncattr("coordinates", "series_time")


def _variable(nc, name, dimensions, long_name, units, kind="f8", **storage):
    variable = nc.createVariable(name, kind, dimensions, **storage)
    variable.setncattr("long_name", long_name)
    variable.setncattr("units", units or "1")
    return variable


def copy(old, new, lengths):
    """Copy the run file `old` into the empty dataset `new`, cut to `lengths`: {"time": records, "step": steps}."""
    new.setncatts({name: old.getncattr(name) for name in old.ncattrs()})
    for name, dimension in old.dimensions.items():
        new.createDimension(name, None if dimension.isunlimited() else len(dimension))
    for name, source in old.variables.items():
        layout, filters = source.chunking(), source.filters() or {}
        storage = {"chunksizes": layout} if isinstance(layout, list) else {}
        if filters.get("zlib"):
            storage |= {"compression": "zlib", "complevel": filters["complevel"], "shuffle": filters["shuffle"]}
        target = new.createVariable(name, source.dtype, source.dimensions, **storage)
        target.set_auto_maskandscale(False)
        target.setncatts({key: source.getncattr(key) for key in source.ncattrs()})
        if source.dimensions == FIELD:
            for record in range(lengths["time"]):  # one at a time: the file may be larger than memory
                target[record] = source[record]
        else:
            n = lengths.get(source.dimensions[0])
            target[:n] = source[:n]
