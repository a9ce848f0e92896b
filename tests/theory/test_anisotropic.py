"""Firehose, mirror and Weibel growth rates against closed forms; thresholds."""

import numpy as np
import pytest
from scipy.optimize import brentq

from multifluid.errors import InputError
from multifluid.theory import Background
from multifluid.theory.anisotropic import (
    cgl_speeds_squared,
    firehose_margin,
    growth_rate,
    marginal_anisotropy,
    mirror_margin,
)

RATIO, C, K = 1e12, 1e11, 1e-11


def plasma(par, perp, closure="six-moment", charge=1.0):
    return [Background.gyrotropic("ion", 1.0, charge, 1.0, par, perp, closure=closure),
            Background("electron", 1 / RATIO, -charge, 1 / RATIO, 0.0, closure="cold")]  # fmt: skip


def at(angle, B=1.0):
    return B * np.array([np.cos(angle), np.sin(angle), 0.0])


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
@pytest.mark.parametrize(("par", "perp", "angle"), [(2.5, 0.4, 0.0), (2.5, 0.4, 0.7), (0.4, 8.0, 1.5), (0.2, 9.0, 1.2)])
def test_growth_rates_of_long_waves(closure, par, perp, angle):
    slowest = cgl_speeds_squared(1.0, par, perp, 1.0, angle).min()
    assert slowest < 0
    growth = growth_rate(plasma(par, perp, closure), at(angle), (K, 0, 0), C)
    assert growth == pytest.approx(K * np.sqrt(-slowest), rel=1e-9)


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_fluid_thresholds(closure):
    """The margins change sign where the dispersion relation's growth begins."""
    eps = 1e-6
    for anisotropy_excess, unstable in ((1 + eps, True), (1 - eps, False)):
        fluids = plasma(1.5, 1.5 - anisotropy_excess, closure)
        assert (firehose_margin(fluids, at(0.3)) > 0) == unstable
        assert (growth_rate(fluids, at(0.0), (K, 0, 0), C) > 1e-4 * K) == unstable
    par = 0.4
    edge = brentq(lambda perp: mirror_margin(plasma(par, perp), at(0.3), theory="fluid"), 1.0, 20.0)
    assert edge**2 / (6 * par) == pytest.approx(edge + 0.5, rel=1e-12)
    for perp, unstable in ((edge * (1 + 1e-3), True), (edge * (1 - 1e-3), False)):
        assert (mirror_margin(plasma(par, perp), at(0.3), theory="fluid") > 0) == unstable
        assert (growth_rate(plasma(par, perp, closure), at(np.pi / 2 - 3e-3), (K, 0, 0), C) > 1e-6 * K) == unstable


def test_kinetic_mirror_threshold():
    """Cold electrons: p_perp^2/p_par > p_perp + B^2/2; equal anisotropies: no field along B, both drive."""
    assert mirror_margin(plasma(1.0, 2.0), at(0.0)) == pytest.approx(2 * (4 - 2) - 1)
    pair = [Background.gyrotropic(name, 1.0, q, 1.0, 1.0, 2.0) for name, q in (("p", 1.0), ("m", -1.0))]
    assert mirror_margin(pair, at(0.0)) == pytest.approx(2 * 2 * (4 - 2) - 1)
    # isotropic electrons of T_par: C = (2 - 1)^2/(2 (1/2 + 1/2)) takes 1/2 off
    mixed = [pair[0], Background("e", 1.0, -1.0, 1.0, 1.0)]
    assert mirror_margin(mixed, at(0.0)) == pytest.approx(4 - 0.5 - 1)
    assert mirror_margin(plasma(1.0, 2.0), at(0.0), mu0=4.0) == pytest.approx(8 * 2 - 1)
    assert firehose_margin(pair, at(0.0, 2.0)) == pytest.approx(-2 / 4 - 1)
    with pytest.raises(InputError, match="'both' is unknown"):
        mirror_margin(pair, at(0.0), theory="both")
    with pytest.raises(InputError, match="need a magnetic field"):
        firehose_margin(pair, (0, 0, 0))


def test_marginal_anisotropies():
    """Growth at 1e-3 Omega_p asks for more than the thresholds of long waves, and not for much more."""
    beta = np.array([2.0, 5.0, 20.0])
    for b, ratio in zip(beta, marginal_anisotropy("mirror", beta), strict=True):
        fluids = plasma(0.5 * b, 0.5 * b * ratio)
        assert 0.0 < mirror_margin(fluids, at(0.0)) < 1.0
    assert np.all(marginal_anisotropy("ion_cyclotron", beta) > 1)
    oblique = marginal_anisotropy("oblique_firehose", beta)
    assert np.all((oblique > 1 - 2 / beta) & (oblique < 1))
    assert np.isnan(marginal_anisotropy("parallel_firehose", 0.5)) and np.isnan(marginal_anisotropy("oblique_firehose", 1.0))
    with pytest.raises(InputError, match="'weibel' is unknown"):
        marginal_anisotropy("weibel", 1.0)


def test_weibel_growth_of_a_warm_plasma():
    """Ten-moment electrons, B = 0, k across the hot axis: the textbook cubic in omega^2 of the transverse wave."""
    hot, cold, k, c = 0.16, 0.01, 1.3, 2.0
    electron = Background.gyrotropic("e", 1.0, -1.0, 1.0, hot, cold, closure="ten-moment", axis=(0.0, 1.0, 0.0))
    # u_y' = -E_y i/omega ... gives (omega^2 - c^2 k^2)(omega^2 - k^2 P_xx) = c^2 [omega^2 + k^2 (P_yy - P_xx)]
    a, b = c * c * k * k, k * k * cold
    roots = np.roots([1.0, -(a + b + c * c), a * b - c * c * k * k * (hot - cold)])
    growth = growth_rate([electron], (0, 0, 0), (k, 0, 0), c)
    assert growth == pytest.approx(np.sqrt(-roots.min()), rel=1e-12)
