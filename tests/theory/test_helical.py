"""Helical states against reference tables, conservation, and the exact circular waves."""

import dataclasses

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory.helical import HelicalFluid, HelicalState, circular_waves
from tests.theory.reference_data import reference

CLOSURES = {"isothermal": "isothermal", "ten": "ten-moment", "five": "five-moment"}


def component(state, label):
    """The number that a label such as 0.Pxy, 1.ux or Bz means."""
    axes = ["xyz".index(letter) for letter in label if letter in "xyz"]
    if "." not in label:
        return state[label[0]][axes[0]]
    fluid, name = label.split(".")
    key = {"r": "rho", "p": "p", "u": "u", "P": "P"}[name[0]]
    return state[key][(int(fluid), *([] if key in ("rho", "p") else axes))]


@pytest.mark.parametrize("name", ["isothermal", "ten"])
def test_reference(name):
    data = reference(f"helical_ien_{name}.npz")
    labels, table, fluids = list(data["labels"]), data["U_at_x0"], []
    start = dict(zip(labels, table[0], strict=True))
    for s, f in enumerate(data["fluids"]):
        p = start.get(f"{s}.p", f.get("T", 0) * f["rho"] / f["m"])
        if f["model"] == "ten":
            p = [[start[f"{s}.P" + "".join(sorted(a + b))] for b in "xyz"] for a in "xyz"]
        u = [start[f"{s}.u{a}"] for a in "xyz"]
        fluids.append(HelicalFluid(f["m"], f["q"], f["rho"], CLOSURES[f["model"]], p, u, isotropisation=f.get("nu_iso", 0)))
    B, E = ([start[name + a] for a in "xyz"] for name in "BE")
    exact = HelicalState(fluids, float(data["k"]), B, data["t"][-1], E, float(data["c"]), alpha=data["alpha"])
    for t, row, energy in zip(data["t"], table, data["energy"], strict=True):
        state = exact(t, 0.0)
        assert max(abs(component(state, label) - value) for label, value in zip(labels, row, strict=True)) < 2e-12  # 3e-13
        assert exact.energy(t) == pytest.approx(energy, abs=1e-13)


def plasma(closure, **extra):
    common = {"closure": closure, **extra}
    return [
        HelicalFluid(1.0, 1.0, 0.2, p=0.03, u=(0.1, 0.4, -0.3), **common),
        HelicalFluid(0.04, -1.0, 0.008, p=0.02, u=(0.1, -0.2, 0.5), **common),
        HelicalFluid(2.0, 0.0, 1.0, "five-moment", p=0.1, u=(0.0, 0.3, 0.0)),
    ]


@pytest.mark.parametrize(("closure", "extra"), [("five-moment", {}), ("six-moment", {"isotropisation": 0.3}),
                                                ("ten-moment", {"isotropisation": 0.3})])
def test_energy_and_momentum_kept_with_drag_and_heat(closure, extra):
    alpha = np.array([[0, 0.1, 0.5], [0.1, 0, 0.2], [0.5, 0.2, 0]])
    exact = HelicalState(plasma(closure, **extra), 1.3, (0.8, 0.5, 0.2), 2.0, c=6.0, alpha=alpha)
    assert exact.energy(2.0) == pytest.approx(exact.energy(0.0), rel=1e-12)

    def along(t):
        state = exact(t, 0.4)
        return state["rho"] @ state["u"][:, 0] + np.cross(state["E"], state["B"])[0] / 36

    assert along(2.0) == pytest.approx(along(0.0), abs=1e-12)
    state = exact(2.0, np.array([0.0, 2 * np.pi / 1.3]))
    assert state["P"][..., 0] == pytest.approx(state["P"][..., 1], abs=1e-14)
    assert np.trace(state["P"][:, :, :, 0], axis1=1, axis2=2) == pytest.approx(3 * state["p"][:, 0], rel=1e-14)


def test_six_moments_keep_their_entropy():
    """p_par p_perp^2 without heat; with the energy kept (above) this leaves no freedom in the equations."""
    fluids = [dataclasses.replace(fluid, p=(fluid.p, 1.7 * fluid.p)) for fluid in plasma("six-moment")[:2]]
    exact = HelicalState(fluids, 1.3, (0.8, 0.5, 0.2), 2.0, c=6.0)
    assert exact.energy(2.0) == pytest.approx(exact.energy(0.0), rel=1e-12)

    def parts(t):
        state = exact(t, 0.4)
        b = state["B"] / np.linalg.norm(state["B"])
        par = np.einsum("i,sij,j->s", b, state["P"], b)
        perp = 0.5 * (np.trace(state["P"], axis1=1, axis2=2) - par)
        assert state["P"] @ b == pytest.approx(par[:, None] * b, abs=1e-15)
        return par, perp

    (par, perp), (par_end, perp_end) = parts(0.0), parts(2.0)
    assert perp == pytest.approx(1.7 * par, rel=1e-13)
    assert np.abs(par_end / par - 1.0).max() > 0.05
    assert par_end * perp_end**2 == pytest.approx(par * perp**2, rel=1e-11)


def test_ten_moments_isotropised_fast_are_five_moments():
    cases = [plasma("five-moment")] + [plasma("ten-moment", isotropisation=nu) for nu in (500.0, 1000.0)]
    runs = [HelicalState(fluids[:2], 1.0, (1.0, 0.5, 0.0), 0.5, c=5.0, rtol=1e-11)(0.5, 0.3) for fluids in cases]
    first, second = (np.abs(run["u"] - runs[0]["u"]).max() for run in runs[1:])
    assert first < 5e-3 and first / second == pytest.approx(2, rel=0.02)  # viscosity ~ p/nu


def test_circular_waves_reference():
    for case in reference("circular_waves.json")["cases"]:
        waves = circular_waves((1.0, -1 / case["me"]), (1.0, case["me"]), case["k"], case["B0"], case["b0"], case["c"])
        wave = min(waves, key=lambda w: abs(w.omega - case["omega"]))
        assert wave.omega == pytest.approx(case["omega"], rel=2e-15)
        assert wave.u == pytest.approx(case["w"], rel=2e-15)
        assert wave.e.imag == pytest.approx(case["E_amp_im"], rel=2e-15)


@pytest.mark.parametrize("branch", range(4))
def test_circular_wave_is_helical(branch):
    # not for long: at this amplitude the electron wave, for one, is unstable and round-off grows
    qm, rho, k, c = (1.0, -25.0), (1.0, 0.04), 0.8, 5.0
    wave = circular_waves(qm, rho, k, 1.0, 0.7, c)[branch]
    ion, electron = (
        HelicalFluid(m, q, r, "cold", u=(0, w, 0)) for m, q, r, w in zip((1, 0.04), (1, -1), rho, wave.u, strict=True)
    )
    exact = HelicalState([ion, electron], k, (1.0, wave.b, 0), 0.3, (0, wave.e.real, wave.e.imag), c)
    x = np.linspace(0, 2 * np.pi / k, 7)
    state, phase = exact(0.3, x), np.exp(1j * (k * x - wave.omega * 0.3))
    assert np.abs(state["B"][1] + 1j * state["B"][2] - wave.b * phase).max() < 1e-11
    assert np.abs(state["u"][:, 1] + 1j * state["u"][:, 2] - wave.u[:, None] * phase).max() < 1e-10
    assert np.abs(state["u"][:, 0]).max() < 1e-11


def test_errors():
    with pytest.raises(InputError, match="net charge"):
        HelicalState([HelicalFluid(1.0, 1.0, 1.0)], 1.0, (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="take one of cold"):
        HelicalState([HelicalFluid(1.0, 0.0, 1.0, "seven")], 1.0, (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="does not fit"):
        HelicalState([HelicalFluid(1.0, 0.0, 1.0, p=np.eye(3))], 1.0, (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="outside of 0 to t_end"):
        HelicalState([HelicalFluid(1.0, 0.0, 1.0)], 1.0, (1, 0, 0), 1.0)(2.0, 0.0)
    with pytest.raises(InputError, match="neutral fluids"):
        circular_waves((0.0, 1.0), (1.0, 1.0), 1.0, 1.0, 1.0, 1.0)
