"""A run that goes wrong on the way stops at once: exit code 3, one line that says where, a checkpoint from before."""

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.cli import main
from multifluid.io.checkpoint import latest_checkpoint, read_checkpoint
from multifluid.io.reader import load
from tests.small_plasma import SmallPlasma

MINE = """
import numpy as np
from multifluid import Boundaries, InputError
from multifluid.boundaries import User
from tests.small_plasma import SmallPlasma

class Mine(SmallPlasma):
    n = 12
    t_end = 0.1
    def boundaries(self):
        def low(t, x, y, z, inside):
            late = t > 0.05
            {fault}
            return inside
        return Boundaries(x=(User(low), "open"))
"""
FAULTS = {
    "pressure is nan": ("inside['p_ion'] = np.nan if late else inside['p_ion']", "ion: rho = "),
    "pressure is negative": ("inside['p_electron'] = (-100.0 if late else 1.0) * inside['p_electron']", "ion: rho = "),
    "field is nan": ("inside['Ez'] = np.nan if late else inside['Ez']", "ion: rho = "),
    "it raises": ("inside['nonesuch' if late else 'Ex']", "mine.py:13: the function raised KeyError: 'nonesuch'"),
    "it forgets one": ("inside.pop('By' if late and 'By' in inside else 0, None)", "returns no 'By'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_command_says_what_failed_where_and_leaves_a_checkpoint(tmp_path, monkeypatch, capsys, fault):
    monkeypatch.chdir(tmp_path)
    line, words = FAULTS[fault]
    (tmp_path / "mine.py").write_text(MINE.format(fault=line))
    assert main(["run", "mine.py", "-o", "out.nc", "--quiet"]) == 3
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1 and errors[0].startswith("multifluid: error: ") and words in errors[0]
    assert "restart out.nc" in errors[0]
    if words.endswith("rho = "):
        for part in ("p = ", "in cell (k, j, i) = (0, 0, ", "at x = ", "step ", "t = 0.0", "dt = ", "Lower cfl"):
            assert part in errors[0]
        assert "stage" in errors[0] or "end of step" in errors[0]
    checkpoint = read_checkpoint(latest_checkpoint(tmp_path / "out.nc"))
    inner = checkpoint["arrays"]["state"][..., 3:-3]
    assert np.all(np.isfinite(inner)) and np.all(inner[[0, 5]] > 0)
    run = load(tmp_path / "out.nc")
    assert all(np.all(np.isfinite(run[name])) for name in run.fields)
    # it stopped where it first could: the last good state is just before the fault
    assert 0.04 < checkpoint["scalars"]["t"] <= 0.0501 and run["series_time"][-1] == checkpoint["scalars"]["t"]
    # and from there it fails again, by the same way
    assert main(["restart", "out.nc", "--quiet"]) == 3


class Parting(SmallPlasma):
    """Streams that part at twice the sound speed and leave a near vacuum."""

    def initial(self, x, y, z):
        state = super().initial(x, y, z)
        for f in self.fluids():
            state[f.name] |= {"rho": f.mass, "p": 0.05, "u": (np.sign(x - 0.5), 0.0, 0.0)}
        return state


def test_a_near_vacuum_is_survived_without_floors():
    result = Simulation(Parting(n=64, t_end=0.2)).run()
    assert all(np.all(np.isfinite(field.data)) for field in result.fields().values())
    assert 0 < result["rho_ion"].min() < 0.1 and result["p_electron"].min() > 0
    assert result.series["floors"][-1] == 0


def test_floors_hold_and_are_counted():
    result = Simulation(Parting(n=64, t_end=0.2, floor_density=2e-3, floor_pressure=1e-2)).run()
    assert result["p_ion"].min() >= 1e-2 * (1 - 1e-12) and result["rho_electron"].min() >= 2e-3 * (1 - 1e-12)
    assert result.series["floors"][-1] > 0
