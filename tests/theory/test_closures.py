"""Waves of six- and ten-moment and polytropic fluids: independent linearisation, exact waves, limits."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import Background, available_branches, dispersion_modes, named_branch, named_branches
from multifluid.theory.background import HeatFlux
from multifluid.theory.dispersion import solve
from tests.theory.closure_operator import flat, operator, weights
from tests.theory.linear_waves import drag, field, nearest_error, plasma

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"

STREAMING = [
    Background("ion", 1.0, 1.0, 1.0, 0.2, u=(0.1, -0.3, 0.2), closure="ten-moment", anisotropy=2.5, isotropisation=0.3,
               heat_flux=HeatFlux("local", 0.7)),
    Background("electron", 0.04, -1.0, 0.04, 0.15, u=(-0.4, 0.2, 0.1), closure="six-moment", anisotropy=0.4,
               isotropisation=0.6),
    Background("neutral", 1.5, 0.0, 4.0, 0.6, u=(0.3, 0.1, -0.6), closure="ten-moment", anisotropy=0.5,
               heat_flux=HeatFlux("gradient", 0.9), axis=(0.2, 1.0, -0.3)),
    Background("dust", 3.0, 0.0, 2.0, 0.5, gamma=1.3, u=(0.0, 0.2, 0.4), closure="polytropic"),
]  # fmt: skip
ALPHA = drag(4, a01=0.5, a02=0.3, a12=0.8, a03=0.1, a13=0.2, a23=0.4)
MAGNETIC, WAVEVECTOR, LIGHT = (0.5, 0.7, -0.4), (0.8, -0.3, 1.1), 6.0


@pytest.fixture(scope="module")
def reference():
    def load(name):
        if not (REFERENCE / name).exists():
            pytest.skip(f"reference data {name} are not beside the project")
        return json.loads((REFERENCE / name).read_text())

    return load


@pytest.mark.parametrize(("ct", "unmagnetised"), [(3.0, False), (0.5, True)])
def test_modes_solve_the_linearised_equations(ct, unmagnetised):
    """All closures at once: streaming, anisotropic, isotropising, both heat fluxes, drag heat and heat exchange."""
    fluids, B = STREAMING, MAGNETIC
    if unmagnetised:
        fluids, B = [replace(STREAMING[0], axis=(1.0, 0.4, 0.2)), *STREAMING[2:]], (0, 0, 0)
        alpha = np.delete(np.delete(ALPHA, 1, 0), 1, 1)
    else:
        alpha = ALPHA
    args = (fluids, B, WAVEVECTOR, LIGHT)
    modes = dispersion_modes(*args, alpha=alpha, temperature_relaxation=ct)
    m, scale = operator(*args, alpha, ct), weights(fluids, LIGHT)
    size = np.linalg.norm(scale[:, None] * m / scale, 2)
    assert len(modes) == len(m) - 2
    for mode in modes:
        w = flat(mode, fluids)
        error = np.linalg.norm(scale * (m @ w + 1j * mode.omega * w)) / np.linalg.norm(scale * w)
        assert error < 1e-15 * size  # measured 2.8e-16
    error, left = nearest_error([x.omega for x in modes], 1j * np.linalg.eigvals(m))
    assert error < 1e-13 and len(left) == 2 and np.abs(left).max() < 1e-14  # measured 2.2e-14, 2.6e-15


def test_vector_and_coordinates_are_inverse():
    spectrum = solve(STREAMING, MAGNETIC, WAVEVECTOR, LIGHT, 1.0, ALPHA, 3.0)
    for i in range(len(spectrum.omega)):
        x = spectrum.x[:, i]
        assert np.abs(spectrum.system.coordinates(spectrum.system.vector(x)) - x).max() < 1e-15  # measured 3.3e-16


def test_rotation():
    """Turning B, k, u and axis turns every vector and pressure tensor and leaves omega."""
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    turned = [replace(f, u=tuple(turn @ f.u), axis=None if f.axis is None else tuple(turn @ f.axis)) for f in STREAMING]
    args = (LIGHT, 1.0, ALPHA, 3.0)
    before = dispersion_modes(STREAMING, MAGNETIC, WAVEVECTOR, *args)
    after = dispersion_modes(turned, turn @ MAGNETIC, turn @ WAVEVECTOR, *args)

    def tensor(v):
        return np.array([[v[f"p{''.join(sorted(a + b))}_ion"] for a in "xyz"] for b in "xyz"])

    for a, b in zip(before, after, strict=True):
        assert abs(a.omega - b.omega) < 1e-14 * max(1.0, abs(a.omega))
        assert np.abs(turn @ tensor(a.vector) @ turn.T - tensor(b.vector)).max() < 1e-13
        assert np.abs(turn @ a.vector["u_ion"] - b.vector["u_ion"]).max() < 1e-13
        assert abs(a.vector["ppar_electron"] - b.vector["ppar_electron"]) < 1e-13


def test_circular_ten_moment_waves(reference):
    """The finite-amplitude waves of the reference at relative amplitude 1e-6; the largest k v_t/Omega is 2.6."""
    for wave in reference("ten_moment_waves.json"):
        if wave["b0"] > 1e-6:
            continue
        fluids = [Background(name, m, q, m * n, wave["P"], closure="ten-moment")
                  for name, m, q, n in zip("ie", wave["m"], wave["q"], wave["n"], strict=True)]
        mu0 = 1 / (wave["eps0"] * wave["c"] ** 2)
        modes = dispersion_modes(fluids, (wave["B0"], 0, 0), (wave["k"], 0, 0), wave["c"], mu0)
        mode = min(modes, key=lambda m: abs(m.omega - wave["omega"]))
        # measured 3.4e-11, and 8e-10 in the vectors: the square of the amplitudes in the data
        assert abs(mode.omega - wave["omega"]) < 1e-10 * abs(wave["omega"])
        B = mode.vector["B"]
        assert abs(B[2] + 1j * B[1]) < 1e-14 * abs(B[1])
        for name, w, q in zip("ie", wave["w"], wave["Q"], strict=True):
            assert abs(mode.vector[f"u_{name}"][1] / B[1] - w / wave["b0"]) < 3e-9 * abs(w / wave["b0"])
            assert abs(mode.vector[f"pxy_{name}"] / B[1] - q / wave["b0"]) < 3e-9 * abs(w / wave["b0"])


def test_cgl_speeds(reference):
    for case in reference("cgl_reference.json")["cases"]:
        ratio, k = 1e12, 1e-11
        rho = case["rho"] / (1 + 1 / ratio)
        fluids = [Background.gyrotropic("ion", 1.0, 1.0, rho, case["ppar"], case["pperp"]),
                  Background("electron", 1 / ratio, -1.0, rho / ratio, 0.0, closure="cold")]
        B = case["B"] * np.array([np.cos(case["theta"]), np.sin(case["theta"]), 0.0])
        waves = named_branches(("alfven", "slow", "fast"), fluids, B, (k, 0, 0), 1e11)
        found, expected = np.array([(m.omega / k) ** 2 for m in waves.values()]), np.array(case["v2"])
        assert np.abs(found - expected).max() < 2e-11 * np.abs(expected).max()


def closures(fluids, **change):
    return [replace(f, **change) for f in fluids]


def frequencies(fluids, B, k, c=20.0, names=("slow", "alfven", "fast")):
    return np.array([named_branch(name, fluids, B, k, c).omega for name in names])


def test_fast_isotropisation_is_the_five_moment_fluid():
    B, k = field(50), (0.3, 0, 0)
    expected = frequencies(plasma(100.0), B, k)
    for closure in ("six-moment", "ten-moment"):
        error = [np.abs(frequencies(closures(plasma(100.0), closure=closure, isotropisation=nu), B, k) - expected)
                 for nu in (1e5, 2e5, 1e9)]  # fmt: skip
        assert np.abs(error[0] / error[1] - 2.0).max() < 1e-3
        assert error[2].max() < 1e-9


def test_strong_field_makes_ten_moments_six():
    """Same k and speeds, cyclotron frequencies times N: the difference is the finite gyroradius."""
    B, k = field(50), (1.0, 0, 0)
    error = []
    for charge in (1e3, 2e3, 1e9):
        ten, six = (frequencies(closures(plasma(100.0, charge=charge), closure=closure, anisotropy=1.4), B, k)
                    for closure in ("ten-moment", "six-moment"))  # fmt: skip
        error.append(np.abs(ten - six))
    assert np.abs(error[0] / error[1] - 4.0).max() < 0.01
    assert error[2].max() < 1e-14


def test_polytropic_is_five_moment_without_entropy():
    for name in ("slow", "alfven", "fast", "extraordinary"):
        five, poly = (named_branch(name, closures(plasma(), closure=closure, gamma=1.4), field(35), (0.4, 0, 0), 20.0)
                      for closure in ("five-moment", "polytropic"))  # fmt: skip
        assert abs(five.omega - poly.omega) < 1e-15 * abs(five.omega)
        assert np.abs(five.vector["p_ion"] - poly.vector["p_ion"]) < 1e-14
    assert len(dispersion_modes(closures(plasma(), closure="polytropic"), field(35), (0.4, 0, 0), 20.0)) == 12


@pytest.mark.parametrize("k", [0.1, 0.5, 1.0])
def test_gradient_heat_flux_is_hammett_and_perkins(k):
    """Along k the closure is the one of three moments: omega^2 = omega_p^2 + k^2 v^2 (1 + 2 omega/(omega + 3 i D))."""
    electron = Background("electron", 1.0, -1.0, 1.0, 1.0, closure="ten-moment", heat_flux=HeatFlux("gradient", k))
    mode = named_branch("langmuir", [electron], (0, 0, 0), (k, 0, 0), 1.0)
    omega, rate = mode.omega, np.sqrt(8 / np.pi) * k / 3
    assert abs(omega**2 - 1 - k**2 * (1 + 2 * omega / (omega + 3j * rate))) < 2e-15 * abs(omega) ** 2
    assert omega.imag < 0


def test_names_of_anisotropic_closures():
    for closure, degrees in (("six-moment", 0), ("six-moment", 40), ("ten-moment", 40), ("ten-moment", 90)):
        fluids, B = closures(plasma(), closure=closure), field(degrees)
        assert available_branches(fluids, B, (0.1, 0, 0), 1e3) == available_branches(plasma(), B, (0.1, 0, 0), 1e3)
    fluids = closures(plasma(), closure="ten-moment")
    wavenumbers = np.append(1e-5, np.geomspace(1.1e-5, 1.0, 9))
    for name in ("slow", "alfven", "fast"):
        omega = [named_branch(name, fluids, field(40), (k, 0, 0), 1e3).omega.real for k in wavenumbers]
        slope = np.diff(np.log(omega)) / np.diff(np.log(wavenumbers))
        assert slope[0] == pytest.approx(1.0, abs=1e-5) and np.abs(np.diff(slope)).max() < 0.5
    # Not the wave above the ion cyclotron frequency, whose shape is then nearer to the five-moment Alfven wave's.
    assert named_branch("alfven", fluids, field(40), (1.2, 0, 0), 1e3).omega.real < 0.8
    # Both circular waves along B are firehose unstable, one of them with Re omega < 0.
    ion, electron = plasma()
    unstable = [replace(ion, closure="six-moment", p=3.0, anisotropy=0.25), replace(electron, closure="cold")]
    pair = named_branches(("ion_cyclotron", "whistler"), unstable, field(0), (1e-3, 0, 0), 1e6)
    left, right = (mode.omega for mode in pair.values())
    assert left.imag > 1e-3 and left == -right.conjugate() and abs(left.real) == pytest.approx(5e-7, rel=2e-3)
    assert {"light", "langmuir", "sound"} == set(available_branches(fluids, (0, 0, 0), (1.0, 0, 0), 20.0))


@pytest.mark.parametrize("closure", ["six-moment", "ten-moment"])
def test_neutrals_and_streaming_with_anisotropic_closures(closure):
    """Alfven wave of ions and neutrals together, carried along by a common flow."""
    ion, electron = plasma(charge=1e6, beta=1e-3)
    fluids = [replace(ion, closure=closure), replace(electron, closure="cold"),
              Background("neutral", 2.0, 0.0, 20.0, 0.0, closure="cold")]  # fmt: skip
    k, drift = 1e-3, 0.01 * (closure == "six-moment")
    moving = [replace(f, u=(drift, 0.0, 0.0)) for f in fluids]
    omega = named_branch("alfven", moving, field(30), (k, 0, 0), 1e6, alpha=drag(3, a02=0.5)).omega
    speed = np.cos(np.radians(30)) / np.sqrt(21 + 1 / 1836)
    # nearly rigid: damping omega^2/(2 nu) of the slip, and its square off the frequency
    assert omega.real == pytest.approx(k * (speed + drift), rel=1e-6) and -1e-3 * k < omega.imag < 0


@pytest.mark.parametrize(
    ("change", "B", "message"),
    [
        ({"anisotropy": 2.0}, (1, 0, 0), "anisotropy, isotropisation and axis need"),
        ({"closure": "six-moment"}, (0, 0, 0), "six-moment fluid needs B"),
        ({"closure": "ten-moment", "anisotropy": 2.0}, (0, 0, 0), "give axis"),
        ({"closure": "ten-moment", "axis": (0, 1, 0)}, (1, 0, 0), "along B"),
        ({"closure": "ten-moment", "anisotropy": -2.0}, (1, 0, 0), "anisotropy = -2.0"),
        ({"closure": "ten-moment", "isotropisation": -2.0}, (1, 0, 0), "isotropisation = -2.0"),
        ({"closure": "six-moment", "heat_flux": HeatFlux("local", 1.0)}, (1, 0, 0), "heat_flux needs"),
        ({"closure": "ten-moment", "heat_flux": HeatFlux("global", 1.0)}, (1, 0, 0), "'global' is unknown"),
        ({"closure": "ten-moment", "heat_flux": HeatFlux("local", 0.0)}, (1, 0, 0), "k0 = 0.0"),
        ({"closure": "ten-moment", "heat_flux": HeatFlux("local", 1.0, chi=0.3)}, (1, 0, 0), "chi = 0.3"),
    ],
)
def test_bad_input(change, B, message):
    with pytest.raises(InputError, match=message):
        dispersion_modes(closures(plasma(), **change), B, (1, 0, 0), 20.0)
    with pytest.raises(InputError, match="p_par = -1.0"):
        Background.gyrotropic("ion", 1.0, 1.0, 1.0, -1.0, 2.0)
