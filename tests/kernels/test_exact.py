"""The exact propagator against tabulated answers, an ODE solver, closed forms and conservation laws.

Measured with ``speed()`` below, one core (shared; half of a Zen 5), e + i + n with drag, ns per cell: rates times h of
1, 1e3, 1e6, 1e8: 0.57, 0.97, 1.4, 1.6 microseconds, with a constant force 0.76, 1.3, 1.9, 2.2, with heating 7, 12,
17, 19. Compiling takes 17 s once.
"""

import json
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from multifluid.kernels._jit import kernel
from multifluid.kernels.doubledouble import dd_inverse, dd_multiply, dd_sqrt, two_product, two_sum
from multifluid.kernels.exact import exact_rows, exact_work_rows
from multifluid.kernels.local_solve import CHUNK, field_frame, from_frame, to_frame
from multifluid.kernels.split import split

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "source_cases.json"


def rotate(frame, v, n, back=False):
    """Vectors v (..., 3, n) into the frame of B, or back."""
    out = np.zeros_like(v)
    for source, target in zip(v.reshape(-1, 3, n), out.reshape(-1, 3, n), strict=True):
        if back:
            from_frame(*target, frame, source, n)
        else:
            to_frame(target, frame, *source, n)
    return out


def advance(state, h, heating=True, chunk=CHUNK, rates=None):
    """State after h: a dictionary of rho (S, n), u (S, 3, n), E (3, n), B (3, n), energy (S, n) and parameters."""
    a = dict(state)
    S, cells = a["rho"].shape
    out = {k: a[k].copy() for k in ("u", "E", "energy")}
    work = np.full((int(exact_work_rows(S, heating)), CHUNK), np.nan)
    for first in range(0, cells, chunk):
        here = slice(first, min(first + chunk, cells))
        n = here.stop - first
        frame = np.zeros((10, n))
        field_frame(frame, *[np.ascontiguousarray(b) for b in a["B"][:, here]], n)
        part = {k: a[k][..., here].copy() for k in ("rho", "u", "E", "energy", "force", "drive")}
        u, E, force, drive = [rotate(frame, part[k], n) for k in ("u", "E", "force", "drive")]
        if not np.any(a["force"]):
            force = np.zeros((S, 3, 0))
        if not np.any(a["drive"]):
            drive = np.zeros((3, 0))
        exact_rows(part["rho"], u, E, part["energy"], frame[9], work, a["qm"], a["mass"], a["gamma"], a["alpha"],
                   np.zeros((S, S, 0)) if rates is None else rates[..., here].copy(), a["ct"], a["eps0"], force,
                   drive, h, n, heating)
        out["u"][..., here] = rotate(frame, u, n, back=True)
        out["E"][..., here] = rotate(frame, E, n, back=True)
        out["energy"][..., here] = part["energy"]
    return a | out


def make(rho, u, mass, qm=None, alpha=None, E=None, B=None, energy=None, gamma=5 / 3, eps0=1.0, ct=3.0, force=None,
         drive=None):
    """A state for ``advance``; arrays may leave out the axis of cells."""
    S = len(mass)
    rho = np.array(rho, float).reshape(S, -1)
    n = rho.shape[1]

    def vectors(v, *shape):
        return np.zeros((*shape, 3, n)) + (0.0 if v is None else np.array(v, float).reshape(*shape, 3, -1))

    return {
        "rho": rho, "u": vectors(u, S), "E": vectors(E), "B": vectors(B), "force": vectors(force, S),
        "drive": vectors(drive), "energy": np.ones((S, n)) * (1.0 if energy is None else np.reshape(energy, (S, -1))),
        "mass": np.array(mass, float), "qm": np.zeros(S) if qm is None else np.array(qm, float),
        "alpha": np.zeros((S, S)) if alpha is None else np.array(alpha, float), "gamma": np.ones(S) * gamma,
        "eps0": float(eps0), "ct": float(ct)}


def random_states(rng, S, n, drag=True, spread=4.0):
    """Random states whose densities, charges and drag coefficients vary over decades."""
    alpha = 10.0 ** rng.uniform(-spread, spread, (S, S)) * (rng.random((S, S)) < 0.8) * drag
    alpha = np.triu(alpha, 1)
    mass = 10.0 ** rng.uniform(-3, 2, S)
    return make(10.0 ** rng.uniform(-spread, spread, (S, n)), rng.normal(size=(S, 3, n)), mass,
                qm=rng.choice([-1.0, 0.0, 1.0], S) / mass, alpha=alpha + alpha.T, E=rng.normal(size=(3, n)),
                B=rng.normal(size=(3, n)), energy=10.0 ** rng.uniform(-6, 2, (S, n)),
                eps0=10.0 ** rng.uniform(-2, 2))


def mechanical_energy(s):
    """Kinetic energy and that of E."""
    return 0.5 * np.sum(s["rho"][:, None] * s["u"] ** 2, (0, 1)) + 0.5 * s["eps0"] * np.sum(s["E"] ** 2, 0)


def cases():
    if not REFERENCE.exists():
        pytest.skip(f"no reference data at {REFERENCE}")
    return json.loads(REFERENCE.read_text())["cases"]


def from_case(c):
    gamma = np.array(c["gamma"]) * np.ones(c["S"])
    return make(c["rho"], c["u"], c["m"], qm=c["qm"], alpha=c["alpha"], E=c["E"], B=c["B"], gamma=gamma,
                energy=np.array(c["p"]) / (gamma - 1), eps0=c["eps0"], ct=c["ct"], force=[c["g"]] * c["S"])


@pytest.mark.parametrize("heating", [False, True])
def test_reference_states(heating):
    """104 certified answers, rates times h up to 5e8: energy norm within 1e-12 of the condition number."""
    worst, component, heat = {}, 0.0, 0.0
    for c in cases():
        state = from_case(c)
        out = advance(state, c["dt"], heating)
        u, E = out["u"][..., 0], out["E"][..., 0]
        du, dE = u - c["u_out"], E - c["E_out"]

        def norm(v, e, c=c):
            return np.sqrt(np.sum(np.array(c["rho"])[:, None] * np.square(v)) + c["eps0"] * np.sum(np.square(e)))

        error, condition = norm(du, dE), norm(c["sens_u"], c["sens_E"])
        assert error <= 1e-12 * condition, (c["id"], c["category"])
        if condition > 0.0:
            worst[c["category"]] = max(worst.get(c["category"], 0.0), error / condition)
        # velocities one by one, those of fluids without weight (rho = 0 to 1e-30) too
        fair = 2.2e-16 * np.array(c["sens_u"]) + 1e-13 * np.abs(c["u_out"]).max()
        component = max(component, np.max(np.abs(du) / (fair + 1e-300)))
        if heating:
            p = out["energy"][:, 0] * (state["gamma"] - 1)
            energy = mechanical_energy(state)[0] + state["energy"].sum()
            off = np.abs(p - c["p_out"])
            assert np.all(off <= 1e-10 * np.array(c["p_out"]) + 1e-15 * energy), (c["id"], c["category"])
            if c["category"] != "dust":
                heat = max(heat, np.max(off / np.maximum(c["p_out"], 1e-300)))
    # measured: 6e-16 (six species), with heating, which takes more squarings, 2e-15 (stiff drag)
    assert max(worst.values()) < 1e-14, worst
    assert component < 1.0  # measured 0.37
    # measured 5e-14; light fluids beside dust of 1e12 times their energy: 2e-7, which is 2e-16 of all energy
    assert heat < 1e-12


def ode(state, h):
    """One cell by an explicit method of order 8."""
    rho, alpha, mass, qm = state["rho"][:, 0], state["alpha"], state["mass"], state["qm"]
    S, B, eps0 = len(rho), state["B"][:, 0], state["eps0"]
    sum_mass = mass[:, None] + mass

    def rhs(_, y):
        u, E, energy = y[:3 * S].reshape(S, 3), y[3 * S:3 * S + 3], y[3 * S + 3:]
        T = (state["gamma"] - 1) * energy * mass / rho
        slip = u[None] - u[:, None]
        du = qm[:, None] * (E + np.cross(u, B)) + np.einsum("sr,r,srk->sk", alpha, rho, slip) + state["force"][..., 0]
        dE = state["drive"][:, 0] - np.sum((qm * rho)[:, None] * u, 0) / eps0
        heat = np.sum(slip**2, 2) * mass + state["ct"] * (T - T[:, None])
        return np.concatenate([du.ravel(), dE, np.sum(alpha * np.outer(rho, rho) / sum_mass * heat, 1)])

    y = np.concatenate([state["u"][..., 0].ravel(), state["E"][:, 0], state["energy"][:, 0]])
    y = solve_ivp(rhs, (0, h), y, method="DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
    return y[:3 * S].reshape(S, 3), y[3 * S:3 * S + 3], y[3 * S + 3:]


def test_force_drive_heat_and_relaxation_together():
    """Forces on the fluids and on E, drag, heat and unequal temperatures, against an ODE solver."""
    rng = np.random.default_rng(3)
    alpha = np.array([[0, 2.0, 0.5], [2.0, 0, 1.5], [0.5, 1.5, 0]])
    state = make([0.05, 1.0, 3.0], rng.normal(size=(3, 3)), [0.05, 1.0, 2.0], qm=[-20.0, 1.0, 0.0], alpha=alpha,
                 E=rng.normal(size=3), B=rng.normal(size=3), energy=[0.1, 1.0, 0.02], eps0=0.5,
                 force=rng.normal(size=(3, 3)), drive=rng.normal(size=3))
    u, E, energy = ode(state, 2.0)
    out = advance(state, 2.0)
    # measured 3e-13 in each
    assert np.abs(out["u"][..., 0] - u).max() < 1e-11
    assert np.abs(out["E"][:, 0] - E).max() < 1e-11
    assert np.abs(out["energy"][:, 0] / energy - 1).max() < 1e-11
    assert np.array_equal(advance(state, 2.0, heating=False)["energy"], state["energy"])


def fastest(s):
    """Largest rate in any cell: drag, cyclotron and plasma frequency."""
    drag = np.einsum("sr,rn->sn", s["alpha"], s["rho"]).max()
    plasma = np.sum(s["qm"][:, None] ** 2 * s["rho"] / s["eps0"], 0).max() ** 0.5
    return drag + plasma + np.abs(s["qm"]).max() * np.linalg.norm(s["B"], axis=0).max() + 1e-300


def test_energy_and_momentum_of_random_states():
    """10,000 random states, rates times h from 1e-6 to 1e8: energy with heat, momentum of neutrals, positivity."""
    rng = np.random.default_rng(5)
    energy = momentum = 0.0
    for S in (1, 2, 3, 4):
        for _ in range(20):
            state = random_states(rng, S, 125)
            if rng.random() < 0.3:
                state["qm"][:] = 0.0
            out = advance(state, 10.0 ** rng.uniform(-6, 8) / fastest(state))
            assert np.all(out["energy"] > 0.0)
            before = mechanical_energy(state) + state["energy"].sum(0)
            after = mechanical_energy(out) + out["energy"].sum(0)
            energy = max(energy, np.max(np.abs(after / before - 1)))
            if not np.any(state["qm"]):
                change = np.linalg.norm(np.sum(state["rho"][:, None] * (out["u"] - state["u"]), 0), axis=0)
                scale = np.sum(state["rho"] * np.linalg.norm(state["u"], axis=1), 0)
                momentum = max(momentum, np.max(change / scale))
    assert energy < 1e-13  # measured 4e-15
    assert momentum < 1e-13  # measured 1.3e-15


def test_energy_without_drag():
    """Lorentz force and plasma oscillation alone keep the energy, rates times h up to 1e8."""
    rng = np.random.default_rng(6)
    worst = 0.0
    for S in (1, 2, 3, 5):
        for h in (1e-3, 1.0, 1e3, 1e5):
            state = random_states(rng, S, 100, drag=False, spread=2.0)
            out = advance(state, h, heating=False)
            worst = max(worst, np.max(np.abs(mechanical_energy(out) / mechanical_energy(state) - 1)))
    assert worst < 1e-12  # measured 3e-15


def test_slip_never_changes_sign():
    """Two fluids: slip exp(-nu h) of what it was, never of the other sign, nu h from 1e-6 to 1e8."""
    for ratio in (1e-6, 1.0, 1e6):
        for h in 10.0 ** np.arange(-6, 8.5, 0.25):
            state = make([1.0, ratio], [[1.0, 0, -0.5], [0.0, 0, 0]], [1.0, 1.0], alpha=[[0, 1.0], [1.0, 0]],
                         B=[0, 0, 1.0])
            nu = 1.0 + ratio
            u = advance(state, h / nu, heating=False)["u"][..., 0]
            slip = u[0] - u[1]
            assert np.all(np.abs(slip - np.exp(-h) * np.array([1.0, 0, -0.5])) < 4e-16), (ratio, h)
            # zero to the rounding of the two velocities
            assert slip[0] >= -2.3e-16 and slip[2] <= 2.3e-16


@pytest.mark.parametrize("nu_h", [1e-6, 1e-2, 1.0, 1e2, 1e5, 1e8])
def test_drift_under_a_steady_force(nu_h):
    """Slip g (1 - exp(-nu h))/nu, and its heat, of two fluids pushed apart."""
    rho = np.array([1.0, 4.0])
    alpha = nu_h / 5.0
    g = np.array([[4.0, 0.4, -8.0], [-1.0, -0.1, 2.0]])
    state = make(rho, np.zeros((2, 3)), [1.0, 3.0], alpha=[[0, alpha], [alpha, 0]], force=g, ct=0.0, B=[0.1, 0.2, 0.3],
                 energy=[1e-9, 1e-9])
    out = advance(state, 1.0)
    slip = (out["u"][0] - out["u"][1])[:, 0]
    w = g[0] - g[1]
    assert np.abs(slip / (w * -np.expm1(-nu_h) / nu_h) - 1).max() < 1e-10  # measured 1e-15
    # alpha rho_1 rho_2 int slip^2 dt, by series where nu h is small
    if nu_h < 0.1:
        integral = 1 / 3 - nu_h / 4 + 7 * nu_h**2 / 60 - nu_h**3 / 24
    else:
        integral = (1 + 2 * np.expm1(-nu_h) / nu_h - 0.5 * np.expm1(-2 * nu_h) / nu_h) / nu_h**2
    heat = alpha * 4.0 * np.sum(w**2) * integral * np.array([0.75, 0.25])
    assert np.abs((out["energy"][:, 0] - 1e-9) / heat - 1).max() < 1e-8


@pytest.mark.parametrize("ratio", [1.0, 40.0, 1836.0])
@pytest.mark.parametrize("nu_h", [1e-4, 1e-1, 1.0, 10.0, 1e4, 1e8])
def test_heat_and_relaxation_of_two_fluids(ratio, nu_h):
    """Slip w exp(-nu t) heats both while temperatures relax: closed form, mass ratios 1 to 1836.

    D = T_2 - T_1 obeys D' = -kappa D + a exp(-2 nu t), and the energy is constant.
    """
    rng = np.random.default_rng(10)
    n, mass, gamma, ct = 50, np.array([1.0, ratio]), np.array([1.4, 5 / 3]), 3.0
    rho, energy = 10.0 ** rng.uniform(-2, 2, (2, n)), 10.0 ** rng.uniform(-3, 2, (2, n))
    u = rng.normal(size=(2, 3, n))
    nu = rho.sum(axis=0)
    h = nu_h / nu.max()
    state = make(rho, u, mass, alpha=[[0, 1.0], [1.0, 0]], energy=energy, gamma=gamma, ct=ct)
    capacity = rho / ((gamma - 1) * mass)[:, None]
    pair, w2 = rho[0] * rho[1] / mass.sum(), np.sum((u[0] - u[1]) ** 2, 0)
    kappa = ct * pair * (1 / capacity).sum(axis=0)
    push = pair * w2 * (mass[0] / capacity[1] - mass[1] / capacity[0])
    # (exp(-2 nu h) - exp(-kappa h))/(kappa - 2 nu)
    d = (kappa - 2 * nu) * h
    integral = np.exp(-2 * nu * h) * h * np.where(d > 0, -np.expm1(-np.abs(d)), 0.0) / np.where(d == 0, 1, d)
    integral += np.exp(-kappa * h) * h * np.where(d < 0, -np.expm1(-np.abs(d)), 0.0) / np.abs(np.where(d == 0, 1, d))
    T = energy / capacity
    D = (T[1] - T[0]) * np.exp(-kappa * h) + push * integral
    total = energy.sum(axis=0) - 0.5 * rho[0] * rho[1] / nu * w2 * np.expm1(-2 * nu * h)
    exact = (total + capacity[::-1] * D * np.array([[-1.0], [1.0]])) * capacity / capacity.sum(axis=0)
    out = advance(state, h)
    assert np.abs(out["energy"] / exact - 1).max() < 2e-11  # measured 4e-12, the closed form's own rounding
    assert out["energy"].min() > 0.0


def test_terminal_drift_of_ions_and_electrons():
    """Charged fluids through heavy neutrals, driven E balancing the current: drift right to 1e-10."""
    nu, b, g = 1e4, 3e4, 1.0
    state = make([1.0, 1e30], np.zeros((2, 3)), [1.0, 1.0], qm=[1.0, 0.0], alpha=[[0, nu / 1e30], [nu / 1e30, 0]],
                 B=[0, 0, b], force=[[g, 0, g], [0, 0, 0]], eps0=1e30)
    u = advance(state, 1e4, heating=False)["u"][0, :, 0]
    exact = np.array([g * nu / (nu**2 + b**2), -g * b / (nu**2 + b**2), g / nu])
    assert np.abs(u / exact - 1).max() < 1e-10


def test_two_half_steps_are_one():
    rng = np.random.default_rng(8)
    worst = 0.0
    for S in (1, 2, 3):
        state = random_states(rng, S, 60, spread=2.0)
        state["force"] = rng.normal(size=state["force"].shape)
        state["drive"] = rng.normal(size=state["drive"].shape)
        for h in (0.01, 1.0):
            one, two = advance(state, h), advance(advance(state, h / 2), h / 2)
            size = np.sqrt(2 * np.maximum(mechanical_energy(one), mechanical_energy(state)))
            worst = max(worst, np.max(np.sqrt(state["rho"])[:, None] * np.abs(one["u"] - two["u"]) / size),
                        np.max(np.abs(one["energy"] - two["energy"]) / size**2))
    assert worst < 1e-13  # measured 3e-15


def test_cell_does_not_feel_its_neighbours():
    """The same bits alone and in a row, whatever the stiffness of the others; NaN stays where it is."""
    rng = np.random.default_rng(9)
    state = random_states(rng, 3, 40)
    state["rho"][1, 7] = 0.0
    state["rho"][2, 9] = 1e-30
    state["B"][:, 3] = 0.0
    for heating in (False, True):
        row, alone = advance(state, 0.1, heating), advance(state, 0.1, heating, chunk=1)
        for key in ("u", "E", "energy"):
            assert np.array_equal(row[key], alone[key])
        broken = dict(state, rho=state["rho"].copy())
        broken["rho"][0, 5] = -1.0
        out = advance(broken, 0.1, heating)
        assert np.all(np.isnan(out["u"][0, :, 5]))
        others = np.arange(40) != 5
        assert np.array_equal(out["u"][..., others], row["u"][..., others])


def test_nothing_to_do():
    """A neutral fluid alone keeps its bits; where no fluid is charged, E only follows its drive."""
    state = make([0.3, 1e-300], [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [1.0, 2.0], E=[1.0, 2.0, 3.0],
                 drive=[1.0, 0.0, -1.0])
    out = advance(state, 0.5)
    assert np.array_equal(out["u"], state["u"])
    assert np.array_equal(out["energy"], state["energy"])
    assert np.allclose(out["E"][:, 0], [1.5, 2.0, 2.5], rtol=1e-15)


def test_drag_of_each_cell():
    """Rates given cell by cell replace the constant coefficients."""
    state = random_states(np.random.default_rng(12), 3, 40)
    twice = dict(state, alpha=2 * state["alpha"])
    odd = np.arange(40) % 2 == 1
    rates = np.where(odd, 2.0, 1.0) * state["alpha"][..., None]
    out, one, two = advance(state, 0.1, rates=rates), advance(state, 0.1), advance(twice, 0.1)
    for key in ("u", "E", "energy"):
        assert np.array_equal(out[key], np.where(odd, two[key], one[key]))


def test_rates_beyond_all_bits_fail():
    state = make([1.0, 1.0], np.ones((2, 3)), [1.0, 1.0], alpha=[[0, 1.0], [1.0, 0]])
    assert np.all(np.isnan(advance(state, 1e19)["u"]))


@kernel
def pairs_of(a, b):
    """Every operation of double-double and split arithmetic on one pair of numbers."""
    root, low = dd_sqrt(a)
    p, q = dd_multiply(root, low, root, low)
    x, y = dd_inverse(a, 0.0)
    return two_sum(a, b), two_product(a, b), (p, q), (x, y), split(b, b * 1e-17)


def test_arithmetic_of_pairs():
    """Sums and products are exact, roots and quotients good to 2^-100, split numbers to 2^-80."""
    rng = np.random.default_rng(11)
    for a, b in zip(10.0 ** rng.uniform(-8, 8, 200), rng.uniform(-1, 1, 200), strict=True):
        total, product, again, inverse, (first, rest) = pairs_of(a, b)
        a, b = Fraction(a), Fraction(b)

        def exactly(pair):
            return Fraction(pair[0]) + Fraction(pair[1])

        assert exactly(total) == a + b
        assert exactly(product) == a * b
        assert abs(exactly(again) / a - 1) < Fraction(2) ** -100
        assert abs(exactly(inverse) * a - 1) < Fraction(2) ** -100
        assert (Fraction(first) * 2**26).denominator == 1 and abs(rest) <= 2.0**-26
        assert abs(exactly((first, rest)) - b - Fraction(float(b) * 1e-17)) < Fraction(2) ** -80


def speed():
    """Print the time per cell of electrons, ions and neutrals with drag."""
    rng, S, n = np.random.default_rng(1), 3, CHUNK
    rho = np.array([[5e-4], [1.0], [100.0]]) * rng.uniform(0.9, 1, (S, n))
    start, field, none = rng.normal(size=(S, 3, n)), rng.normal(size=(3, n)), np.zeros((S, 3, 0))
    for heating in (False, True):
        work = np.zeros((int(exact_work_rows(S, heating)), CHUNK))
        for force in (none, rng.normal(size=(S, 3, n))):
            for rate in (1.0, 1e3, 1e6, 1e8):
                times = []
                for _ in range(30):
                    u, E, energy = start.copy(), field.copy(), np.ones((S, n))
                    begin = time.perf_counter()
                    exact_rows(rho, u, E, energy, np.ones(n), work, np.array([-1836.0, 1.0, 0.0]),
                               np.array([1 / 1836, 1.0, 2.0]), np.full(S, 5 / 3), 1.0 - np.eye(S), np.zeros((S, S, 0)),
                               3.0, 1e-2, force, np.zeros((3, 0)), rate / 2500.0, n, heating)
                    times.append((time.perf_counter() - begin) / n)
                print(f"heating {heating}, force {force.shape[2] > 0}, rates h {rate:.0e}: "
                      f"{1e9 * np.median(times):.0f} ns per cell")


if __name__ == "__main__":
    speed()
