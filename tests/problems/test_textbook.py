"""The textbook's formulas: drifts, Boltzmann relation, dielectric constant, frozen-in flux; small runs at tight limits."""

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.special import j1

from multifluid import Grid, InputError, Simulation
from multifluid.convergence import convergence
from multifluid.problems.textbook import loops
from multifluid.problems.textbook.boltzmann import Boltzmann
from multifluid.problems.textbook.diamagnetic import Diamagnetic
from multifluid.problems.textbook.dielectric import Dielectric
from multifluid.problems.textbook.flux_loop import FluxLoop

MHD = {"d_i": 1e-6, "c": 3e5}


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def checked(problem):
    """The run of a problem whose check has passed."""
    run = Simulation(problem).run()
    assert not failed(problem.check(run))
    return run


# -- diamagnetic ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("parameters", [
    {}, {"closure": "five-moment"}, {"beta_ion": 0.0}, {"beta_electron": 0.0, "exb": 0.0}, MHD,
    {**MHD, "start": "rest"}], ids=str)
def test_drifts(parameters):
    """Cell by cell, in equilibrium and from rest; 5e-4 to 3e-3 of the largest drift with 16 cells."""
    problem = Diamagnetic(nx=16, **parameters)
    run = checked(problem)
    found, formula = problem.mean(problem.drifts, run)
    assert np.ptp(formula, axis=1).max() > 0.2 * np.abs(formula).max()  # a drift that varies from cell to cell


def test_plasma_at_rest_makes_itself_a_field():
    """m_i >> m_e, rho >> eps0 B^2: ions end without drift, electrons carry the current."""
    problem = Diamagnetic(nx=16, start="rest", exb=0.0)
    run = Simulation(problem).run()
    (ion, electron), _ = problem.mean(problem.drifts, run)
    E, formula = problem.mean(problem.field_of, run)
    assert np.abs(ion).max() < 2e-3 * np.abs(electron).max()  # 7e-4
    assert np.abs(E - formula).max() < 4e-3 * np.abs(E).max()  # 2.7e-3


def test_equilibrium_is_kept_at_second_order():
    found = convergence(Diamagnetic, (8, 16, 32), {"t_end": 0.25, "beta_ion": 0.1})
    assert found.below(1.9) == {}, {group: found.order(group) for group in found.errors}


def test_mistakes_in_diamagnetic():
    with pytest.raises(InputError, match="no diamagnetic drift"):
        Diamagnetic(beta_ion=0.0, beta_electron=0.0)
    with pytest.raises(InputError, match="lower them"):
        Diamagnetic(beta_ion=0.9)


# -- boltzmann ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("parameters", [{"nx": 40, "t_end": 1.2}, {"debye": 1e-6, "c": 100.0},
                                        {"debye": 1e-8, "c": 6000.0, "beta": 200.0, "clump": -0.5},
                                        {"debye": 1e-6, "c": 100.0, "mass_ratio": 1836.0, "steps": 100}], ids=str)
def test_boltzmann_relation(parameters):
    problem = Boltzmann(**parameters)
    charge = problem.errors(checked(problem).records[-1][1])["charge"]
    assert 0.03 < charge < 0.05 if "debye" not in parameters else charge < 1e-9


def test_poisson_boltzmann_of_a_small_clump():
    """Linear limit: n_e - 1 = (n_i - 1)/(1 + k^2 lambda_D^2)."""
    problem = Boltzmann(debye=0.1, nx=32)
    wave = np.cos(2.0 * np.pi * problem.grid().centres(0))
    found = np.exp(problem.poisson_boltzmann(1.0 + 1e-6 * wave)) - 1.0
    assert found == pytest.approx(1e-6 * wave / (1.0 + 0.04 * np.pi**2), abs=1e-11)


# -- dielectric -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("ratio", [1e-2, 189.0, 1e6, 9e10])
def test_dielectric_constant_after_a_kick(ratio):
    problem = Dielectric(ratio=ratio)
    assert abs(problem.measured(checked(problem)) / (1.0 + ratio) - 1.0) < 1e-13  # 2e-14


@pytest.mark.parametrize("ratio", [1e-2, 1.0, 1e6])
def test_dielectric_constant_of_a_driven_field(ratio):
    problem = Dielectric(drive="force", ratio=ratio, steps=32)
    found = problem.measured(checked(problem))
    assert abs(found / problem.two_fluid - 1.0) < 1.2e-3  # 8e-4
    # the formula holds up to omega^2/Omega_i^2
    assert abs(problem.two_fluid / problem.formula - 1.0) < problem.omega**2


def test_resolved_oscillation_is_second_order():
    errors = []
    for steps in (250, 500):
        problem = Dielectric(ratio=1.0, mass_ratio=4.0, step=26.0 / steps, steps=steps)
        t, E = problem.history(checked(problem))
        assert problem.motion(t[40]) == pytest.approx(expm(problem.matrix * t[40])[:, 2], abs=1e-12)
        errors.append(np.abs(E - problem.motion(t)[2]).max())
    assert np.log2(errors[0] / errors[1]) > 1.9


def test_mistakes_in_dielectric():
    with pytest.raises(InputError, match="periods of the slowest"):
        Dielectric(step=0.1, steps=100)
    with pytest.raises(InputError, match="choose another"):
        Dielectric(drive="force", ratio=1e-2, omega=1.0)


# -- loops and flux_loop --------------------------------------------------------------------------------------------

def test_loops_in_a_known_flow():
    """A steady cellular flow: flux of a wavy field and circulation by Bessel's functions, then the carried loop."""
    grid = Grid((0.0, 1.0, 64), (0.0, 1.0, 64))
    plane = loops.Plane(grid)
    x, y = (line[0] for line in grid.mesh()[:2])
    angle = 2.0 * np.pi * np.arange(128) / 128
    circle = 0.5 + 0.2 * np.array([np.cos(angle), np.sin(angle)])
    k = 2.0 * np.pi
    exact = np.pi * 0.2**2 - 0.3 * 2.0 * np.pi * 0.2 * j1(k * 0.2) / k
    assert loops.flux(plane, 1.0 + 0.3 * np.cos(k * x) + 0.0 * y, circle) == pytest.approx(exact, rel=1e-6)
    velocity = np.array([-np.sin(k * (y + 0.0 * x)), np.sin(k * (x + 0.0 * y))]) / k
    times = np.linspace(0.0, 1.0, 9)
    assert loops.circulation(plane, velocity, circle) == pytest.approx(-2.0 * 2.0 * np.pi * 0.2 * j1(k * 0.2) / k, rel=1e-5)
    # a steady flow without divergence keeps the area, and the stream function of each point
    places = loops.carried(plane, times, np.array([velocity] * 9), circle)
    stream = np.cos(k * places).sum(axis=1)
    assert np.abs(stream - stream[0]).max() < 1e-5
    assert loops.flux(plane, np.ones((64, 64)), places[-1]) == pytest.approx(np.pi * 0.2**2, rel=1e-5)
    assert np.abs(places[-1] - circle).max() > 0.05


def test_flux_is_frozen_into_both_fluids():
    """Canonical flux at truncation; B alone is not frozen into the ions."""
    problem = FluxLoop(nx=24, t_end=0.1, frames=8)
    found = problem.changes(problem.fluxes(checked(problem)))
    assert found["B_ion"] > 1e-3  # 1.4e-3: the Hall term
    assert found["Hall"] < 0.06 and found["Q_electron"] < 4e-5  # 0.037 and 1.4e-5
    assert found["B_electron"] < 5e-5  # m_e/m_i of the Hall term


@pytest.mark.parametrize("parameters, ion, electron", [
    ({**MHD, "electrons": "current"}, 6e-5, 6e-5), ({"d_i": 0.2, "c": 10.0, "mass_ratio": 25.0}, 1.3e-4, 5e-4)], ids=str)
def test_flux_from_ideal_to_resolved(parameters, ion, electron):
    """Cells of 1e6 skin depths (3e-5, all the same), and of one (6.6e-5, 2.8e-4)."""
    problem = FluxLoop(nx=24, t_end=0.1, frames=8, **parameters)
    found = problem.changes(problem.fluxes(checked(problem)))
    assert found["Q_ion"] < ion and found["Q_electron"] < electron
    if "electrons" in parameters:
        assert abs(found["B_ion"] - found["Q_electron"]) < 1e-7
    else:
        assert found["B_electron"] > 10.0 * found["Q_electron"]  # inertia of electrons: 33


# -- pictures -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("problem", [
    Diamagnetic(nx=8, t_end=0.02), Boltzmann(nx=16, debye=1e-6, c=100.0, steps=5), Dielectric(steps=10),
    FluxLoop(nx=16, t_end=0.005, frames=4, points=32)])
def test_pictures_of_runs_in_files(problem, tmp_path):
    from multifluid.io import load

    Simulation(problem, output=tmp_path / "run.nc").run()
    problem.plot(load(tmp_path / "run.nc"), tmp_path / "file.png")
    assert (tmp_path / "file.png").stat().st_size > 20_000
