"""Momentum, and energy of matter and E, over one source step of each propagator: 10,000 random states each, with heat.

Steps are such that the largest rate of all states times the step is ``rate``, up to 1e8.
"""

import numpy as np
import pytest

from multifluid.kernels import stage
from tests.kernels.test_exchange_stage import SOURCES, lorentz_impulse, make_solver, relaxed
from tests.kernels.test_local_solve import solve

KINDS = {"implicit": stage.BACKWARD_EULER, "time-centred": stage.MIDPOINT, "exact": stage.EXACT}
RATES = [1e-3, 1.0, 1e3, 1e6, 1e8]
CASES = [(kind, sources, rate) for kind in KINDS for sources in SOURCES for rate in RATES
         if kind == "implicit" or sources in ("drag", "laws")]  # the others have no reaction


def fastest(solver, rho):
    """Largest drag, plasma and cyclotron rate of any state; |B| is below 5."""
    plasma = np.sqrt((solver.qm[:, None] ** 2 * rho).sum(axis=0) / solver.eps0)
    alpha = np.maximum(solver.laws[..., [0, 1, 3]].max(axis=-1), 0.0)
    return max(plasma.max(), 5.0 * np.abs(solver.qm).max(), np.einsum("sr,rn->sn", alpha, rho).max())


@pytest.mark.parametrize("kind, sources, rate", CASES)
def test_energy_and_momentum(kind, sources, rate):
    """What matter gains E loses, to 1e-13 of all energy; backward Euler's eps0 |E - E*|^2/2 is lost, and nothing else."""
    solver = make_solver(SOURCES[sources])
    rows = solver.layout.u_fluid
    relaxed(solver, 0.0)
    h = rate / fastest(solver, solver.interior(solver.A)[rows].reshape(3, -1))
    A, C, W = relaxed(solver, h, kind=KINDS[kind])
    u = solver.layout.u_field
    E, dE = A[u:u + 3].reshape(3, -1), C[u:u + 3].reshape(3, -1)
    lost = 0.5 * solver.eps0 * (dE**2).sum(axis=0) if kind == "implicit" else 0.0
    gained = solver.eps0 * ((E + 0.5 * dE) * dE).sum(axis=0)
    matter = C[rows + 4].sum(axis=0).ravel()
    total = A[rows + 4].sum(axis=0).ravel() + 0.5 * solver.eps0 * (E**2).sum(axis=0)
    assert np.abs((matter + gained + lost) / total).max() < 1e-13  # 4e-14 with ionisation at 1e8, else 5e-15
    assert min(W[v + 4].min() for v in solver.layout.v_fluid) > 0.0
    if kind == "exact":
        return  # its impulse is an integral over the step; momentum of neutrals is in test_exact
    # h (rho_c E + J x B), with E and u of the end (implicit) or half-way
    v = solver.layout.v_field
    F, B = W[v:v + 3].reshape(3, -1), W[v + 3:v + 6].reshape(3, -1)
    rho = W[solver.layout.v_fluid].reshape(3, -1)
    speed = np.array([W[v + 1:v + 4].reshape(3, -1) for v in solver.layout.v_fluid])
    size = sum(np.abs(A[v + 1:v + 4]).sum(axis=0) for v in rows).ravel()
    size = size + lorentz_impulse(solver, rho, speed, F, B, h)[1]
    if kind == "time-centred":
        start = np.array([A[v + 1:v + 4].reshape(3, -1) for v in rows]) / A[rows].reshape(3, 1, -1)
        size = size + lorentz_impulse(solver, rho, start, E, B, h)[1]
        speed, F = 0.5 * (speed + start), 0.5 * (F + E)
    impulse = lorentz_impulse(solver, rho, speed, F, B, h)[0]
    momentum = sum(C[v + 1:v + 4] for v in rows).reshape(3, -1)
    assert np.all(np.abs(momentum - impulse) <= 1e-13 * size)  # 7e-16


@pytest.mark.parametrize("turns", [1.0, 1e2, 1e4, 1e6, 1e8])
@pytest.mark.parametrize("neutrals", [0.0, 0.1, 10.0])
def test_energy_of_a_neutral_plasma(turns, neutrals):
    """Where charge is exactly neutral the Hall terms of ions and electrons cancel in the solve: h Omega_i up to 1e8.

    Without the second form of k_E (see ``local_solve``) the energy is off by 1e-8 at h Omega_i = 1e8.
    """
    rng = np.random.default_rng(1)
    n, qm = 10_000, np.array([-2048.0, 1.0, 0.0])
    density = np.exp2(rng.integers(-3, 4, n))
    rho = np.stack([density / 2048, density, 10.0 * density])
    u, E, B = rng.normal(size=(3, 3, n)), rng.normal(size=(3, n)), rng.normal(size=(3, n))
    B /= np.linalg.norm(B, axis=0)
    alpha = neutrals * (1.0 - np.eye(3))
    eps0 = 1e-6
    v, F = solve(rho, u, E, B, qm, alpha, eps0, turns)
    slip2 = ((v[:, None] - v[None]) ** 2).sum(axis=2)
    heat = 0.5 * turns * np.einsum("sr,sn,rn,srn->n", alpha, rho, rho, slip2)
    change = 0.5 * np.einsum("sn,sdn->n", rho, (v - u) * (v + u) + (v - u) ** 2) + eps0 * (F * (F - E)).sum(axis=0)
    total = 0.5 * np.einsum("sn,sdn->n", rho, u**2) + 0.5 * eps0 * (E**2).sum(axis=0)
    assert np.abs((change + heat) / total).max() < 1e-14  # 2e-15
