"""What a run leaves behind, in memory or in its file."""

import numpy as np


class MemoryRun:
    """Records and series of a run without a file."""

    def __init__(self):
        self.records, self.rows = [], []

    def add(self, t, fields, rows):
        """Keep copies of the fields at time t, and the series rows since the last record."""
        self.records.append((t, {name: data.copy() for name, data in fields.items()}))
        self.rows += rows


class Result:
    """A finished run.

    Attributes
    ----------
    simulation : Simulation
    steps : int
        Steps taken by this call of ``run``.
    wall : float
        Seconds it took, the first compilation included.
    """

    def __init__(self, simulation, steps, wall):
        self.simulation, self.steps, self.wall = simulation, steps, wall

    @property
    def t(self):
        """Time reached."""
        return self.simulation.t

    def __getitem__(self, name):
        """Last state of a variable, its flat axes removed: ``result["rho_ion"]``."""
        fields = self.simulation.fields()
        if name not in fields:
            from .errors import InputError
            from .parameter import nearest

            raise InputError(f"the run has no field {name!r}{nearest(name, fields) or ''}")
        return fields[name].data.squeeze()

    def fields(self):
        """Last state: dict of name to ``Field``."""
        return self.simulation.fields()

    @property
    def series(self):
        """Time series of integrals, dict of name to array over steps; ``series_time`` is their time."""
        if self.simulation.output is not None:
            from .io.reader import load

            data = load(self.simulation.output)
            return {name: data[name] for name in (*data.series, "series_time")}
        rows = self.simulation._memory.rows + self.simulation._rows
        return {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {}

    @property
    def records(self):
        """List of (t, dict of name to array (z, y, x)), one per record."""
        if self.simulation.output is not None:
            from .io.reader import load

            data = load(self.simulation.output)
            return [(float(t), {name: data[name][n] for name in data.fields}) for n, t in enumerate(data["time"])]
        return list(self.simulation._memory.records)

    def dataset(self):
        """The run as an xarray.Dataset (from its file, or built from the records in memory)."""
        if self.simulation.output is not None:
            from .io import open_run

            return open_run(self.simulation.output)
        import xarray

        records, grid = self.records, self.simulation.grid
        meta = self.simulation.fields()
        data = {name: (("time", "z", "y", "x"), np.stack([fields[name] for _, fields in records]),
                       {"long_name": meta[name].long_name, "units": meta[name].units}) for name in meta}
        return xarray.Dataset(data, {"time": [t for t, _ in records], "z": grid.centres(2), "y": grid.centres(1),
                                     "x": grid.centres(0)}, self.simulation.attributes())
