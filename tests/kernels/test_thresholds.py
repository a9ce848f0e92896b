"""Thresholds of firehose, mirror and ion cyclotron instability: formulae, kinetic theory, where isotropisation stops."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from multifluid import SixMoment, TenMoment
from multifluid.kernels.codes import CYCLOTRON, FIREHOSE, MIRROR
from multifluid.kernels.tensor_stage import threshold
from multifluid.theory.anisotropic import marginal_anisotropy, mirror_margin
from multifluid.theory.background import Background
from tests.kernels.closure_states import KINDS, closure_solver, random_tensors, set_state, staged, tensor_of


def stable_difference(p, d, b2, which):
    return np.array([threshold(*args, which) for args in zip(p, d, b2, strict=True)])


def test_threshold_formulae():
    """At the returned difference the textbook condition holds as an equation; differences inside stay as they are."""
    rng = np.random.default_rng(4)
    p, b2 = np.exp(rng.normal(size=(2, 500)))
    d = 3.0 * p * 0.9999
    limited = stable_difference(p, d, b2, FIREHOSE)
    assert_array_equal(limited, np.minimum(d, b2))
    d = -1.5 * p * 0.9999
    for which in (MIRROR, CYCLOTRON, MIRROR + CYCLOTRON):
        limited = stable_difference(p, d, b2, which)
        par, perp = p + 2.0 * limited / 3.0, p - limited / 3.0
        mirror = perp / par - 1.0 - b2 / (2.0 * perp)
        cyclotron = perp / par - 1.0 - 0.43 * (0.5 * b2 / par) ** 0.42
        beyond = {MIRROR: mirror, CYCLOTRON: cyclotron}.get(which, np.maximum(mirror, cyclotron))
        inside = limited == d
        assert np.all(beyond[inside] < 0.0) and (~inside).sum() > 100
        assert np.abs(beyond[~inside] * par[~inside] / perp[~inside]).max() < 1e-12
        # half way to isotropy is stable, and untouched
        assert_array_equal(stable_difference(p, 0.5 * limited, b2, which), 0.5 * limited)
    for none in (0, MIRROR + CYCLOTRON):
        assert_array_equal(stable_difference(p, 3.0 * p, b2, none), 3.0 * p)
    # no field: no anisotropy
    assert np.abs(stable_difference(p, d, 0.0 * p, 7)).max() < 1e-15 and not stable_difference(p, -d, 0.0 * p, 7).any()
    # no p_par left at all is beyond
    assert stable_difference([1.0], [-1.6], [1.0], CYCLOTRON)[0] > -1.5


def test_thresholds_against_kinetic_theory():
    """The formulae beside Hellinger's fits to growth at 1e-3 of the gyrofrequency, and the kinetic mirror margin."""
    beta = np.geomspace(0.3, 10.0, 12)
    p_par, b2 = 0.5 * beta, np.ones(12)
    for which, name, far in ((CYCLOTRON, "ion_cyclotron", 0.05), (MIRROR, "mirror", 0.35)):
        ratio = marginal_anisotropy(name, beta)
        d = p_par * (1.0 - ratio)
        p = p_par * (1.0 + 2.0 * ratio) / 3.0
        # from far beyond at the same mean pressure, then the ratio at the beta it ends at
        limited = stable_difference(p, np.maximum(3.0 * d, -1.49 * p), b2, which)
        end = p + 2.0 * limited / 3.0
        found = (p - limited / 3.0) / end - 1.0
        expected = marginal_anisotropy(name, 2.0 * end) - 1.0
        assert np.abs(found / expected - 1.0).max() < far, name
    # cold electrons short out E along B: beta_perp (p_perp/p_par - 1) = 1, as above
    limited = stable_difference([1.0], [-1.4], [1.0], MIRROR)[0]
    par, perp = 1.0 + 2.0 * limited / 3.0, 1.0 - limited / 3.0
    plasma = [Background("ion", 1.0, 1.0, rho=1.0, p=1.0, closure="six-moment", anisotropy=perp / par),
              Background("electron", 1e-3, -1.0, rho=1e-3, p=0.0, closure="cold")]
    ion = plasma[0]
    margin = mirror_margin(plasma, (1.0, 0.0, 0.0))
    assert 2.0 * ion.p_perp * (ion.anisotropy - 1.0) - 1.0 == pytest.approx(margin, abs=1e-12)


def anisotropic(fluid, rate, B=0.8, cells=2000, **options):
    """A solver of one neutral tensor fluid at rest in a uniform B, and its primitive rows before."""
    solver = closure_solver([fluid("gas", 1.0, instability_rate=rate, **options)], (cells,))
    rng = np.random.default_rng(5)
    if fluid is TenMoment:
        P = random_tensors(rng, (cells,), 300.0, (0.05, 5.0))
        rows = [1.0, 0.0, 0.0, 0.0, (P[0] + P[3] + P[5]) / 3.0, *P]
    else:
        par, perp = np.exp(rng.uniform(-3.0, 2.0, (2, cells)))
        rows = [1.0, 0.0, 0.0, 0.0, (par + 2.0 * perp) / 3.0, par, perp]
    direction = np.array([1.0, -2.0, 2.0]) / 3.0
    set_state(solver, [rows], B=B * direction)
    return solver, solver.interior(solver.W).reshape(len(solver.W), -1).copy(), direction


def differences(W, direction, fluid):
    if fluid is SixMoment:
        return W[5] - W[6]
    par = np.einsum("i,ijn,j->n", direction, tensor_of(W[5:11]), direction)
    return par - (3.0 * W[4] - par) / 2.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fluid", [SixMoment, TenMoment])
def test_isotropisation_stops_at_the_thresholds(kind, fluid):
    """At an infinite rate exactly there, at a finite one on the way; positive definite; p kept; stable cells untouched."""
    off, before, direction = anisotropic(fluid, 0.0)
    _, _, plain = staged(off, 1.0, kind)
    plain = plain.copy()
    start = differences(before, direction, fluid)
    stable = stable_difference(before[4], start, np.full(2000, 0.64), 7)
    beyond = np.abs(stable - start) > 1e-12
    assert 200 < beyond.sum() < 1900
    for rate in (0.5, 1e18):
        solver, _, _ = anisotropic(fluid, rate)
        _, _, W = staged(solver, 1.0, kind)
        keep = 1.0 / (1.0 + rate) if kind == "implicit" else np.exp(-rate)
        expected = stable + keep * (start - stable)
        assert (np.abs(differences(W, direction, fluid) - expected) / before[4]).max() < 1e-13
        assert (np.abs(W[4] / before[4] - 1.0)).max() < 1e-14
        untouched = ~beyond
        assert_array_equal(W[:, untouched], plain[:, untouched])
        assert not solver.layout.fluids[0].bad(W[:7 if fluid is SixMoment else 11]).any()


def test_limited_tensor_stays_positive_off_axis():
    """p_par - p_perp taken from the diagonal alone would leave |P_1b| too large for what is left of P_bb."""
    solver = closure_solver([TenMoment("gas", 1.0, instability_rate=1e9)], (4,))
    P_1b = np.sqrt(1.5) * 0.9999
    set_state(solver, [[1.0, 0.0, 0.0, 0.0, 3.5 / 3.0, 1.0, 0.0, P_1b, 1.0, 0.0, 1.5]], B=(0.0, 0.0, 1e-3))
    _, _, W = staged(solver, 1.0)
    assert W[10] - 0.5 * (W[5] + W[8]) == pytest.approx(1e-6, rel=1e-3)
    assert np.linalg.eigvalsh(tensor_of(W[5:11, 0])).min() > 1e-5
