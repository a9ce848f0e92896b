"""All modes at one wavevector against reference roots and an independent linearisation; their vectors."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import Background, dispersion_modes, named_branch
from tests.theory.linear_waves import drag, field, flat, nearest_error, operator, plasma, weights

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "dispersion_cases.json"
CLOSURES = {
    "five": "five-moment", "isothermal": "isothermal", "cold": "cold", "six": "six-moment", "ten": "ten-moment",
}  # fmt: skip
SUPPORTED = (
    "langmuir_five", "light_in_plasma", "parallel_whistler_mu1", "oblique_isothermal", "oblique_kvec3d",
    "kulsrud_pearce_band", "ambipolar_fast_perp", "two_neutral_drag_heat", "two_stream_five",
    "oblique_ten", "weibel_ten", "mirror_six", "mirror_ten",
)  # fmt: skip


@pytest.fixture(scope="module")
def cases():
    if not REFERENCE.exists():
        pytest.skip(f"reference data {REFERENCE.name} are not beside the project")
    return {case["name"]: case for case in json.loads(REFERENCE.read_text())["cases"]}


def background(f):
    """Background of one fluid of the data; a pressure tensor there is diagonal with two equal entries."""
    common = {"u": f["u"], "closure": CLOSURES[f["model"]]}
    par, perp, axis = f["ppar"], f["pperp"], None
    if f["P"]:
        entries = [f["P"][i] for i in (0, 3, 5)]
        odd = next(i for i in range(3) if entries.count(entries[i]) == 1)
        par, perp, axis = entries[odd], entries[odd - 1], tuple(np.eye(3)[odd])
    if par is None:
        return Background(f["name"], f["m"], f["q"], f["m"] * f["n"], f["n"] * f["T"], f["gamma"], **common)
    return Background.gyrotropic(f["name"], f["m"], f["q"], f["m"] * f["n"], par, perp, axis=axis, **common)


@pytest.mark.parametrize("name", SUPPORTED)
def test_reference_case(cases, name):
    case = cases[name]
    p = case["plasma"]
    fluids = [background(f) for f in p["fluids"]]
    mu0 = 1 / (p["eps0"] * p["c"] ** 2)
    modes = dispersion_modes(fluids, p["B"], case["k"], p["c"], mu0, p["alpha"], p["ct"])
    error, spurious = nearest_error([m.omega for m in modes], [complex(*w) for w in case["omega_all"]])
    assert error < 1e-15  # measured 2.1e-16
    assert len(spurious) == 2 and np.abs(spurious).max() < 1e-30  # Gauss's law and div B = 0
    for known in case["modes"]:
        expected = np.array(known["v_re"]) + 1j * np.array(known["v_im"])
        mode = min(modes, key=lambda m: abs(m.omega - complex(*known["omega"])))
        labels = {"rho": "rho", "p": "p", "ux": 0, "uy": 1, "uz": 2, "x": 0, "y": 1, "z": 2}
        found = []
        for label in case["labels"]:
            fluid, _, part = label.partition(".")
            key = labels.get(part or label[1], part.lower())
            value = (
                mode.vector[f"u_{fluid}" if isinstance(key, int) else f"{key}_{fluid}"]
                if part
                else mode.vector[fluid[0]]
            )
            found.append(value[key] if isinstance(key, int) else value)
        found = np.array(found)
        if known["mode"] == "em_y":  # one of two polarisations: compare the shape only in the other test
            continue
        lead = np.argmax(np.abs(expected))
        assert np.abs(found * expected[lead] / found[lead] - expected).max() < 1e-13 * np.abs(expected).max()


def test_transverse_drag_relaxation():
    fluids = [Background("a", 1.0, 0.0, 2.0, 1.0), Background("b", 4.0, 0.0, 3.0, 1.0, closure="cold")]
    modes = dispersion_modes(fluids, (0, 0, 0), (0, 1.3, 0), 10.0, alpha=drag(2, a01=0.7))
    slip = [m for m in modes if m.omega.real == 0 and abs(m.omega.imag + 0.7 * 5) < 1e-14]
    assert len(slip) == 2  # (nu_ab + nu_ba), two polarisations


STREAMING = [
    Background("ion", 1.0, 1.0, 1.0, 0.2, u=(0.1, -0.3, 0.2)),
    Background("electron", 0.04, -1.0, 0.04, 0.15, u=(-0.4, 0.2, 0.1)),
    Background("neutral", 1.5, 0.0, 4.0, 0.6, gamma=1.4, u=(0.3, 0.1, -0.6)),
]
STREAMING_ALPHA = drag(3, a01=0.5, a02=0.3, a12=0.8)
STREAMING_B, STREAMING_K, STREAMING_C = (0.5, 0.7, -0.4), (0.8, -0.3, 1.1), 6.0


@pytest.mark.parametrize("ct", [0.0, 3.0])
def test_eigenvectors_solve_the_linearised_equations(ct):
    """Streaming, slip heating, heat exchange, oblique 3-D wavevector: residual of M W = -i omega W."""
    args = (STREAMING, STREAMING_B, STREAMING_K, STREAMING_C)
    modes = dispersion_modes(*args, alpha=STREAMING_ALPHA, temperature_relaxation=ct)
    m, scale = operator(*args, STREAMING_ALPHA, ct), weights(STREAMING, STREAMING_C)
    size = np.linalg.norm(scale[:, None] * m / scale, 2)
    k = np.array(STREAMING_K)
    assert len(modes) == 21 - 2
    for mode in modes:
        w = flat(mode, STREAMING)
        assert np.linalg.norm(scale * (m @ w + 1j * mode.omega * w)) < 1e-15 * size  # measured 2.4e-16
        density = sum(f.charge / f.mass * mode.vector[f"rho_{f.name}"] for f in STREAMING)
        assert abs(1j * k @ mode.vector["E"] - STREAMING_C**2 * density) < 2e-14 * STREAMING_C  # measured 2e-15
        assert abs(k @ mode.vector["B"]) < 5e-16  # measured 4e-17
    error, left = nearest_error([x.omega for x in modes], 1j * np.linalg.eigvals(m))
    assert error < 2e-13 and len(left) == 2 and np.abs(left).max() < 1e-13  # measured 4e-14, 6e-15


def test_energy_norm_and_phase():
    fluids, c = plasma(25.0), 20.0
    for mode in dispersion_modes(fluids, field(40), (0.4, 0, 0), c):
        if mode.omega:
            w = weights(fluids, c) * flat(mode, fluids)
            w[::5][:2] = 0.0  # sound: the energy counts pressure only, density moves with it
            assert np.linalg.norm(w) == pytest.approx(1.0, abs=1e-14)
            lead = w[np.argmax(np.abs(w))]
            assert min(abs(lead - abs(lead)), abs(lead + 1j * abs(lead))) < 1e-14
    first = dispersion_modes(fluids, field(40), (0.4, 0, 0), c)
    again = dispersion_modes(fluids, field(40), (0.4, 0, 0), c)
    assert all(np.array_equal(flat(a, fluids), flat(b, fluids)) for a, b in zip(first, again, strict=True))


def test_rotation():
    """Turning B, k and u turns every vector and leaves omega."""
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    turned = [replace(f, u=tuple(turn @ f.u)) for f in STREAMING]
    args = (STREAMING_C, 1.0, STREAMING_ALPHA, 3.0)
    before = dispersion_modes(STREAMING, STREAMING_B, STREAMING_K, *args)
    after = dispersion_modes(turned, turn @ STREAMING_B, turn @ STREAMING_K, *args)
    for a, b in zip(before, after, strict=True):
        assert abs(a.omega - b.omega) < 1e-14 * max(1.0, abs(a.omega))
        for name, value in a.vector.items():
            expected = turn @ value if np.ndim(value) else value
            assert np.abs(b.vector[name] - expected).max() < 1e-13 * max(1.0, np.abs(expected).max()), name


def test_degenerate_waves_are_polarised_alike():
    light = [m for m in dispersion_modes(plasma(), (0, 0, 0), (1, 0, 0), 20.0) if m.omega.real > 850]
    e = np.array([m.vector["E"] / np.linalg.norm(m.vector["E"]) for m in light if abs(m.vector["E"][0]) < 1e-12])
    assert np.abs(np.abs(e) - [[0, 1, 0], [0, 0, 1]]).max() < 1e-14
    pair = plasma(mass_ratio=1.0)
    for name, hand in (("right", 1), ("left", -1)):
        e = named_branch(name, pair, (1, 0, 0), (1, 0, 0), 20.0).vector["E"]
        assert e[2] == pytest.approx(hand * 1j * e[1], rel=1e-13)


def test_evaluate_solves_induction_and_continuity():
    fluids, k, c = plasma(25.0), np.array([0.7, -0.2, 0.4]), 20.0
    mode = named_branch("fast", fluids, (0.6, 0.3, 0.7), k, c)
    x, y, z = (np.linspace(-1, 2, 5).reshape(s) for s in ((5, 1, 1), (1, 5, 1), (1, 1, 5)))

    def at(t=0.3, shift=(0, 0, 0)):
        return mode.evaluate(k, t, x + shift[0], y + shift[1], z + shift[2], 2 - 1j)

    h = 1e-4
    dt = {n: (at(0.3 + h)[n] - at(0.3 - h)[n]) / (2 * h) for n in mode.vector}
    dx = [{n: (at(shift=h * s)[n] - at(shift=-h * s)[n]) / (2 * h) for n in mode.vector} for s in np.eye(3)]
    assert np.shape(dt["B"]) == (3, 5, 5, 5) and np.shape(dt["rho_ion"]) == (5, 5, 5)
    assert np.abs(dt["rho_ion"] + sum(dx[i]["u_ion"][i] for i in range(3))).max() < 1e-7
    assert np.abs(dt["B"][0] + dx[1]["E"][2] - dx[2]["E"][1]).max() < 1e-7


def test_advected_density_of_cold_gas_is_no_obstacle():
    """A cold neutral gas has Jordan blocks (density growing under a constant flow); its true eigenvectors remain."""
    cold = [Background("gas", 1.0, 0.0, 2.0, 0.0, u=(0.3, 0, 0), closure="cold")]
    modes = dispersion_modes(cold, (0, 0, 0), (2.0, 0, 0), 5.0)
    assert sorted(m.omega.real for m in modes) == pytest.approx([-10, -10, 0.6, 0.6, 0.6, 10, 10], rel=1e-15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": (0, 0, 0)}, "k: the wavevector"),
        ({"B": (1, 0)}, "B: needs three"),
        ({"c": -1.0}, "c = -1.0 must be positive"),
        ({"alpha": [[0, 1], [2, 0]]}, "alpha: needs a symmetric 2 x 2"),
        ({"temperature_relaxation": -3.0}, "temperature_relaxation = -3.0"),
        ({"fluids": []}, "at least one"),
        ({"fluids": plasma(beta=0.0)}, "fluid ion: p = 0.0 must be positive; use closure='cold'"),
        ({"fluids": plasma(closure="warm")}, "fluid ion: closure 'warm' is unknown"),
        ({"fluids": plasma()[:1] * 2}, "names must differ"),
    ],
)
def test_bad_input(change, message):
    good = {"fluids": plasma(), "B": (1, 0, 0), "k": (1, 0, 0), "c": 20.0}
    with pytest.raises(InputError, match=message):
        dispersion_modes(**{**good, **change})
