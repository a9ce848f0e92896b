"""The rotor with ions and electrons: constraints, symmetry, energy, ideal MHD."""

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.problems import measures
from multifluid.problems.turbulence.rotor import Rotor


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def test_start():
    """Gauss's law, the charge-free state and the mass of the disc: 10 in its inner part, 5.5 on the mean of the rim."""
    simulation = Simulation(Rotor(nx=64))
    integrals = {name: value.value for name, value in simulation.integrals().items()}
    assert integrals["gauss_error"] < 2e-15 and integrals["div_b"] < 1e-14
    # pi int 9 f dr^2 + 1
    radii = (0.1, 0.115)
    disc = 9 * np.pi * (radii[0] ** 2 + radii[0] * radii[1] + radii[1] ** 2) / 3
    assert integrals["mass_ion"] + integrals["mass_electron"] == pytest.approx(1 + disc, rel=5e-3)


def test_start_is_balanced():
    """E in balance with the flow: one short step hardly changes it; with E = 0 it would be all of it."""
    simulation = Simulation(Rotor(nx=32, t_end=1e-5))
    before = simulation.fields()["Ez"].data.copy()
    result = simulation.run()
    assert np.max(np.abs(result["Ez"] - before.squeeze())) < 0.02 * np.max(np.abs(before))


@pytest.mark.parametrize("parameters", [{}, {"d_i": 3e-3, "t_end": 0.03}], ids=str)
def test_run(parameters):
    problem = Rotor(nx=64, **parameters)
    result = Simulation(problem).run()
    assert not failed(problem.check(result))


def test_asymmetry_is_seen():
    """Also in what the Hall effect alone makes: u_z and B_z."""
    problem = Rotor(nx=32, d_i=1e-2, t_end=0.01)
    result = Simulation(problem).run()
    assert problem.asymmetry(result) < 1e-11
    fields = {name: field.data.squeeze() for name, field in result.fields().items()}
    assert np.max(np.abs(fields["Bz"])) > 1e-3
    assert measures.asymmetry(result, flips=(0, 1), odd="xy", magnetic="xy") > 0.1
    result.fields()["rho_ion"].data[0, 3, 5] *= 1.01
    assert problem.asymmetry(result) > 5e-4


def test_picture(tmp_path):
    problem = Rotor(nx=16, t_end=0.01)
    problem.plot(Simulation(problem).run(), tmp_path / "rotor.png")
    assert (tmp_path / "rotor.png").stat().st_size > 20_000
