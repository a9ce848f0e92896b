"""Steady shocks of every model against reference tables, conservation, and each other."""

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory.shocks import (
    adiabatic_jump,
    charged_fluid_shock,
    heated_ion_neutral_shock,
    heated_three_fluid_shock,
    inertialess_ion_shock,
    ion_neutral_shock,
    isothermal_jump,
    three_fluid_shock,
)
from tests.theory.reference_data import reference

PERPENDICULAR = np.pi / 2


def worst(state, data, columns):
    """Largest difference in units of each column's largest value (or 1e-6, for those that are 0)."""
    errors = []
    for name, (key, at) in columns.items():
        value = state[key][at]
        value = value.T if data[name].ndim == 2 else value
        errors.append(np.abs(value - data[name]).max() / max(np.abs(data[name]).max(), 1e-6))
    return max(errors)


@pytest.mark.parametrize("name", ["perp_M50_MA10_flux", "oblique45_M50_MA10_flux", "oblique60_M25_MA5_sqrt"])
def test_inertialess_ions(name):
    data = reference(f"cshock_a_{name}.npz")
    p = data["params"]
    shock = inertialess_ion_shock(
        p["vs"], p["B0"], p["theta"], p["cs"], p["alpha"], p["rho_n0"], p["rho_i0"], p["ion"], mu0=p["mu0"]
    )
    columns = {"rho_i": ("rho", 0), "rho_n": ("rho", 1), "By": ("B", 1), "vnx": ("u", (1, 0)), "vix": ("u", (0, 0))}
    columns |= {"vny": ("u", (1, 1)), "viy": ("u", (0, 1))}
    assert worst(shock(data["x"]), data, columns) < 1e-9  # measured 4e-10
    assert abs(shock.downstream["B"][1] - p["By2"]) < 1e-14


def charged(name):
    data = reference(f"cshock_b_{name}.npz")
    p = data["params"]
    return data, charged_fluid_shock(p["rho_n"], p["v"][0], p["B"][:2], p["cs"], p["rho_c"], p["a"], p["K"], mu0=p["mu0"])


@pytest.mark.parametrize("name", ["falle_A", pytest.param("falle_B", marks=pytest.mark.long), "gentle_ambi"])
def test_charged_fluids(name):
    data, shock = charged(name)
    state = shock(data["x"])
    columns = {"By": ("B", 1), "Bz": ("B", 2), "rho_n": ("rho", -1), "vn": ("u", -1), "Ex": ("E", 0)}
    assert worst(state, data, columns) < 1e-8  # measured 3e-9 where Bz and Ex are small, else 3e-11
    assert np.abs(np.moveaxis(state["u"][:-1], 2, 0) - data["vc"]).max() < 1e-9  # measured 2e-10
    assert np.abs(state["rho"][:-1].T / data["rho_c"] - 1).max() < 1e-9
    assert shock.subshock is None


def test_neutral_subshock():
    # case C of O'Sullivan & Downes 2006
    shock = charged_fluid_shock(1.0, -6.7202, (1.0, 0.6), 1.0, (5e-8, 1e-3), (-2e12, 1e8), (4e5, 2e4))
    down = shock.downstream
    assert down["rho"][-1] == pytest.approx(10.42092693, abs=1e-8)
    assert down["u"][-1] == pytest.approx([-0.64487546, -1.09344075, 0], abs=1e-8)
    assert down["B"][1] == pytest.approx(7.94814055, abs=1e-8)
    ahead, behind = shock(shock.subshock + 1e-12), shock(shock.subshock - 1e-12)
    assert ahead["u"][-1, 0] * behind["u"][-1, 0] == pytest.approx(1.0, rel=1e-8)  # isothermal jump, cs = 1
    assert ahead["B"] == pytest.approx(behind["B"], abs=1e-8)
    far = shock(shock.x[-1] + 1.0)
    assert far["u"][-1] == pytest.approx([-6.7202, 0, 0], abs=1e-12)


def test_third_charged_fluid_without_weight_changes_nothing():
    two = charged_fluid_shock(1.0, 3.0, (0.6, 0.8), 0.2, (1e-4, 1e-2), (-1e5, 1e3), (100.0, 100.0))
    part = np.array([1e-4, 4e-3, 6e-3])
    three = charged_fluid_shock(1.0, 3.0, (0.6, 0.8), 0.2, part, (-1e5, 1e3, 1e3), (100.0, 100.0, 100.0))
    x = np.linspace(-6, 3, 50)
    assert np.abs(two(x)["B"] - three(x)["B"]).max() < 1e-9  # measured 1e-10
    state = three(x)
    assert np.abs(np.array([-1e5, 1e3, 1e3]) @ state["rho"][:3]).max() < 1e-9 * 50


def test_ions_with_inertia():
    data = reference("cshock_c1_perp.npz")
    p = data["params"]
    rho = p["rho_i"], p["rho_n"]
    shock = ion_neutral_shock(p["vs"], p["B0"], p["theta"], p["alpha"], rho, (p["ci"], p["cn"]), p["mu0"])
    columns = {"By": ("B", 1), "rho_n": ("rho", 1), "rho_i": ("rho", 0), "vnx": ("u", (1, 0)), "vix": ("u", (0, 0))}
    assert worst(shock(data["x"]), data, columns) < 1e-10  # measured 2e-11


def test_heated_ions():
    data = reference("cshock_c3_perp_vs1p5.npz")
    p = data["params"]
    rho, mass = (p["rho_i"], p["rho_n"]), (p["mi"], p["mn"])
    shock = heated_ion_neutral_shock(
        p["vs"], p["B0"], PERPENDICULAR, p["alpha"], rho, p["T0"], mass, p["gamma"], p["ct"]
    )
    columns = {"B": ("B", 1), "rho_n": ("rho", 1), "rho_i": ("rho", 0), "vn": ("u", (1, 0)), "vi": ("u", (0, 0))}
    state = shock(data["x"])
    assert worst(state, data, columns) < 3e-9  # measured 9e-10
    # the table holds pressures to about 5e-10 of the ram pressure, 2.4
    assert np.abs(state["p"] - [data["pi"], data["pn"]]).max() < 2e-9  # measured 5e-10
    flux = (2.5 * state["p"] * state["u"][:, 0] + state["rho"] * state["u"][:, 0] ** 3 / 2).sum(axis=0)
    total = flux + p["vs"] * p["B0"] * state["B"][1]
    assert np.abs(total / total[0] - 1).max() < 1e-13


def test_ion_inertia_vanishes_with_the_ion_fraction():
    x, differences = np.linspace(-3, 3, 61), []
    for fraction in (1e-3, 1e-5, 1e-7):
        full = ion_neutral_shock(5.0, 1.0, np.pi / 4, 1 / fraction, (fraction, 1.0), (0.1, 0.1))
        bare = inertialess_ion_shock(5.0, 1.0, np.pi / 4, 0.1, 1 / fraction, 1.0, fraction)
        differences.append(np.abs(full(x)["u"][1] - bare(x)["u"][1]).max())
    assert differences == pytest.approx([3.1e-3, 3.1e-5, 3.1e-7], rel=0.05)


@pytest.mark.parametrize("name", ["c2_perp", "c2_oblique45", "c4_perp"])
def test_complete(name):
    data = reference(f"cshock_{name}.npz")
    p = data["params"]
    B0 = np.hypot(p["Bx"], p["By0"])
    theta = np.arctan2(p["By0"], p["Bx"]) if p["Bx"] else PERPENDICULAR
    alpha = np.zeros((3, 3))
    alpha[0, 2] = alpha[2, 0] = p["alpha_in"]
    alpha[1, 2] = alpha[2, 1] = p["alpha_en"]
    common = (p["vs"], B0, theta, np.array(p["G"]) / p["vs"], p["qm"])
    columns = {"By": ("B", 1), "rho_n": ("rho", 2), "rho_i": ("rho", 0), "rho_e": ("rho", 1), "Ex": ("E", 0)}
    columns |= {"vi": ("u", 0), "ve": ("u", 1), "vn": ("u", 2)}
    if "T0" in p:
        shock = heated_three_fluid_shock(*common, p["T0"], p["m"], alpha, p["c"], p["gamma"], p["ct"])
        columns |= {"pi": ("p", 0), "pe": ("p", 1), "pn": ("p", 2)}
    else:
        shock = three_fluid_shock(*common, p["cs"], alpha, p["c"])
    assert worst(shock(data["x"]), data, columns) < 5e-10  # measured 1e-10


def test_adiabatic_jump_conserves():
    jump = adiabatic_jump(1.0, 3.0, 0.6, 0.8, 0.1, 5 / 3)

    def fluxes(rho, vx, vy, By, p):
        momentum = rho * vx * vx + p + By * By / 2, rho * vx * vy - 0.6 * By
        return rho * vx, vx * By - 0.6 * vy, *momentum, rho * vx * (vx**2 + vy**2) / 2 + 2.5 * p * vx + 2.4 * By

    after = fluxes(jump.rho, jump.vx, jump.vy, jump.By, jump.p)
    assert after == pytest.approx(fluxes(1.0, 3.0, 0.0, 0.8, 0.1), rel=1e-13)
    assert jump.vx < 3 and jump.p > 0.1


def test_fluid_by_name_and_shape():
    shock = inertialess_ion_shock(5.0, 0.5, PERPENDICULAR, 0.1, 1000.0, ion_cs=0.2)
    x = np.zeros((2, 3))
    assert shock(x)["u"].shape == (2, 3, 2, 3) and shock(x)["B"].shape == (3, 2, 3)
    ion = shock.fluid("ion", 0.0)
    assert ion["p"] == pytest.approx(0.04 * ion["rho"])
    assert shock(0.0)["B"][1] == pytest.approx((shock.upstream["B"][1] + shock.downstream["B"][1]) / 2, abs=1e-12)
    with pytest.raises(InputError, match="'dust' is not in this shock"):
        shock.fluid("dust", 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: isothermal_jump(1.0, 0.5, 0.0, 1.0, 0.1), "fast magnetosonic speed"),
        (lambda: isothermal_jump(1.0, 5.0, 1.0, 0.0, 0.1), "By = 0"),
        (lambda: inertialess_ion_shock(5.0, 0.5, 1.0, 0.1, 1.0, ions="saha"), "take one of flux, sqrt"),
        (lambda: inertialess_ion_shock(5.0, 0.5, 1.0, 1.0, 1.0), "subsonic downstream"),
        (lambda: ion_neutral_shock(5.0, 0.5, 1.0, 1.0, (0.01, 1.0), (1.0, 1.0)), "subsonic downstream"),
        (lambda: charged_fluid_shock(1.0, 3.0, (0.6, 0.8), 0.2, (1e-4, 1e-2), (-1e5, 2e3), (1.0, 1.0)), "net charge"),
        (lambda: heated_ion_neutral_shock(1.5, 1.0, 1.0, 20.0, (0.05, 1.0), 0.005, (1.0, 1.0), ct=0.0), "ct = 0"),
    ],
)  # fmt: skip
def test_errors(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_electrons_through_their_sound_speed():
    alpha = np.array([[0, 0, 20.0], [0, 0, 20.0], [20.0, 20.0, 0]])
    with pytest.raises(InputError, match="its own sound speed"):
        three_fluid_shock(3.0, 1.0, PERPENDICULAR, (0.05, 0.002, 1.0), (20.0, -500.0), (0.3, 2.0, 0.3), alpha, 30.0)
