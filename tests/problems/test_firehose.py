"""Firehose: growth against theory, a drive that fades as the limiter has it, saturation."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from multifluid import InputError, Simulation
from multifluid.problems.anisotropy.firehose import Firehose


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def run(**parameters):
    problem = Firehose(**parameters)
    return problem, Simulation(problem).run()


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_growth(closure):
    """Measured at 32 and 64 cells: 3.4e-3, 6e-4 with six moments, 1.0e-2, 2.9e-3 with ten."""
    problem, result = run(closure=closure, n=48, tolerance=0.01)
    checks = problem.check(result)
    assert checks[0].name.startswith("complex frequency") and not failed(checks)
    growth = np.log(abs(problem.amplitude_of(result.records[-1][1]) / problem.amplitude_of(result.records[0][1])))
    assert growth == pytest.approx(3.0, rel=0.02)


@pytest.mark.long
@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_growth_at_the_default(closure):
    problem, result = run(closure=closure)
    assert not failed(problem.check(result))  # 6e-4, 2.9e-3


def test_drive_that_fades():
    """Long waves while the excess decays at the rate G: b'' = g^2 exp(-G t) b, b(0) = 1, b'(0) = g."""
    problem, result = run(k_di=0.05, n=32, instability_rate=1.0, e_foldings=1.5)
    times = np.array([t for t, _ in result.records]) * problem.mode.omega.imag
    sizes = np.array([abs(fields["By"]).max() for _, fields in result.records])
    exact = solve_ivp(lambda t, y: (y[1], np.exp(-t) * y[0]), (0.0, times[-1]), (1.0, 1.0), t_eval=times, rtol=1e-9).y[0]
    assert sizes / sizes[0] == pytest.approx(exact, rel=0.01)
    assert sizes[-1] / sizes[0] < 0.8 * np.exp(times[-1])
    excess = [problem.drive_of(fields) for _, fields in result.records]
    assert excess == pytest.approx(0.5 * np.exp(-times), rel=0.01)


def test_saturation():
    problem, result = run(n=24, instability_rate=1.0, e_foldings=8.0, amplitude=1e-3)
    assert not failed(problem.check(result))  # excess 2e-5 after ten e-foldings, energy 3e-14


def test_stable_plasma_is_refused():
    with pytest.raises(InputError, match="no wave grows with anisotropy = 0.6.*firehose margin -0.2"):
        Firehose(anisotropy=0.6)


def test_picture(tmp_path):
    problem, result = run(n=8, e_foldings=0.5)
    problem.plot(result, tmp_path / "run.png")
    assert (tmp_path / "run.png").stat().st_size > 10_000
