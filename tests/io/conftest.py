"""What the tests of files share: a grid as small as can be, fields with awkward values, ways to spoil a file."""

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from multifluid.io import RunFile

FIELDS = {"rho_ion": ("mass density of ion", "kg/m3"), "By": ("magnetic field, y", "")}
SERIES = {"mass_ion": ("mass of ion", "kg"), "limited_by": ("what limits the step", "1", str)}
ATTRIBUTES = {"nx": 5, "c": 0.1 + 0.2, "problem": "brio_wu", "empty": "", "greek": "µ²", "hall": True, "off": False}


class Grid:
    """Two-dimensional: z is flat."""

    shape = (1, 3, 5)
    units = "m"

    def faces(self, axis):
        n = self.shape[2 - axis]
        return np.linspace(0.0, 0.1 * n, n + 1)

    def centres(self, axis):
        faces = self.faces(axis)
        return 0.5 * (faces[1:] + faces[:-1])


def awkward(seed):
    """One record of fields with NaN, infinities, signed zero, a subnormal, and netCDF's own fill value."""
    rng = np.random.default_rng(seed)
    fields = {name: rng.normal(size=Grid.shape) for name in FIELDS}
    fields["By"][0, 0] = [np.nan, np.inf, -np.inf, -0.0, 9.969209968386869e36]
    fields["By"][0, 1, 0] = 5e-324
    return fields


def bits(array):
    return np.ascontiguousarray(array).view(np.uint64)


def row(k):
    return {"series_time": 0.1 * k, "mass_ion": 1.0 / (k + 1), "limited_by": f"ion, axis {k % 3}"}


@pytest.fixture
def files():
    """The helpers above, since test modules do not import one another."""
    return SimpleNamespace(Grid=Grid, fields=awkward, bits=bits, row=row, FIELDS=FIELDS, SERIES=SERIES)


@pytest.fixture
def create(tmp_path):
    """Create a run file with the small grid: create(path=..., and any argument of RunFile.create)."""

    def make(path=tmp_path / "out.nc", **options):
        arguments = {"attributes": ATTRIBUTES, "fields_meta": FIELDS, "series_meta": SERIES} | options
        return RunFile.create(path, Grid(), **arguments)

    return make


@pytest.fixture
def run(create):
    """A run file with three records and seven steps."""
    run = create()
    for k in range(3):
        run.write_fields(0.5 * k, awkward(k))
    run.write_series([row(k) for k in range(4)])
    run.write_series([row(k) for k in range(4, 7)])
    return run


@pytest.fixture
def contents():
    """Everything a directory holds, bytes included, to show that nothing changed."""
    return lambda directory: {p.name: p.read_bytes() for p in Path(directory).iterdir() if p.is_file()}


@pytest.fixture
def one_line():
    """Check that a message is one line of some substance, and return it."""

    def check(info):
        message = str(info.value)
        assert "\n" not in message and len(message) > 30 and ": " in message
        return message

    return check


@pytest.fixture
def unprivileged():
    """An empty directory of our own and no privileges: root may write where its permissions say it may not."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        if os.geteuid() != 0:
            yield directory
            directory.chmod(0o700)
            return
        os.chown(directory, 65534, 65534)
        os.seteuid(65534)
        try:
            yield directory
        finally:
            os.seteuid(0)
            directory.chmod(0o700)
