"""Rotation of pressure tensors about B by every propagator, and the tabulated source states."""

import numpy as np
import pytest

from multifluid import Drag, TenMoment
from tests.kernels.closure_states import (
    LEVI_CIVITA,
    closure_solver,
    eigenvalues,
    largest,
    random_tensors,
    set_state,
    staged,
    tensor_of,
)
from tests.kernels.test_exact import cases


def turned(P, B, angle):
    """P (3, 3, n) turned about B (3, n) by minus ``angle`` (n), as velocities are, in extended precision."""
    P, B, angle = (np.asarray(q, np.longdouble) for q in (P, B, angle))
    b = B / np.sqrt((B**2).sum(axis=0))
    cross = np.einsum("ikj,kn->ijn", LEVI_CIVITA.astype(np.longdouble), b)  # cross v = b x v
    dyad = b[:, None] * b[None]
    one = np.eye(3, dtype=np.longdouble)[:, :, None]
    turn = one * np.cos(angle) - np.sin(angle) * cross + (1 - np.cos(angle)) * dyad
    return np.einsum("ian,abn,jbn->ijn", turn, P, turn)


@pytest.mark.parametrize("anisotropy", [1.0, 10.0, 1e4])
@pytest.mark.parametrize("turns", [1e-3, 1.0, 1e3, 1e6])
def test_exact_rotation(turns, anisotropy):
    """Omega h of the fastest cell up to ``turns``, any direction of B: the turned tensor, to rounding."""
    fluid = TenMoment("ion", 0.7, -1.3)
    solver = closure_solver([fluid], (2000,))
    rng = np.random.default_rng(2)
    # cell B is the mean of two faces: a uniform Bx, the others vary from cell to cell
    B = np.stack([np.full(2000, 0.37), *rng.normal(size=(2, 2000))])
    P = random_tensors(rng, (2000,), anisotropy)
    rho = np.exp(rng.uniform(-4.0, 4.0, 2000))
    set_state(solver, [[rho, 0.0, 0.0, 0.0, (P[0] + P[3] + P[5]) / 3.0, *P]], B=B)
    h = turns / (abs(solver.qm[0]) * np.sqrt((B**2).sum(axis=0)).max())
    _, _, W = staged(solver, h, "exact")
    size = np.sqrt((np.asarray(B, np.longdouble) ** 2).sum(axis=0))
    expected = turned(tensor_of(P), B, np.longdouble(h) * np.longdouble(solver.qm[0]) * size)
    found = tensor_of(W[5:11])
    # 9e-16, and 1.3e-13 at 1e6 turns: that is the cosine's in extended precision
    assert (largest(found - expected) / largest(expected)).max() < (5e-15 if turns < 1e4 else 5e-13)
    # the trace, and eigenvalues as small as 1e-4 of the largest
    assert np.abs(np.trace(found) / np.trace(tensor_of(P)) - 1.0).max() < 5e-15
    error = np.abs(eigenvalues(found) - eigenvalues(tensor_of(P))) / eigenvalues(tensor_of(P))[:, -1:]
    assert error.max() < 1e-14


@pytest.mark.parametrize("kind, rule", [("implicit", None), ("time-centred", lambda x: 2.0 * np.arctan(0.5 * x))])
@pytest.mark.parametrize("turns", [1e-3, 1.0, 1e3, 1e6])
def test_rotation_of_the_other_propagators(kind, rule, turns):
    """Time-centred: the angle of the velocities. Backward Euler: a mean of rotations, int exp(-t) R(Omega h t) dt."""
    solver = closure_solver([TenMoment("ion", 1.0, 1.0)], (500,))
    rng = np.random.default_rng(2)
    B = np.stack([np.full(500, 0.37), *rng.normal(size=(2, 500))])
    P = random_tensors(rng, (500,), 100.0)
    set_state(solver, [[1.0, 0.0, 0.0, 0.0, (P[0] + P[3] + P[5]) / 3.0, *P]], B=B)
    size = np.sqrt((B**2).sum(axis=0))
    h = turns / size.max()
    _, _, W = staged(solver, h, kind)
    if rule:
        expected = turned(tensor_of(P), B, rule(h * size))
    else:
        # the resolvent of the linear map P -> rotation rate of P, built column by column
        cross = np.einsum("ikj,kn->ijn", LEVI_CIVITA, B)
        expected = np.zeros((3, 3, 500))
        for n in range(500):
            K = -cross[:, :, n]
            operator = np.eye(9) - h * (np.kron(K, np.eye(3)) + np.kron(np.eye(3), K))
            expected[:, :, n] = np.linalg.solve(operator, tensor_of(P)[:, :, n].ravel()).reshape(3, 3)
    error = (largest(tensor_of(W[5:11]) - expected) / largest(expected)).max()
    # the resolvent matrix built here has a condition number of Omega h
    assert error < (1e-14 if rule else 1e-14 + 2e-16 * turns)


def test_reference_states():
    """All certified answers, with drag, heat, isotropisation and turns up to 1e8: deviators and, at 5/3, whole tensors."""
    seen = heated = cooled = 0
    worst = heat = 0.0
    for case in cases():
        rho = np.array(case["rho"])
        if rho.min() <= 0.0 or np.linalg.norm(case["B"]) * np.abs(case["qm"]).max() * case["dt"] > 1e7:
            continue
        S, gamma = case["S"], np.array(case["gamma"])
        # other gammas change the heat capacity, and with it temperatures, but not P - p I
        own = np.all(gamma == 5.0 / 3.0) or not np.any(case["alpha"])
        fluids = [TenMoment(f"f{s}", case["m"][s], case["q"][s], isotropisation=case["nu_iso"][s]) for s in range(S)]
        drags = [Drag(f"f{s}", f"f{r}", case["alpha"][s][r]) for s in range(S) for r in range(s) if case["alpha"][s][r] > 0]
        solver = closure_solver(fluids, (4,), drags, case["ct"], c=case["eps0"] ** -0.5)
        solver.eps0 = case["eps0"]
        P = np.array(case["P"])
        rows = [[rho[s], *case["u"][s], (P[s, 0] + P[s, 3] + P[s, 5]) / 3.0, *P[s]] for s in range(S)]
        set_state(solver, rows, case["E"], case["B"])
        _, _, W = staged(solver, case["dt"], "exact")
        for s, v in enumerate(solver.layout.v_fluid):
            found, expected = tensor_of(W[v + 5:v + 11, 0]), tensor_of(np.array(case["P_out"][s]))
            turned_only = tensor_of(np.array(case["P_rot"][s]))
            mean, one = np.trace(expected) / 3.0, np.eye(3)
            # P* = E* - rho u u, and |u| may be large
            scale = max(np.abs(P[s]).max(), mean) + rho[s] * np.dot(case["u"][s], case["u"][s])
            deviator = found - np.trace(found) / 3.0 * one
            other = np.linalg.eigvalsh(expected - (mean - np.trace(found) / 3.0) * one).min() <= 0.0
            if other:
                # as much heat taken isotropically leaves no positive tensor: P falls in proportion
                keep = np.exp(-case["nu_iso"][s] * case["dt"])
                p = np.trace(turned_only) / 3.0
                expected = (p * one + keep * (turned_only - p * one)) * (np.trace(found) / 3.0 / p)
                expected -= np.trace(expected) / 3.0 * one
                cooled += 1
            else:
                expected = expected - mean * one
            worst = max(worst, np.abs(deviator - expected).max() / scale)
            if own and case["category"] != "dust":  # what grains are heated by is known less well than this
                heat = max(heat, abs(np.trace(found) / 3.0 - mean) / scale)
                heated += bool(np.any(case["alpha"]))
            seen += 1
    assert seen > 250 and heated > 50 and 5 < cooled < 60
    assert worst < 2e-14 and heat < 1e-13
