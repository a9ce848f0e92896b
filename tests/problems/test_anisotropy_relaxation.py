"""Pressure tensors in a box against the exact answer: any step with the exact source, order in time, stiff steps."""

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.problems.anisotropy.anisotropy_relaxation import AnisotropyRelaxation

STRANG = {"stepper": "strang", "light": "resolve"}
EXACT = {**STRANG, "source": "exact"}
NO_DRAG = {"nu_in": 0.0, "nu_en": 0.0}


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def run(**parameters):
    problem = AnisotropyRelaxation(**parameters)
    return problem, Simulation(problem).run()


@pytest.mark.parametrize("parameters", [{}, {"closure": "six-moment"}, STRANG, EXACT,
                                        {**EXACT, "closure": "six-moment", "rate_step": 1.0, "steps": 20}], ids=str)
def test_check(parameters):
    problem, result = run(**parameters)
    checks = problem.check(result)
    assert len(checks) == 4 and not failed(checks)


@pytest.mark.parametrize("rate_step", [0.1, 2.0, 1e3, 1e6])
def test_exact_source_at_any_step(rate_step):
    problem, result = run(rate_step=rate_step, steps=5, isotropisation=0.05 / rate_step, anisotropy=100.0, drift=0.0,
                          **NO_DRAG, **EXACT)
    assert problem.errors(*result.records[-1])["P"] <= 1e-9
    assert not failed(problem.check(result))


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_second_order_in_time(closure):
    """Rotation, isotropisation, friction and exchange of heat together."""
    errors = []
    for steps in (100, 200, 400):
        problem, result = run(closure=closure, steps=steps, rate_step=2.0 / steps)
        errors.append(problem.errors(*result.records[-1]))
    for key in errors[0]:
        found = [error[key] for error in errors]
        assert np.log2(found[1] / found[2]) >= 1.9, (key, found)


@pytest.mark.parametrize("rate_step", [2.0, 30.0, 1e3])
@pytest.mark.parametrize("source", [{}, STRANG])
def test_gyration_beyond_the_step(rate_step, source):
    """P stays positive, and p_par - p_perp decays by nu alone, as it should."""
    problem, result = run(rate_step=rate_step, steps=20, isotropisation=0.03 / rate_step, drift=0.0, anisotropy=20.0,
                          agyrotropy=0.9, **NO_DRAG, **source)
    checks = problem.check(result)
    assert len(checks) == 2 and not failed(checks)


def test_friction_heats_isotropically():
    """Half the friction's heat in each closure's p, none in p_par - p_perp."""
    problem, result = run(isotropisation=0.0, anisotropy=1.0, agyrotropy=0.0, drift=4.0, nu_in=1.0, **EXACT)
    P = problem.tensors_of(result.records[-1][1])[0]
    heated = np.trace(P) / 3.0
    assert heated > 1.5
    assert np.abs(P - heated * np.eye(3)).max() <= 1e-12 * heated


def test_picture(tmp_path):
    problem, result = run(steps=20)
    problem.plot(result, tmp_path / "run.png")
    assert (tmp_path / "run.png").stat().st_size > 20_000
