"""Mirror mode of six- and ten-moment ions: growth against theory, the fluid threshold."""

import pytest

from multifluid import InputError, Simulation
from multifluid.problems.anisotropy.mirror import Mirror


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_growth(closure):
    problem = Mirror(closure=closure, n=32, e_foldings=1.0, tolerance=0.02)
    assert problem.mode.omega.real == pytest.approx(0.0, abs=1e-9)
    assert not failed(problem.check(Simulation(problem).run()))


@pytest.mark.long
@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_growth_at_the_default(closure):
    problem = Mirror(closure=closure)
    assert not failed(problem.check(Simulation(problem).run()))


def test_fluid_threshold():
    """Nearly across B the theory's mode grows where the margin is positive."""
    assert Mirror(anisotropy=9.0, angle=88.0, k_di=0.01).margins["mirror"] > 0.0
    with pytest.raises(InputError, match="no wave grows with anisotropy = 7.0"):
        Mirror(anisotropy=7.0, angle=88.0, k_di=0.01)
