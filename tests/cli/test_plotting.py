"""The default pictures: drawn from a run in memory and from its file, in one, two and three dimensions."""

import json
import sys
import types

import numpy as np
import pytest

from multifluid import plotting
from multifluid.cli import main
from multifluid.errors import InputError
from multifluid.io.reader import load
from multifluid.io.run_file import RunFile

pytest.importorskip("matplotlib")


class Grid:
    """Unit box."""

    units = "d_i"

    def __init__(self, *shape):
        self.shape = shape

    def faces(self, axis):
        return np.linspace(0, 1, self.shape[2 - axis] + 1)

    def centres(self, axis):
        faces = self.faces(axis)
        return (faces[1:] + faces[:-1]) / 2


def state(grid, field=True):
    """Smooth fields of two fluids."""
    x, y, z = (grid.centres(axis) for axis in range(3))
    wave = np.sin(2 * np.pi * (x[None, None, :] + y[None, :, None])) + 0 * z[:, None, None]
    found = {}
    for species, rho in (("ion", 1.0), ("electron", 5e-4)):
        found |= {f"rho_{species}": rho * (2 + wave), f"p_{species}": 1 + wave**2}
        found |= {f"ux_{species}": wave, f"uy_{species}": 0 * wave, f"uz_{species}": -wave}
    if field:
        found |= {"Bx": 1 + 0 * wave, "By": wave, "Bz": 0 * wave, "Ex": 0 * wave, "Ey": 0 * wave, "Ez": 0.1 * wave}
    return found


def unit(name):
    """Velocities have one, to see it drawn."""
    return "v_A" if name[0] == "u" else "1"


SERIES = {"energy_magnetic": 1.0, "energy_ion": 0.2, "energy_total": 1.2, "mass_ion": 1.0}


def as_result(grid, field=True):
    """Run in memory."""
    fields = {
        name: types.SimpleNamespace(data=data, long_name=name, units=unit(name))
        for name, data in state(grid, field).items()
    }
    simulation = types.SimpleNamespace(
        grid=grid, fields=lambda: fields, integrals=dict, problem=types.SimpleNamespace(name="echo_wave")
    )
    series = {"series_time": np.linspace(0, 1, 4), **{name: np.full(4, value) for name, value in SERIES.items()}}
    return types.SimpleNamespace(simulation=simulation, t=1.0, series=series)


def as_file(path, grid, **attributes):
    """Run in a file, with two records."""
    fields = state(grid)
    run = RunFile.create(
        path, grid, attributes, {name: (name, unit(name)) for name in fields},
        {name: (name, "1") for name in SERIES} | {"limited_by": ("what limits dt", "1", str)},
    )  # fmt: skip
    for t in (0.0, 1.0):
        run.write_fields(t, fields)
        run.write_series([{"series_time": t, "limited_by": "ion", **SERIES}])
    return path


def panels(monkeypatch, run, path):
    """Titles of the panels of the picture drawn, which is closed afterwards."""
    figures = []
    plt = plotting.pyplot()
    monkeypatch.setattr(plt, "close", figures.append)
    plotting.plot_run(run, path)
    titles = [ax.get_title() for ax in figures[0].axes if ax.get_title()]
    monkeypatch.undo()
    plt.close(figures[0])
    return titles


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1, 1, 32), ["mass density", "pressure", "velocity", "magnetic field", "electric field", "energy"]),
        ((1, 32, 1), ["mass density", "pressure", "velocity", "magnetic field", "electric field", "energy"]),
        ((1, 24, 32), ["density, ion", "speed, electron", "magnetic field", "out of the plane,  $E_z$", "energy"]),
        ((4, 1, 32), ["density, ion", "magnetic field", "out of the plane,  $B_y$"]),
        ((4, 24, 32), ["density, ion", "magnetic field", "out of the plane,  $B_z$"]),
    ],
)
def test_pictures_from_memory_and_file_show_the_same(tmp_path, monkeypatch, shape, expected):
    grid = Grid(*shape)
    drawn = panels(monkeypatch, as_result(grid), tmp_path / "a.png")
    assert all(any(title.startswith(start) for title in drawn) for start in expected), drawn
    from_file = panels(monkeypatch, load(as_file(tmp_path / "run.nc", grid)), tmp_path / "b.png")
    assert from_file == drawn
    for name in ("a.png", "b.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG") and (tmp_path / name).stat().st_size > 20_000


def test_a_neutral_gas_has_no_field_panels(tmp_path, monkeypatch):
    for shape in ((1, 1, 16), (1, 16, 16)):
        drawn = panels(monkeypatch, as_result(Grid(*shape), field=False), tmp_path / "a.png")
        assert not any("magnetic" in title or "E_" in title for title in drawn) and any("density" in t for t in drawn)


def test_axes_carry_units():
    snapshot = plotting.take_snapshot(as_result(Grid(1, 1, 8)))
    assert snapshot.label("x", "x") == "$x$  [d_i]" and snapshot.label("p", "p_ion") == "$p$"
    assert snapshot.label("u", "ux_ion") == "$u$  [v_A]"
    assert snapshot.species == ["ion", "electron"]


def test_plot_finds_the_problem_that_the_file_records(tmp_path, monkeypatch, packaged_problems, capsys):
    monkeypatch.chdir(tmp_path)
    as_file(tmp_path / "run.nc", Grid(1, 1, 8), problem_spec="echo_wave", parameters=json.dumps({"nx": 8}))
    assert main(["plot", "run.nc"]) == 0
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out == "wrote run.png\n"
    assert main(["plot", "run.nc", "-o", "missing/run.png"]) == 2
    assert "missing/run.png cannot be written: No such file or directory" in capsys.readouterr().err


def test_a_problem_draws_its_own_picture_from_all_records(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "from multifluid.problem import Problem\n"
        "class Mine(Problem):\n"
        "    t_end = 1.0\n"
        "    def grid(self): ...\n"
        "    def fluids(self): ...\n"
        "    def initial(self, x, y, z): ...\n"
        "    def plot(self, run, path): open(path, 'w').write(str(run['rho_ion'].shape))\n"
    )
    as_file(tmp_path / "run.nc", Grid(1, 1, 8), problem_spec=f"{tmp_path}/mine.py:Mine", parameters="{}")
    assert main(["plot", "run.nc", "-o", "own.txt"]) == 0
    assert (tmp_path / "own.txt").read_text() == "(2, 1, 1, 8)"
    (tmp_path / "mine.py").unlink()
    assert main(["plot", "run.nc"]) == 2
    assert "run.nc was written by" in capsys.readouterr().err


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"multifluid\[plot\]"):
        plotting.pyplot()
