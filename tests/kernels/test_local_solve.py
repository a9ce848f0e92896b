"""The implicit solve of one stage against direct solvers, tabulated answers and conservation laws."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from multifluid.coupling.drag import elimination_pattern
from multifluid.kernels.local_solve import CHUNK, field_frame, from_frame, rows_needed, solve_rows, to_frame

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "source_cases.json"


def solve(rho, u, E, B, qm, alpha, eps0, h):
    """Backward Euler of n cells; rho (S, n), u (S, 3, n), E and B (3, n). Returns u, E."""
    S, cells = rho.shape
    out, out_field = np.empty((S, 3, cells)), np.empty((3, cells))
    pairs, couples = elimination_pattern(alpha, qm)
    work = np.full((int(rows_needed(S)), CHUNK), np.nan)
    frame, rotated, field = np.zeros((10, CHUNK)), np.zeros((S, 3, CHUNK)), np.zeros((3, CHUNK))
    for first in range(0, cells, CHUNK):
        n = min(CHUNK, cells - first)
        here = slice(first, first + n)
        field_frame(frame, *[np.ascontiguousarray(b) for b in B[:, here]], n)
        for s in range(S):
            to_frame(rotated[s], frame, *[np.ascontiguousarray(v) for v in u[s, :, here]], n)
        to_frame(field, frame, *[np.ascontiguousarray(e) for e in E[:, here]], n)
        solve_rows(np.ascontiguousarray(rho[:, here]), rotated, field, frame, work, qm, alpha,
                   np.zeros((S, S, 0)), pairs, couples, eps0, h, n)
        for vector, result in ((rotated, out), (field[None], out_field[None])):
            for v, w in zip(vector, result, strict=True):
                from_frame(w[0, here], w[1, here], w[2, here], frame, v, n)
    return out, out_field


def system(rho, u, E, B, qm, alpha, eps0, h, number=float):
    """Matrix and right-hand side of one cell, unknowns u_1 (x, y, z), u_2, ..., E, with entries of type ``number``."""
    S = len(rho)
    rho, qm, B = [number(r) for r in rho], [number(q) for q in qm], [number(b) for b in B]
    eps0, h, one = number(eps0), number(h), number(1)
    size = 3 * S + 3
    M = [[0 * one] * size for _ in range(size)]
    right = [0 * one] * size
    for s in range(S):
        for d in range(3):
            row = M[3 * s + d]
            row[3 * s + d] += rho[s]
            a, b = (d + 1) % 3, (d + 2) % 3
            row[3 * s + a] -= h * qm[s] * rho[s] * B[b]
            row[3 * s + b] += h * qm[s] * rho[s] * B[a]
            row[3 * S + d] -= h * qm[s] * rho[s]
            M[3 * S + d][3 * s + d] += h * qm[s] * rho[s]
            for r in range(S):
                rate = h * number(alpha[s][r]) * rho[s] * rho[r]
                row[3 * s + d] += rate
                row[3 * r + d] -= rate
            right[3 * s + d] = rho[s] * number(u[s][d])
    for d in range(3):
        M[3 * S + d][3 * S + d] += eps0
        right[3 * S + d] = eps0 * number(E[d])
    return M, right


def rational_solution(M, right):
    """Gauss elimination in rational numbers: exact."""
    n = len(right)
    M = [row + [value] for row, value in zip(M, right, strict=True)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if M[i][k] != 0)
        M[k], M[pivot] = M[pivot], M[k]
        for i in range(k + 1, n):
            if M[i][k] != 0:
                factor = M[i][k] / M[k][k]
                M[i] = [x - factor * y for x, y in zip(M[i], M[k], strict=True)]
    x = [Fraction(0)] * n
    for k in reversed(range(n)):
        x[k] = (M[k][n] - sum(M[k][j] * x[j] for j in range(k + 1, n))) / M[k][k]
    return [float(v) for v in x]


def random_alpha(rng, S, n_zero=0.4, largest=1.0):
    alpha = np.triu(largest * rng.random((S, S)) * (rng.random((S, S)) > n_zero), 1)
    return alpha + alpha.T


@pytest.mark.parametrize("S", range(1, 7))
@pytest.mark.parametrize("magnetised", [True, False])
def test_against_a_dense_solver(S, magnetised):
    """Random densities over four decades, charges (some zero) and drag, rates of order one."""
    rng = np.random.default_rng(S)
    n, h, eps0 = 200, 0.7, 0.3
    rho = 10.0 ** rng.uniform(-2, 2, (S, n))
    u, E = rng.normal(size=(S, 3, n)), rng.normal(size=(3, n))
    B = rng.normal(size=(3, n)) * magnetised
    for _ in range(3):
        qm = np.where(rng.random(S) < 0.3, 0.0, rng.normal(size=S) * 3.0)
        alpha = random_alpha(rng, S)
        got, got_E = solve(rho, u, E, B, qm, alpha, eps0, h)
        for i in range(0, n, 10):
            M, right = system(rho[:, i], u[:, :, i], E[:, i], B[:, i], qm, alpha, eps0, h)
            x = np.linalg.solve(np.array(M), np.array(right))
            assert got[:, :, i].ravel() == pytest.approx(x[:-3], abs=2e-12 * np.abs(x[:-3]).max())
            assert got_E[:, i] == pytest.approx(x[-3:], abs=2e-12 * max(np.abs(x[-3:]).max(), 1.0))


EXTREMES = {
    "plasma, omega_p h = 1e6": dict(plasma=1e6),
    "cyclotron, Omega h = 1e6": dict(cyclotron=1e6),
    "drag, h nu = 1e8": dict(drag=1e8),
    "everything": dict(plasma=1e6, cyclotron=1e6, drag=1e8),
    "near vacuum": dict(vacuum=1e-12),
    "near vacuum, everything": dict(plasma=1e6, cyclotron=1e6, drag=1e8, vacuum=1e-12),
    "no field, drag": dict(cyclotron=0.0, drag=1e8),
}


@pytest.mark.parametrize("S", [2, 3, 5])
@pytest.mark.parametrize("name", EXTREMES)
def test_against_rational_arithmetic(name, S):
    """Rates up to 1e8 per step, a species of density 1e-12: exact answers, no pivoting in ours.

    Charges and densities are such that inputs decide: the gate is the largest speed, not each component.
    """
    case = EXTREMES[name]
    rng = np.random.default_rng(100 + S)
    n, h = 8, 0.5
    rho = 10.0 ** rng.uniform(-1, 1, (S, n))
    if "vacuum" in case:
        rho[S - 1] *= case["vacuum"]
    qm = rng.uniform(0.5, 2.0, S) * np.where(np.arange(S) % 2, -1.0, 1.0)
    if S > 2:
        qm[1] = 0.0
    eps0 = (h / case.get("plasma", 1.0)) ** 2
    B = rng.normal(size=(3, n)) * case.get("cyclotron", 1.0) / h
    alpha = random_alpha(rng, S, 0.2, case.get("drag", 0.0) / h)
    u, E = rng.normal(size=(S, 3, n)), rng.normal(size=(3, n))
    got, got_E = solve(rho, u, E, B, qm, alpha, eps0, h)
    for i in range(n):
        M, right = system(rho[:, i], u[:, :, i], E[:, i], B[:, i], qm, alpha, eps0, h, Fraction)
        x = np.array(rational_solution(M, right))
        speed = max(np.abs(x[:-3]).max(), 1.0)
        assert got[:, :, i].ravel() == pytest.approx(x[:-3], abs=1e-13 * speed)
        # E balances the stiffest force, as seen by a velocity of rounding error
        field = max(np.abs(x[-3:]).max(), speed * np.linalg.norm(B[:, i]), 1.0)
        assert got_E[:, i] == pytest.approx(x[-3:], abs=1e-13 * field * (1.0 + case.get("drag", 0.0)))


@pytest.mark.parametrize("neutral", [False, True])
@pytest.mark.parametrize("turns", [1.0, 1e2, 1e5, 1e8])
def test_charges_without_drag_in_a_neutral_plasma(turns, neutral):
    """Ions and electrons whose charges cancel to the last bit, with a neutral fluid that drags on the ions, or without.

    Where both turn often in a step the Hall terms of the conductivity cancel: E comes from what is left, sum rho/B^2 beside
    eps0."""
    rng = np.random.default_rng(5)
    n, h, ratio = 12, 0.5, 128.0
    qm, density = np.array([1.0, -ratio, 0.0][:2 + neutral]), rng.uniform(0.5, 2.0, n)
    rho = np.stack([density, density / ratio, 3.0 * density][:2 + neutral])
    S = len(rho)
    alpha = np.zeros((S, S))
    if neutral:
        alpha[0, 2] = alpha[2, 0] = 2.0 / h
    B = rng.normal(size=(3, n)) * turns / h
    eps0 = 0.1 * (h / turns) ** 2
    u, E = rng.normal(size=(S, 3, n)), rng.normal(size=(3, n)) * turns / h
    got, got_E = solve(rho, u, E, B, qm, alpha, eps0, h)
    for i in range(n):
        M, right = system(rho[:, i], u[:, :, i], E[:, i], B[:, i], qm, alpha, eps0, h, Fraction)
        x = np.array(rational_solution(M, right))
        assert got_E[:, i] == pytest.approx(x[-3:], abs=1e-13 * np.abs(x[-3:]).max())
        assert got[:, :, i].ravel() == pytest.approx(x[:-3], abs=1e-13 * np.abs(x[:-3]).max())


def cases():
    if not REFERENCE.exists():
        missing = pytest.mark.skip(reason="no shared/reference/source_cases.json beside the project")
        return [pytest.param(None, marks=missing)]
    return [pytest.param(c, id=f"{c['id']}-{c['category']}") for c in json.loads(REFERENCE.read_text())["cases"]]


@pytest.mark.parametrize("case", cases())
@pytest.mark.parametrize("key, share", [("be", 1.0), ("cn", 0.5)])
def test_tabulated_steps(case, key, share):
    """One backward-Euler step, and the midpoint step (backward Euler over half of it, extrapolated)."""
    if any(case["g"]):
        pytest.skip("this case has gravity, which the local solve does not hold")
    if min(case["rho"]) == 0.0:
        pytest.skip("a fluid of density zero has no velocity; the code takes positive densities only")
    array = {name: np.array(case[name], float) for name in ("rho", "u", "E", "B", "qm", "alpha")}
    got, got_E = solve(array["rho"][:, None], array["u"][:, :, None], array["E"][:, None], array["B"][:, None],
                       array["qm"], array["alpha"], case["eps0"], share * case["dt"])
    u, E = array["u"] + (got[:, :, 0] - array["u"]) / share, array["E"] + (got_E[:, 0] - array["E"]) / share
    expected, expected_E = np.array(case[f"{key}_u"]), np.array(case[f"{key}_E"])
    # in units of the energy, and, for light fluids, of the largest speed: 1.1e-15 of either at most
    scaled = np.sqrt(array["rho"])[:, None]
    energy = np.sqrt((scaled**2 * array["u"] ** 2).sum() + case["eps0"] * (array["E"] ** 2).sum())
    tolerance = 1e-14 * energy
    assert np.abs(u - expected).max() <= 1e-14 * max(np.abs(expected).max(), np.abs(array["u"]).max())
    assert np.abs(scaled * (u - expected)).max() <= tolerance
    assert np.sqrt(case["eps0"]) * np.abs(E - expected_E).max() <= tolerance


def random_plasma(n=10_000, seed=7):
    """Electron-like, ion-like, grain-like and neutral fluids at wildly different rates, drag between all."""
    rng = np.random.default_rng(seed)
    S = 4
    rho = 10.0 ** rng.uniform(-6, 2, (S, n))
    u, E, B = rng.normal(size=(S, 3, n)), rng.normal(size=(3, n)), rng.normal(size=(3, n))
    qm = np.array([-1836.0, 1.0, 1e-6, 0.0])
    return rho, u, E, B, qm, random_alpha(rng, S, 0.0, 30.0)


@pytest.mark.parametrize("h", [1e-6, 1e-2, 1.0, 1e6])
def test_matter_momentum_changes_by_the_lorentz_impulse(h):
    """sum_s rho_s (u_s - u*_s) = h (rho_c E + J x B): drag takes no part, whatever its rate."""
    rho, u, E, B, qm, alpha = random_plasma()
    got, got_E = solve(rho, u, E, B, qm, alpha, 0.01, h)
    change = (rho[:, None] * (got - u)).sum(axis=0)
    charge = (qm[:, None] * rho).sum(axis=0)
    current = (qm[:, None, None] * rho[:, None] * got).sum(axis=0)
    impulse = h * (charge * got_E + np.cross(current, B, axis=0))
    terms = (np.abs(qm[:, None] * rho) * (np.linalg.norm(got_E, axis=0)
                                          + np.linalg.norm(got, axis=1) * np.linalg.norm(B, axis=0))).sum(axis=0)
    scale = (rho[:, None] * (np.abs(u) + np.abs(got))).sum(axis=(0, 1)) + h * terms
    assert np.all(np.abs(change - impulse) <= 1e-13 * scale)  # 3e-15


def test_displacement_current_balances_the_charge_moved():
    """eps0 (E - E*) = -h J, to the rounding of E times the conductance sum_s (h q_s/m_s)^2 rho_s that it drives."""
    rho, u, E, B, qm, alpha = random_plasma()
    h, eps0 = 0.1, 0.01
    got, got_E = solve(rho, u, E, B, qm, alpha, eps0, h)
    current = qm[:, None, None] * rho[:, None] * got
    conductance = eps0 + ((h * qm[:, None]) ** 2 * rho).sum(axis=0)
    scale = conductance * np.abs(got_E).max(axis=0) + eps0 * np.abs(E).max(axis=0)
    scale += h * np.abs(current).sum(axis=(0, 1))
    assert np.all(np.abs(eps0 * (got_E - E) + h * current.sum(axis=0)) <= 1e-13 * scale)


def test_slip_never_changes_sign_under_drag():
    n = 64
    rates = 10.0 ** np.linspace(-6, 8, 29)
    rng = np.random.default_rng(3)
    rho = np.stack([np.ones(n), 10.0 ** rng.uniform(-8, 2, n)])
    u = rng.normal(size=(2, 3, n))
    for rate in rates:
        alpha = np.array([[0.0, rate], [rate, 0.0]])
        got, _ = solve(rho, u, np.zeros((3, n)), np.zeros((3, n)), np.zeros(2), alpha, 1.0, 1.0)
        before, after = u[1] - u[0], got[1] - got[0]
        assert np.all(np.abs(after) <= np.abs(before))
        # equal velocities, to the last bit or two, count as no slip
        assert np.all((after * before >= 0.0) | (np.abs(after) <= 4e-16 * np.abs(got).max(axis=0)))
        expected = before / (1.0 + rate * (rho[0] + rho[1]))
        assert np.all(np.abs(after - expected) <= 1e-15 * np.abs(u).max(axis=0))


def test_momentum_survives_drag_of_any_rate():
    rng = np.random.default_rng(4)
    n, S = 10_000, 4
    rho, u = 10.0 ** rng.uniform(-6, 2, (S, n)), rng.normal(size=(S, 3, n))
    for largest in (1e-6, 1.0, 1e8):
        alpha = random_alpha(rng, S, 0.2, largest)
        got, _ = solve(rho, u, np.zeros((3, n)), np.zeros((3, n)), np.zeros(S), alpha, 1.0, 1.0)
        scale = (rho[:, None] * np.abs(u)).sum(axis=(0, 1))
        assert np.all(np.abs((rho[:, None] * (got - u)).sum(axis=0)) <= 1e-13 * scale)  # 1e-15


def test_one_neutral_alone_keeps_its_velocity():
    """Exactly so without a field; with one, up to the turn into its axes and back."""
    rng = np.random.default_rng(5)
    rho, u, E = 10.0 ** rng.uniform(-3, 3, (1, 500)), rng.normal(size=(1, 3, 500)), rng.normal(size=(3, 500))
    for B in (np.zeros((3, 500)), rng.normal(size=(3, 500))):
        got, got_E = solve(rho, u, E, B, np.zeros(1), np.zeros((1, 1)), 0.37, 1e3)
        assert np.abs(got - u).max() <= 3e-15 and np.abs(got_E - E).max() <= 3e-15
    got, got_E = solve(np.full((1, 500), 0.5), u, E, np.zeros((3, 500)), np.zeros(1), np.zeros((1, 1)), 0.25, 1e3)
    assert np.array_equal(got, u) and np.array_equal(got_E, E)


def axes_of(B):
    n = B.shape[1]
    frame = np.zeros((10, n))
    field_frame(frame, *[np.ascontiguousarray(b) for b in B], n)
    return frame


def test_field_frame_is_a_rotation_onto_b():
    rng = np.random.default_rng(6)
    B = rng.normal(size=(3, 2000)) * 10.0 ** rng.uniform(-100, 100, 2000)
    special = np.array([[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [1e-9, 0, -1],
                        [1e-17, 1e-17, -1], [0, -0.0, -2.0], [3, -4, 0]], float).T
    B = np.concatenate([B, special], axis=1)
    frame = axes_of(B)
    R = frame[:9].reshape(3, 3, -1)
    assert np.abs(np.einsum("ain,bin->abn", R, R) - np.eye(3)[:, :, None]).max() <= 2e-15
    assert np.abs(np.linalg.det(R.transpose(2, 0, 1)) - 1.0).max() <= 2e-15
    assert np.allclose(frame[9], np.linalg.norm(B, axis=0), rtol=4e-16, atol=0)
    assert np.abs(R[2] * frame[9] - B).max(axis=0) / frame[9] == pytest.approx(0.0, abs=4e-16)


def test_field_frame_without_field_is_the_identity():
    frame = axes_of(np.zeros((3, 4)))
    assert np.array_equal(frame[:9].reshape(3, 3, 4), np.broadcast_to(np.eye(3)[:, :, None], (3, 3, 4)))
    assert np.all(frame[9] == 0.0)


def test_frame_and_back():
    rng = np.random.default_rng(8)
    frame, v = axes_of(rng.normal(size=(3, 300))), rng.normal(size=(3, 300))
    inside, back = np.empty((3, 300)), np.empty((3, 300))
    to_frame(inside, frame, v[0], v[1], v[2], 300)
    from_frame(back[0], back[1], back[2], frame, inside, 300)
    assert np.abs(back - v).max() <= 2e-15
    # along B the third component, u x B = -i |B| z in the others
    assert inside[2] == pytest.approx((v * frame[6:9]).sum(axis=0), abs=1e-15)
    crossed = np.cross(v, frame[6:9] * frame[9], axis=0)
    to_frame(back, frame, *[np.ascontiguousarray(c) for c in crossed], 300)
    z = -1j * frame[9] * (inside[0] + 1j * inside[1])
    assert np.abs(back[0] + 1j * back[1] - z).max() <= 5e-15


def test_compiled_is_python_to_the_last_bit():
    rng = np.random.default_rng(9)
    B, v = rng.normal(size=(3, 50)), rng.normal(size=(3, 50))
    compiled, plain = axes_of(B), np.zeros((10, 50))
    field_frame.py_func(plain, *B, 50)
    assert np.array_equal(compiled, plain)
    out = np.empty((2, 3, 50))
    to_frame(out[0], compiled, v[0], v[1], v[2], 50)
    to_frame.py_func(out[1], compiled, v[0], v[1], v[2], 50)
    assert np.array_equal(out[0], out[1])
    S, n = 3, 20
    pairs, couples = elimination_pattern(random_alpha(rng, S, 0.0), np.array([1.0, -2.0, 0.0]))
    alpha = random_alpha(rng, S, 0.0)
    results = []
    for function in (solve_rows, solve_rows.py_func):
        rng = np.random.default_rng(10)
        rho, u, E = rng.uniform(0.5, 2, (S, n)), rng.normal(size=(S, 3, n)), rng.normal(size=(3, n))
        work = np.zeros((int(rows_needed(S)), CHUNK))
        function(rho, u, E, axes_of(rng.normal(size=(3, n))), work, np.array([1.0, -2.0, 0.0]), alpha,
                 np.zeros((S, S, 0)), pairs, couples, 0.5, 0.3, n)
        results.append((u, E))
    assert np.array_equal(results[0][0], results[1][0]) and np.array_equal(results[0][1], results[1][1])
