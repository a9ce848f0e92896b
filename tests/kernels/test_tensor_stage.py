"""Pressure tensors over one source stage: positivity, the full tensor equation, orders, isotropisation."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from multifluid import Cold, Drag, FiveMoment, Isothermal, SixMoment, TenMoment
from tests.kernels.closure_states import (
    KINDS,
    LEVI_CIVITA,
    closure_solver,
    eigenvalues,
    fill_closures,
    fluid_energy,
    is_bath,
    largest,
    primitives,
    random_tensors,
    rows_of,
    set_state,
    staged,
    tensor_of,
)

TEN_PLASMA = [TenMoment("electron", 0.01, -1.0), TenMoment("ion", 1.0, 1.0)]
MIXED = [TenMoment("electron", 0.01, -1.0), SixMoment("ion", 1.0, 1.0), TenMoment("helium", 4.0, 1.0, isotropisation=2.0),
         FiveMoment("neutral", 2.0), Cold("dust", 50.0, -1.0), Isothermal("oxygen", 16.0, 1.0, temperature=0.3)]
DRAGS = [Drag("electron", "neutral", 2.0), Drag("ion", "neutral", 30.0), Drag("helium", "neutral", 0.5),
         Drag("electron", "ion", 0.5), Drag("dust", "neutral", 1.0), Drag("oxygen", "helium", 4.0)]


def of_plasma(kind, h, anisotropy=10.0, cells=(1000,), fluids=TEN_PLASMA, seed=3, **options):
    """(solver, layout, A, A + C, W) of one stage from random states."""
    solver = closure_solver(fluids, cells, **options)
    fill_closures(solver, seed, anisotropy=anisotropy)
    A, C, W = staged(solver, h, kind)
    return solver, solver.layout, A, A + C, W


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("h", [1e-3, 1.0, 1e3, 1e6])
def test_positive_at_any_stiffness(kind, h):
    """10,000 states (exact: 1000) of six closures with drag, anisotropy up to 1e4: no cell lost, every tensor positive."""
    solver = closure_solver(MIXED, (1000 if kind == "exact" else 10_000,), DRAGS)
    fill_closures(solver, 5, anisotropy=1e4)
    before = solver.interior(solver.W).reshape(len(solver.W), -1).copy()
    _, C, W = staged(solver, h, kind)
    assert np.isfinite(C).all()
    for s in range(3):
        v = solver.layout.v_fluid[s]
        if s == 1:
            assert W[v + 5:v + 7].min() > 0.0
            trace = W[v + 5] + 2.0 * W[v + 6]
        else:
            P = eigenvalues(tensor_of(W[v + 5:v + 11]))
            assert (P[:, 0] / P[:, 2]).min() > 1e-8
            trace = np.trace(tensor_of(W[v + 5:v + 11]))
        # the mean pressure is the trace, to rounding of what heat there was
        heat = W[v + 4] + before[v + 4] + before[v] * (before[v + 1:v + 4] ** 2).sum(axis=0)
        assert (np.abs(W[v + 4] - trace / 3.0) / heat).max() < 1e-14


@pytest.mark.parametrize("kind", KINDS)
def test_trace_alone(kind):
    """Without slip and E the trace is what it was, at any Omega h and rate of isotropisation."""
    solver = closure_solver([TenMoment("ion", 1.0, 1.0, isotropisation=3.0, k0=2.0)], (1000,))
    fill_closures(solver, 6, speed=0.0, anisotropy=1e4)
    solver.interior(solver.A)[solver.layout.u_field:solver.layout.u_field + 3] = 0.0
    for h in (1e-3, 1.0, 1e6):
        A, _, W = staged(solver, h, kind)
        assert np.abs(W[4] / ((A[4] + A[7] + A[9]) / 3.0) - 1.0).max() < 5e-15  # 1e-15


@pytest.mark.parametrize("h", [1e-4, 1e-2, 1.0, 1e2, 1e4])
def test_backward_euler_solves_the_tensor_equation(h):
    """E_ij - E*_ij = h [q n (u_i E_j + u_j E_i) + (q/m)(eps_iml E_mj + eps_jml E_mi) B_l - nu (P_ij - p delta_ij)]."""
    fluids = [TenMoment("electron", 0.01, -1.0, isotropisation=2.0), TenMoment("ion", 1.0, 1.0, k0=3.0)]
    solver, layout, A, after, W = of_plasma("implicit", h, 100.0, fluids=fluids)
    field, B = W[layout.v_field:layout.v_field + 3], W[layout.v_field + 3:layout.v_field + 6]
    for s, fluid in enumerate(fluids):
        rho, u, P = primitives(layout, after, s)
        before, total = (tensor_of(state[layout.rows_of(s)[0]][4:10]) for state in (A, after))
        # the new velocities are those the stage stores
        v = layout.v_fluid[s]
        assert np.abs(u - W[v + 1:v + 4]).max() < 1e-11
        work = rho * solver.qm[s] * (u[:, None] * field[None] + u[None] * field[:, None])
        turning = np.einsum("iml,mjn,ln->ijn", LEVI_CIVITA, total, B)
        turning = solver.qm[s] * (turning + turning.swapaxes(0, 1))
        p = np.trace(P) / 3.0
        nu = fluid.isotropisation + fluid.k0 * np.sqrt(p / rho)
        deviator = P - p * np.eye(3)[:, :, None]
        terms = [before, total, h * work, h * turning, h * nu * deviator]
        residual = total - before - h * (work + turning - nu * deviator)
        size = sum(largest(term) for term in terms)
        # u is known to rounding of the momenta before, and is multiplied by h times the forces
        speed = np.abs(A[layout.rows_of(s)[0]][1:4] / rho).sum(axis=0) + np.abs(u).sum(axis=0)
        size = size + h * abs(solver.qm[s]) * ((largest(total) + rho * speed**2) * np.abs(B).sum(axis=0)
                                               + rho * speed * np.abs(field).sum(axis=0))
        assert (largest(residual) / size).max() < 1e-13


def states_after(kind, h, steps, fluids):
    solver = closure_solver(fluids, (200,), c=1.0)
    fill_closures(solver, 8, density=(0.1, 1.0), pressure=(0.1, 1.0), anisotropy=30.0)
    for _ in range(steps):
        A, C, _ = staged(solver, h / steps, kind)
        solver.interior(solver.A)[...] += solver.interior(solver.C)
        assert solver.primitives_of_state(0.0) == 0
    return solver.interior(solver.A).copy(), solver.layout


@pytest.mark.parametrize("kind, order", [("implicit", 1), ("time-centred", 2)])
def test_propagators_agree_where_resolved(kind, order):
    """Against the exact one: the error of all rows of E_ij, p_par and e over a fixed time, at the propagator's order."""
    fluids = [TenMoment("electron", 0.1, -1.0, isotropisation=1.0), SixMoment("ion", 1.0, 1.0, isotropisation=0.7)]
    exact, layout = states_after("exact", 0.1, 1, fluids)
    errors = []
    for steps in (64, 128):
        found, _ = states_after(kind, 0.1, steps, fluids)
        errors.append([np.abs(found - exact)[layout.rows_of(s)[0]][4:].max() for s in range(2)])
    orders = np.log2(np.array(errors[0]) / np.array(errors[1]))
    assert np.abs(orders - order).max() < 0.05, orders


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("h", [1e-3, 1.0, 1e3])
def test_conservation(kind, h):
    """Momentum of all fluids with the field's impulse, energy with the field's, where all have an energy equation."""
    fluids = [fluid for fluid in MIXED if not is_bath(fluid)]
    names = {fluid.name for fluid in fluids}
    drags = [drag for drag in DRAGS if {drag.first, drag.second} <= names]
    solver, layout, A, after, W = of_plasma(kind, h, fluids=fluids, interactions=drags)
    E, dE = A[layout.u_field:layout.u_field + 3], (after - A)[layout.u_field:layout.u_field + 3]
    lost = 0.5 * solver.eps0 * (dE**2).sum(axis=0) if kind == "implicit" else 0.0
    total = sum(fluid_energy(layout, A, s) for s in range(len(fluids))) + 0.5 * solver.eps0 * (E**2).sum(axis=0)
    gain = sum(fluid_energy(layout, after, s) - fluid_energy(layout, A, s) for s in range(len(fluids)))
    gain = gain + solver.eps0 * (dE * (E + 0.5 * dE)).sum(axis=0) + lost
    assert np.abs(gain / total).max() < 1e-13
    for s, fluid in enumerate(fluids):
        # stored increments and primitives are one state
        rows, v = after[layout.rows_of(s)[0]], layout.v_fluid[s]
        again = fluid.conserved(W[layout.rows_of(s)[1]])
        assert (np.abs(rows[1:] - again[1:]).max(axis=0) / (np.abs(rows).max(axis=0) + W[v + 4])).max() < 1e-12
    if kind == "exact":
        return
    centred = kind == "time-centred"
    F, B = W[layout.v_field:layout.v_field + 3], W[layout.v_field + 3:layout.v_field + 6]
    F = 0.5 * (F + E) if centred else F
    momentum, size = 0.0, 0.0
    for s in range(len(fluids)):
        rows, v = layout.rows_of(s)[0], layout.v_fluid[s]
        u = W[v + 1:v + 4]
        u = 0.5 * (u + A[rows][1:4] / A[rows][0]) if centred else u
        push = h * solver.qm[s] * W[v] * (F + np.cross(u, B, axis=0))
        momentum = momentum + (after - A)[rows][1:4] - push
        size = size + np.abs(A[rows][1:4]).sum(axis=0) + np.abs(after[rows][1:4]).sum(axis=0)
        speed = np.abs(u).sum(axis=0) + np.abs(A[rows][1:4] / A[rows][0]).sum(axis=0)
        force = np.abs(F).sum(axis=0) + np.abs(E).sum(axis=0) + speed * np.abs(B).sum(axis=0)
        size = size + np.abs(h * solver.qm[s] * W[v]) * force
    assert (np.abs(momentum) / size).max() < 1e-13


@pytest.mark.parametrize("kind", KINDS)
def test_frictional_heat_is_isotropic(kind):
    """A tensor slowed by drag (B = 0) gains p in equal parts beside backward Euler's rho (u - u*)(u - u*)."""
    fluids = [TenMoment("ion", 1.0), SixMoment("other", 2.0), FiveMoment("neutral", 2.0)]
    solver = closure_solver(fluids, (1000,), [Drag("ion", "neutral", 5.0), Drag("other", "neutral", 5.0)])
    fill_closures(solver, 3, field=0.0, speed=3.0)
    before = solver.interior(solver.W).reshape(len(solver.W), -1).copy()
    _, _, W = staged(solver, 1e-3, kind)
    change = W[1:4] - before[1:4]
    dyad = W[0] * change[:, None] * change[None] * (kind == "implicit")
    gain = tensor_of(W[5:11]) - tensor_of(before[5:11]) - dyad
    heat = np.trace(gain) / 3.0
    warmed = heat > 0.0
    scale = largest(tensor_of(W[5:11])) + (W[0] * before[1:4] ** 2).sum(axis=0)
    error = largest(gain - heat * np.eye(3)[:, :, None]) / scale
    assert warmed.sum() > 500 and (heat / W[4]).max() > 0.1 and error[warmed].max() < 1e-14
    v = solver.layout.v_fluid[1]
    warmed = W[v + 4] > before[v + 4]
    scale = W[v + 4] + before[v + 4] + np.abs(before[v + 5] - before[v + 6]) + (W[v] * before[v + 1:v + 4] ** 2).sum(axis=0)
    change = ((W[v + 5] - W[v + 6]) - (before[v + 5] - before[v + 6])) / scale
    assert warmed.sum() > 300 and np.abs(change)[warmed].max() < 1e-14


def test_six_moments_without_field_take_no_direction():
    """B = 0: an electric kick heats a backward Euler stage by rho |u - u*|^2/2, the same along every axis."""
    solver = closure_solver([SixMoment("ion", 1.0, 1.0)], (4,), c=1.0)
    E = np.eye(3)[:, [0, 1, 2, 0]][:, None, None]
    set_state(solver, [[1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]], E=E)
    _, _, W = staged(solver, 1.0)
    assert W[4, 0] > 1.01
    assert_array_equal(W[5], W[6])
    assert np.ptp(W[4]) < 1e-15


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fluid", [TenMoment, SixMoment])
def test_isotropisation_rate(kind, fluid):
    """P - p I decays by 1/(1 + nu h) or exp(-nu h), p stays; nu = isotropisation + k0 sqrt(p/rho)."""
    k0 = {"k0": 0.7} if fluid is TenMoment else {}
    solver = closure_solver([fluid("gas", 1.0, isotropisation=1.3, **k0)], (50,))
    fill_closures(solver, 4, speed=0.0)
    before = solver.interior(solver.W).reshape(len(solver.W), -1).copy()
    for h in (1e-3, 1.0, 1e3):
        _, _, W = staged(solver, h, kind)
        relax = h * (1.3 + sum(k0.values()) * np.sqrt(before[4] / before[0]))
        keep = 1.0 / (1.0 + relax) if kind == "implicit" else np.exp(-relax)
        mean = np.array([1, 0, 0, 1, 0, 1.0] if fluid is TenMoment else [1.0, 1.0])[:, None] * before[4]
        rows = slice(5, 5 + len(mean))
        assert (np.abs(W[rows] - mean - keep * (before[rows] - mean)) / before[4]).max() < 1e-14


def test_turned_frames_give_turned_answers():
    """The axes are no part of the physics: a stage of turned data is the turned stage (rounding)."""
    rng = np.random.default_rng(7)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    results = []
    for Q in (np.eye(3), turn):
        rng = np.random.default_rng(8)
        P = np.einsum("ia,abn,jb->ijn", Q, tensor_of(random_tensors(rng, (300,), 100.0)), Q)
        u, E = (np.einsum("ia,an->in", Q, rng.normal(size=(3, 300))) for _ in range(2))
        B = Q @ np.array([0.3, -0.8, 0.5])
        solver = closure_solver([TenMoment("ion", 1.0, 1.0)], (300,))
        rows = rows_of(P)
        set_state(solver, [[1.0, *u, (rows[0] + rows[3] + rows[5]) / 3.0, *rows]], E=E, B=B)
        _, _, W = staged(solver, 0.8)
        results.append(np.einsum("ai,abn,bj->ijn", Q, tensor_of(W[5:11]), Q))
    assert (largest(results[0] - results[1]) / largest(results[0])).max() < 1e-14
