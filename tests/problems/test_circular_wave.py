"""Circularly polarised waves of finite amplitude: the exact state solves the nonlinear equations, the run follows it."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.problems.waves.circular import CircularWave
from multifluid.theory.circular import hall_circular_wave
from tests.theory.reference_data import reference


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize("branch", ["ion_cyclotron", "whistler"])
def test_the_exact_state_solves_the_nonlinear_equations(branch, dim):
    """Lorentz force with the whole field, Faraday and Ampere, at amplitude 1.3 B0, by derivatives of fourth order."""
    problem = CircularWave(branch=branch, dim=dim, k_di=0.8, amplitude=1.3, c=15.0, mass_ratio=30.0)
    t, place, h = 0.37, np.array([0.31, -0.12 * (dim == 2), 0.0]), 2e-3

    def state(t, place):
        full = problem.exact(t, *(np.array([q]) for q in place))
        vectors = {"E": full["E"], "B": full["B"], "ion": full["ion"]["u"], "electron": full["electron"]["u"]}
        return {name: np.array([float(np.ravel(part)[0]) for part in value]) for name, value in vectors.items()}

    def slope(values):
        return {name: (values[0][name] - 8 * values[1][name] + 8 * values[2][name] - values[3][name]) / (12 * h)
                for name in values[0]}  # fmt: skip

    ahead = [-2, -1, 1, 2]
    dt = slope([state(t + s * h, place) for s in ahead])
    grad = [slope([state(t, place + s * h * np.eye(3)[axis]) for s in ahead]) for axis in range(3)]
    curl = {name: np.array([grad[1][name][2] - grad[2][name][1], grad[2][name][0] - grad[0][name][2],
                            grad[0][name][1] - grad[1][name][0]]) for name in "EB"}  # fmt: skip
    now = state(t, place)
    for name, charge_to_mass in (("ion", 1.0), ("electron", -30.0)):
        u = now[name]
        moved = dt[name] + sum(u[axis] * grad[axis][name] for axis in range(3))
        force = charge_to_mass * (now["E"] + np.cross(u, now["B"]))
        assert abs(moved - force).max() < 1e-8 * abs(force).max()
        assert abs(sum(grad[axis][name][axis] for axis in range(3))) < 1e-9
    assert abs(dt["B"] + curl["E"]).max() < 1e-8 * abs(curl["E"]).max()
    current = now["ion"] - now["electron"]
    assert abs(dt["E"] / 15.0**2 - curl["B"] + current).max() < 1e-8 * abs(curl["B"]).max()


def test_waves_are_those_of_the_reference():
    cases = [case for case in reference("circular_waves.json")["cases"] if 0.0 < case["omega"] < 1.0]
    assert len(cases) == 5
    for case in cases:
        wave = CircularWave(k_di=case["k"], c=case["c"], mass_ratio=1.0 / case["me"], amplitude=case["b0"]).wave
        assert wave.omega == pytest.approx(case["omega"], rel=1e-13)
        assert wave.u == pytest.approx(case["w"], rel=1e-11)


@pytest.mark.parametrize("branch", ["ion_cyclotron", "whistler"])
def test_waves_tend_to_those_of_hall_mhd(branch):
    wave = CircularWave(branch=branch, k_di=0.7, c=1e5, mass_ratio=1e8, amplitude=0.5).wave
    assert wave.omega == pytest.approx(hall_circular_wave(0.7, 1.0, 0.5, 1.0, 1.0, branch=branch).omega.real, rel=1e-7)


@pytest.mark.parametrize("parameters", [
    {"k_di": 0.01, "amplitude": 1.0, "branch": "whistler", "c": 20.0}, {"k_di": 0.1},
    {"k_di": 0.01, "reconstruction": "ppm"},
], ids=str)  # fmt: skip
def test_second_order_and_check(parameters):
    errors = []
    for n in (32, 64):
        problem = CircularWave(n=n, periods=1.0, **parameters)
        run = Simulation(problem).run()
        assert not failed(problem.check(run))
        errors.append(problem.error(run))
    assert math.log2(errors[0] / errors[1]) > 1.9  # measured: 2.20, 2.35, 2.21
    assert errors[1] < 5e-3  # 2.8e-3 (amplitude 1), 2.1e-3, 4.7e-4 (ppm)


def test_oblique_in_two_dimensions():
    """As good as along the grid, Gauss's law from the first state on."""
    parameters = {"k_di": 0.01, "n": 24, "periods": 0.5}
    errors = []
    for dim in (1, 2):
        problem = CircularWave(dim=dim, **parameters)
        run = Simulation(problem).run()
        assert not failed(problem.check(run))
        errors.append(problem.error(run))
        assert run.series["gauss_error"][0] < 1e-12
    assert errors[1] < 1.5 * errors[0]


@pytest.mark.parametrize("branch", ["ion_cyclotron", "whistler"])
def test_drift_tells_phase_and_amplitude(branch):
    """Of records with a known delay and loss; ahead is positive for both senses."""
    problem = CircularWave(n=16, branch=branch, dim=2, periods=3.0)
    mesh, period = problem.grid().mesh(), problem.t_end / 3.0

    def record(t, late, share):
        B = problem.exact(t - late * period, *mesh)["B"]
        return t, {f"B{a}": share * (part - along) + along
                   for a, part, along in zip("xyz", B, problem.axes[:, 0], strict=True)}  # fmt: skip

    run = SimpleNamespace(records=[record(0.0, 0.0, 1.0), record(2.7 * period, 0.1, 0.9), record(3.0 * period, -0.2, 1.1)])
    t, phase, amplitude = problem.drift(run)
    assert t == pytest.approx(period * np.array([0.0, 2.7, 3.0]))
    assert phase == pytest.approx([0.0, -0.1, 0.2], abs=1e-12)
    assert amplitude == pytest.approx([1.0, 0.9, 1.1])
    assert problem.error(run) > 1.0


def test_plot(tmp_path):
    problem = CircularWave(n=16, k_di=0.01, periods=0.3)
    problem.plot(Simulation(problem).run(), tmp_path / "wave.png")
    assert (tmp_path / "wave.png").stat().st_size > 1e4


def test_errors():
    with pytest.raises(InputError, match="branch"):
        CircularWave(branch="light")
