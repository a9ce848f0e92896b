"""Drag coefficients on rows of cells, against the laws that define them."""

import numpy as np
import pytest

from multifluid import Coulomb, Drag, Draine, FiveMoment, HardSphere, Langevin
from multifluid.coupling.drag import law_coefficients
from multifluid.kernels.rates import alpha_row, is_constant

FLUIDS = [FiveMoment("ion", 1.0, 1.0), FiveMoment("electron", 1e-3, -1.0), FiveMoment("neutral", 2.3)]


def row(law, first, second, T_first, T_second, slip):
    """alpha_row for two fluids that slip along a random direction."""
    n = len(slip)
    direction = np.random.default_rng(0).normal(size=(3, n))
    direction *= slip / np.sqrt((direction**2).sum(axis=0))
    k = law_coefficients(FLUIDS, [Drag(first.name, second.name, law)])[FLUIDS.index(first), FLUIDS.index(second)]
    out = np.zeros(n)
    alpha_row(out, k, T_first / first.mass, T_second / second.mass, *(0.3 + direction), *np.full((3, n), 0.3), n)
    return out, k


@pytest.mark.parametrize("law, pair", [
    (2.5, (0, 2)), (Langevin(0.8), (0, 2)), (HardSphere(0.7), (0, 2)), (HardSphere(0.7, slip=False), (1, 2)),
    (Draine(1.0, 0.4), (0, 2)), (Coulomb(10.0, eps0=1.0), (0, 1)), (Coulomb(10.0, eps0=1.0, slip=False), (1, 0))])
def test_rows_are_the_laws(law, pair):
    rng = np.random.default_rng(1)
    first, second = FLUIDS[pair[0]], FLUIDS[pair[1]]
    T_first, T_second, slip = 10.0 ** rng.uniform(-3, 3, (3, 500))
    found, k = row(law, first, second, T_first, T_second, slip)
    expected = Drag(first.name, second.name, law).law.alpha(first, second, T_first, T_second, slip)
    assert found == pytest.approx(np.broadcast_to(expected, 500), rel=1e-12)
    assert bool(is_constant(k)) == (np.ptp(found) == 0.0)


def test_cold_and_negative_states_give_finite_coefficients():
    """Pressures of a stage under repair may be negative for a moment."""
    cold = np.array([0.0, -1.0, 1e-300])
    for law, pair in ((Coulomb(10.0, eps0=1.0), (0, 1)), (HardSphere(1.0), (0, 2))):
        found, _ = row(law, FLUIDS[pair[0]], FLUIDS[pair[1]], cold, cold, np.zeros(3))
        assert np.all(np.isfinite(found)) and np.all(found >= 0.0)
