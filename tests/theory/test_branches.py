"""Named wave branches against closed forms, ideal MHD, ion-neutral theory and arbitrary precision."""

from dataclasses import replace

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import Background, available_branches, named_branch, named_branches
from tests.theory.linear_waves import drag, exact_root, field, plasma


@pytest.mark.parametrize("magnetised", [False, True])
def test_light_and_ordinary_wave(magnetised):
    fluids, c, k = plasma(), 30.0, 0.7
    omega = np.sqrt(c**2 * (1 + 1836) + c**2 * k**2)
    name, B = ("ordinary", (0, 0, 1.0)) if magnetised else ("light", (0, 0, 0))
    mode = named_branch(name, fluids, B, (k, 0, 0), c)
    assert mode.omega == pytest.approx(omega, rel=1e-14)
    assert abs(mode.vector["E"][0]) < 1e-14 * np.abs(mode.vector["E"]).max()
    vacuum = [Background("gas", 2.0, 0.0, 3.0, 0.3)]
    assert named_branch("light", vacuum, B, (0, k, 0), c).omega == pytest.approx(c * k, rel=1e-15)
    assert named_branch("sound", vacuum, B, (0, k, 0), c).omega == pytest.approx(k / np.sqrt(6), rel=1e-15)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("k", [1e-3, 1.0, 50.0])
def test_cold_circular_waves(k, sign):
    c, fluids = 300.0, plasma(closure="cold")
    for name, hand in (("right", -1), ("whistler", -1), ("left", 1), ("ion_cyclotron", 1)):
        mode = named_branch(name, fluids, (sign, 0, 0), (k, 0, 0), c)
        w = mode.omega.real
        # w^2 - c^2 k^2 = sum_s wp_s^2 w/(w - hand Omega_s), Omega signed: hand 1 (L) resonates with ions
        terms = [w**2, -(c**2) * k**2, -(c**2) * w / (w - hand), -(c**2) * 1836 * w / (w + hand * 1836)]
        assert abs(sum(terms)) < 1e-12 * np.abs(terms).max()  # measured 1.1e-13 at the ion resonance
        e = mode.vector["E"]
        assert e[2] == pytest.approx(-hand * sign * 1j * e[1], rel=1e-12)
        assert mode.omega.imag == 0 and w > 0


def mhd_speeds(degrees, beta=0.5, rho=1 + 1 / 1836):
    """Slow, Alfven, fast speed of ideal MHD."""
    va2, cs2, cos2 = 1 / rho, 5 / 3 * beta / 2 / rho, np.cos(np.radians(degrees)) ** 2
    root = np.sqrt((va2 + cs2) ** 2 - 4 * va2 * cs2 * cos2)
    return np.sqrt([(va2 + cs2 - root) / 2, va2 * cos2, (va2 + cs2 + root) / 2])


@pytest.mark.parametrize("degrees", [20.0, 50.0, 80.0])
def test_ideal_mhd_limit(degrees):
    def errors(k, c):
        waves = named_branches(("slow", "alfven", "fast"), plasma(), field(degrees), (k, 0, 0), c)
        return np.array([m.omega.real / k for m in waves.values()]) / mhd_speeds(degrees) - 1

    dispersive = errors(2e-2, 1e9), errors(1e-2, 1e9)
    assert np.abs(dispersive[0] / dispersive[1] - 4).max() < 0.05  # O((k d_i)^2); measured 0.026
    displacement = errors(1e-8, 20.0), errors(1e-8, 40.0)
    assert np.abs(displacement[0] / displacement[1] - 4).max() < 0.05  # O(v_A^2/c^2); measured 0.006
    assert np.abs(errors(1e-8, 3e7)).max() < 5e-15  # measured 1e-15


def ion_neutral_cubic(k, rho_n, nu_ni):
    """Roots of omega^2 [1 + chi nu_ni/(nu_ni - i omega)] = k^2 v_A^2 (Kulsrud & Pearce 1969), with electrons."""
    chi, va2 = rho_n / (1 + 1 / 1836), 1 / (1 + 1 / 1836)
    return np.roots([-1j, nu_ni * (1 + chi), 1j * k**2 * va2, -nu_ni * k**2 * va2])


@pytest.mark.parametrize(("k", "coupled"), [(1e-3, True), (0.2, True), (30.0, False)])
def test_ion_neutral_alfven_wave(k, coupled):
    chi, nu_ni = 20.0, 0.5
    fluids = [*plasma(charge=1e9, beta=1e-3), Background("neutral", 2.0, 0.0, chi, 1e-3 * chi)]
    alpha = drag(3, a02=nu_ni)
    roots = ion_neutral_cubic(k, chi, nu_ni)
    expected = roots[np.argmax(roots.real)]
    for name in ("alfven", "whistler", "ion_cyclotron"):
        omega = named_branch(name, fluids, (1, 0, 0), (k, 0, 0), 1e6, alpha=alpha).omega
        assert abs(omega - expected) < 1e-7 * abs(expected)  # measured 1.5e-8, the Hall term k d_i at k = 30
        limit = "coupled" if coupled else "collisionless"
        assert omega == named_branch(name, fluids, (1, 0, 0), (k, 0, 0), 1e6, alpha=alpha, limit=limit).omega
    assert abs(expected.real) > 0.9 * k / np.sqrt(1 + chi)


def test_non_propagating_band():
    chi, nu_ni, k = 100.0, 0.5, 10.0
    fluids = [*plasma(charge=1e12, beta=1e-3), Background("neutral", 2.0, 0.0, chi, 1e-3 * chi)]
    roots = ion_neutral_cubic(k, chi, nu_ni)
    assert np.abs(roots.real).max() < 1e-12
    omega = named_branch("alfven", fluids, (1, 0, 0), (k, 0, 0), 1e6, alpha=drag(3, a02=nu_ni)).omega
    assert np.abs(roots - omega).min() < 1e-8 * abs(omega) and omega.real >= 0.0


@pytest.mark.parametrize(("degrees", "names"), [(35, ("slow", "alfven", "fast")), (0, ("whistler", "ion_cyclotron"))])
def test_branches_are_continuous(degrees, names):
    wavenumbers = np.geomspace(1e-6, 10, 57)
    found = [named_branches(names, plasma(), field(degrees), (k, 0, 0), 1000.0) for k in wavenumbers]
    for name in names:
        slope = np.diff(np.log([b[name].omega.real for b in found])) / np.diff(np.log(wavenumbers))
        assert np.abs(np.diff(slope)).max() < 0.2  # measured 0.144
        assert slope[0] == pytest.approx(1.0, abs=1e-5) and slope.min() > -0.05 and slope.max() < 2.0
    if len(names) == 3:
        assert all(b["slow"].omega.real < b["alfven"].omega.real < b["fast"].omega.real for b in found)


EXTREMES = [(3e5, 1e-8, 35.0), (3e5, 1e-4, 89.0), (3e5, 100.0, 60.0), (10.0, 1e-8, 5.0)]


@pytest.mark.parametrize(("c", "k", "degrees"), EXTREMES)
def test_slow_branches_in_the_extremes(c, k, degrees):
    """True electrons and speed of light: omega_p/omega up to 2e15."""
    mp = pytest.importorskip("mpmath").mp
    mp.dps = 60
    fluids, B = plasma(), field(degrees)
    for name in ("slow", "alfven", "fast"):
        omega = named_branch(name, fluids, B, (k, 0, 0), c).omega
        exact = exact_root(mp, fluids, B, (k, 0.0, 0.0), c, np.zeros((2, 2)), omega)
        assert abs(omega - exact) < 1e-15 * abs(exact)  # measured 0 (the same double)


def test_molecular_cloud_alfven_wave():
    """Ion fraction 1e-6, c = 3e5 v_A: the wave and its ambipolar damping, 19 decades below omega_p."""
    mp = pytest.importorskip("mpmath").mp
    mp.dps = 60
    fluids = [*plasma(), Background("neutral", 2.0, 0.0, 1e6, 1e3)]
    alpha, B, k = drag(3, a02=1e-3), field(30), 1e-8
    wave = named_branch("alfven", fluids, B, (k, 0, 0), 3e5, alpha=alpha)
    exact = exact_root(mp, fluids, B, (k, 0.0, 0.0), 3e5, alpha, wave.omega)
    assert abs(wave.omega - exact) < 1e-15 * abs(exact)
    assert wave.omega.imag == pytest.approx(exact.imag, rel=1e-14)  # 4e-9 of the real part
    assert wave.omega.real == pytest.approx(k * np.cos(np.radians(30)) / 1e3, rel=1e-5)


def test_two_ion_species_carry_alfven_waves_together():
    """Protons and alpha particles, cold: v_A from the whole density; one hybrid branch stays unnamed."""
    fluids = [
        Background("proton", 1.0, 1.0, 0.6, 0.0, closure="cold"),
        Background("alpha", 4.0, 2.0, 0.8, 0.0, closure="cold"),
        Background("electron", 1 / 1836, -1.0, 1 / 1836, 0.0, closure="cold"),
    ]
    k, speed = 1e-6, 1 / np.sqrt(1.4 + 1 / 1836)
    waves = named_branches(("alfven", "fast"), fluids, field(60), (k, 0, 0), 1e7)
    assert waves["alfven"].omega.real == pytest.approx(k * speed * 0.5, rel=1e-11)
    assert waves["fast"].omega.real == pytest.approx(k * speed, rel=1e-11)


def test_si_units_and_rounded_neutrality():
    """The solar wind in SI at k d_i = 1e-8 against the same plasma in ion units; densities neutral to rounding only."""
    mass, charge, c, mu0 = 1.67262192369e-27, 1.602176634e-19, 2.99792458e8, 1.25663706212e-6
    n, b, mass_ratio = 5.1e6, 5.3e-9, 1836.15267343
    rho = n * mass
    gyration, alfven = charge * b / mass, b / np.sqrt(mu0 * rho)
    p, k, B = 0.125 * b**2 / mu0, 1e-8 * gyration / alfven, np.array(field(35))
    si = [
        Background("ion", mass, charge, rho, p),
        Background("electron", mass / mass_ratio, -charge, n * (mass / mass_ratio), p),
    ]
    for name in ("slow", "alfven", "fast"):
        found = named_branch(name, si, B * b, (k, 0, 0), c, mu0).omega
        expected = named_branch(name, plasma(mass_ratio), B, (1e-8, 0, 0), c / alfven).omega
        assert found / gyration == pytest.approx(expected, rel=1e-14)


def test_streaming_branch_is_doppler_shifted():
    """A gas moving as a whole: omega = k c_s + k.u; the plasma's fast wave in the limit v << c."""
    gas = [Background("gas", 1.0, 0.0, 1.0, 0.6, u=(0.5, 0.2, 0))]
    assert named_branch("sound", gas, (0, 0, 0), (2.0, 0, 0), 10.0).omega == pytest.approx(3.0, rel=1e-14)
    still = named_branch("fast", plasma(), field(50), (1e-3, 0, 0), 1e7).omega
    moving = [replace(f, u=(0.3, 0.1, 0.0)) for f in plasma()]
    assert named_branch("fast", moving, field(50), (1e-3, 0, 0), 1e7).omega == pytest.approx(still + 3e-4, rel=1e-10)


def test_available_branches_by_direction():
    def names(fluids, B):
        return set(available_branches(fluids, B, (1.0, 0, 0), 20.0))

    assert names(plasma(), (0, 0, 0)) == {"light", "langmuir", "sound"}
    circular = {"right", "left", "whistler", "ion_cyclotron", "langmuir", "sound", "light", "fast", "alfven", "slow"}
    assert names(plasma(), (-1, 0, 0)) == circular
    assert names(plasma(), field(90)) == {"ordinary", "extraordinary", "modified", "fast", "light"}
    oblique = {"slow", "alfven", "fast", "whistler", "ion_cyclotron", "modified", "ordinary", "extraordinary", "light"}
    assert names(plasma(), field(45)) == oblique
    assert names(plasma(closure="cold"), field(45)) == oblique - {"slow"}
    gas = Background("gas", 1.0, 0.0, 1.0, 1.0)
    assert names([*plasma(), gas], field(45)) == oblique | {"sound_gas"}
    with pytest.raises(InputError, match="'right' does not exist here.*available: alfven, .*whistler"):
        named_branch("right", plasma(), field(45), (1, 0, 0), 20.0)
    with pytest.raises(InputError, match="'magnetosonic' is unknown"):
        named_branch("magnetosonic", plasma(), field(45), (1, 0, 0), 20.0)
    with pytest.raises(InputError, match="no limit of coupled neutrals"):
        named_branch("fast", plasma(), field(45), (1, 0, 0), 20.0, limit="coupled")
