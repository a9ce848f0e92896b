"""Linear MHD waves with a generalised Ohm's law: closed forms, limits, invariance, and the equations themselves."""

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import Background, dispersion_modes
from multifluid.theory.mhd_waves import ambipolar_parallel, hall_parallel, ideal_speeds, mhd_branches, mhd_modes

RHO, P, MU0 = 1.3, 0.7, 1.2
B, K = np.array([0.3, 0.8, -0.2]), np.array([1.0, 0.4, 0.7])
ALL = {"ohmic": 0.1, "hall": 0.9, "ambipolar": 0.2}
CASES = [{}, {"ohmic": 0.2}, {"hall": 2.0}, {"hall": -0.7}, {"ambipolar": 0.3}, ALL, {**ALL, "gamma": 1.0}]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case) or "ideal")
@pytest.mark.parametrize("k", [K, B.copy(), np.array([0.8, -0.3, 0.0])], ids=["oblique", "along", "across"])
def test_every_mode_solves_the_linear_equations(case, k):
    case = dict(case)
    gamma = case.pop("gamma", 5 / 3)
    modes = mhd_modes(RHO, P, B, k, gamma, MU0, **case)
    assert len(modes) == (6 if gamma == 1.0 else 7)
    b = B / np.linalg.norm(B)
    for mode in modes:
        rho, u, p, field = (mode.vector[name] for name in ("rho", "u", "p", "B"))
        J = 1j * np.cross(k, field) / MU0
        hall = np.cross(J, b)
        E = -np.cross(u, B) + MU0 * (case.get("ohmic", 0) * J + case.get("hall", 0) * hall
                                     + case.get("ambipolar", 0) * np.cross(b, hall))
        gaps = [mode.omega * rho - RHO * k @ u, mode.omega * p - gamma * P * k @ u,
                *(mode.omega * RHO * u - k * p - 1j * np.cross(J, B)), *(mode.omega * field - np.cross(k, E)), k @ field]
        assert np.abs(gaps).max() < 2e-14 * max(1.0, abs(mode.omega))
        if abs(mode.omega) > 1e-9:
            energy = RHO * np.vdot(u, u) + abs(p) ** 2 / (gamma * P) + np.vdot(field, field) / MU0
            assert energy.real == pytest.approx(1.0, rel=1e-13)


def test_ideal_modes_are_the_closed_form():
    branches = mhd_branches(RHO, P, B, K, mu0=MU0)
    speeds = ideal_speeds(RHO, P, B, K, mu0=MU0)
    for mode, speed in zip(branches.values(), speeds):
        assert mode.omega.real == pytest.approx(speed * np.linalg.norm(K), rel=1e-14)
        assert mode.omega.imag == 0.0
    assert list(branches) == ["slow", "alfven", "fast"]


def test_oblique_hall_waves_satisfy_the_cubic():
    """(w^2 - wA^2)(w^4 - w^2 k^2 (vA^2 + cs^2) + k^2 wA^2 cs^2) = w^2 (k d_i)^2 wA^2 (w^2 - k^2 cs^2): Hameiri, Ishizawa &
    Ishida 2005, Phys. Plasmas 12, 072109."""
    hall, k2 = 2.0, K @ K
    alfven2, along2, sound2 = B @ B / (MU0 * RHO), (B @ K) ** 2 / (MU0 * RHO), 5 / 3 * P / RHO
    for mode in mhd_branches(RHO, P, B, K, mu0=MU0, hall=hall).values():
        w2 = mode.omega.real**2
        terms = [(w2 - along2) * (w2**2 - w2 * k2 * (alfven2 + sound2) + k2 * along2 * sound2),
                 w2 * k2 * hall**2 / alfven2 * along2 * (w2 - k2 * sound2)]
        assert terms[0] == pytest.approx(terms[1], rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("k", [1e-3, 0.1, 3.0, 100.0])
def test_waves_along_the_field_are_the_closed_forms(k):
    field, wave = np.array([0.0, 0.0, 1.4]), np.array([0.0, 0.0, k])
    alfven = 1.4 / np.sqrt(RHO * MU0)
    found = np.array([m.omega for m in mhd_modes(RHO, P, field, wave, mu0=MU0, hall=0.6)])
    for expected in hall_parallel(k, alfven, 0.6):
        assert abs(found / expected - 1).min() < 1e-11
    for kind in ("ohmic", "ambipolar"):
        found = np.array([m.omega for m in mhd_modes(RHO, P, field, wave, mu0=MU0, **{kind: 0.6})])
        for expected in ambipolar_parallel(k, alfven, 0.6):
            # of the overdamped pair the slow one is small beside the fast one
            assert abs(found - expected).min() < 1e-14 * abs(found).max()


def test_the_hall_term_vanishes_with_the_ion_skin_depth():
    ideal = mhd_branches(RHO, P, B, K, mu0=MU0)
    shifts = [max(abs(mode.omega - ideal[name].omega) for name, mode in mhd_branches(
        RHO, P, B, K, mu0=MU0, hall=hall).items()) for hall in (1e-2, 1e-3)]
    # oblique waves are changed at second order in k d_i
    assert np.log10(shifts[0] / shifts[1]) == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("case", CASES[:-1], ids=lambda case: "-".join(case) or "ideal")
def test_rotating_everything_changes_nothing(case):
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    plain, turned = mhd_modes(RHO, P, B, K, mu0=MU0, **case), mhd_modes(RHO, P, turn @ B, turn @ K, mu0=MU0, **case)
    for one, two in zip(plain, turned, strict=True):
        assert abs(one.omega - two.omega) < 1e-13
        overlap = abs(np.vdot(turn @ one.vector["u"], two.vector["u"]))
        assert overlap == pytest.approx(np.vdot(one.vector["u"], one.vector["u"]).real, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("degrees", [0.0, 50.0])
def test_the_complete_plasma_comes_near_as_electrons_lose_mass_and_light_gains_speed(degrees):
    """Ions and light electrons, hall = d_i v_A = 1: the distance falls like m_e/m_i (and v_A^2/c^2 = m_e/m_i here)."""
    field, k = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0.0]), np.array([0.4, 0.0, 0.0])
    hall = [m.omega.real for m in mhd_branches(1.0, 0.25, field, k, hall=1.0).values()]
    gaps = []
    for small in (1e-2, 1e-4):
        fluids = [Background("ion", 1.0, 1.0, 1.0, 0.125), Background("electron", small, -1.0, small, 0.125)]
        found = np.array([m.omega.real for m in dispersion_modes(fluids, field, k, small**-0.5)])
        gaps.append(max(abs(found / w - 1).min() for w in hall))
    assert gaps[0] < 0.02
    assert np.log10(gaps[0] / gaps[1]) == pytest.approx(2.0, abs=0.05)


def test_input_errors():
    with pytest.raises(InputError, match="p must be a positive number"):
        mhd_modes(1.0, 0.0, B, K)
    with pytest.raises(InputError, match="k must be three finite numbers that are not all zero"):
        mhd_modes(1.0, 1.0, B, (0, 0, 0))
    with pytest.raises(InputError, match="ambipolar diffusivity must not be negative"):
        mhd_modes(1.0, 1.0, B, K, ambipolar=-1.0)
    with pytest.raises(InputError, match="gamma must be at least 1"):
        ideal_speeds(1.0, 1.0, B, K, gamma=0.9)
