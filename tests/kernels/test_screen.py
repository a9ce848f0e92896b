"""Screened signal speeds against their formulae and in their limits."""

import numpy as np
import pytest

from multifluid import FiveMoment
from tests.kernels.helpers import fill_random, make_solver, prepare

GRAINS = [FiveMoment("electron", 0.01, -1.0), FiveMoment("ion", 1.0, 1.0), FiveMoment("grain", 50.0, -0.5),
          FiveMoment("gas", 2.0, 0.0, 1.4), FiveMoment("helium", 4.0, 0.0)]
COLLISIONS = (("electron", "gas", 3.0), ("ion", "gas", 30.0), ("grain", "gas", 0.5), ("ion", "helium", 0.1))
MU0 = 1.0


def formulae(W, solver, dt):
    """Signal speeds in each fluid's frame (S, cells), a_B without f|u|, and f: the formulae of ``kernels.screen``."""
    layout, qm, alpha, c = solver.layout, solver.qm, solver.alpha, solver.c
    eps0, h = 1.0 / (MU0 * c**2), dt
    rho, p = W[layout.v_fluid], W[layout.v_fluid + 4]
    B = np.sqrt((W[layout.v_field + 3:layout.v_field + 6] ** 2).sum(axis=0)) if layout.v_field >= 0 else 0.0 * rho[0]
    charged, neutral = np.flatnonzero(qm), np.flatnonzero(qm == 0)
    follow = {n: sum(alpha[s, n] * rho[s] for s in charged) * dt for n in neutral}  # nu_n dt
    k = {s: 1.0 + sum(alpha[s, n] * rho[n] * dt / (1.0 + follow[n]) for n in neutral) for s in charged}
    omega2 = {s: qm[s] ** 2 * rho[s] / eps0 for s in charged}
    Omega = {s: qm[s] * B for s in charged}
    chi = sum((omega2[s] * h**2 / (k[s] + 1j * Omega[s] * h) for s in charged), 0.0 * B)
    total = sum(omega2[s] for s in charged) * h**2 + 0.0 * B
    f = total / (1.0 + total)
    inertia = sum(k[s] * rho[s] for s in charged) + 0.0 * B
    stiff = solver.gamma[:, None, None, None] * p
    pressure = sum(stiff[s] for s in charged) + sum(stiff[n] * follow[n] / (1.0 + follow[n]) for n in neutral) + 0.0 * B
    safe = np.where(inertia > 0, inertia, 1.0)
    some = inertia > 0
    va2 = B**2 / (MU0 * np.where(some, safe, 1e-300))
    va2 = va2 / (1.0 + va2 / c**2)
    cs2 = np.where(some, pressure / safe, 0.0)
    vf = np.sqrt(va2 + cs2)
    field = np.minimum(c, np.sqrt(c**2 / np.abs(1.0 + chi) + f * cs2))
    speeds = np.empty_like(rho)
    carried = sum(np.abs(qm[s]) * rho[s] for s in charged)
    for s in range(len(qm)):
        own = np.sqrt(solver.gamma[s] * p[s] / rho[s])
        if qm[s] == 0:
            speeds[s] = np.maximum(own, vf * follow[s] / (1.0 + follow[s]))
        else:
            coupling = (Omega[s] * h) ** 2 / (k[s] ** 2 + (Omega[s] * h) ** 2)
            fs = f * np.minimum(1.0, coupling + 2.0 * np.abs(qm[s]) * rho[s] / carried)
            speeds[s] = np.maximum(np.sqrt((1.0 - fs) * own**2 + fs * np.minimum(own, vf) ** 2), fs * vf)
    return speeds, field, f


def drift(W, layout, d):
    """Fastest of the fluids along an axis."""
    return np.max([np.abs(W[v + 1 + d]) for v in layout.v_fluid], axis=0)


def signals(solver, dt):
    """Rows of signal speeds over interior cells, from the kernel that the fluxes use."""
    solver.D[...] = 0.0
    solver.flux_divergence(solver.D, 0.0, dt)
    return solver.interior(solver.signals).copy()


@pytest.mark.parametrize("dt", [1e-6, 1e-3, 1e-1, 1e2])
@pytest.mark.parametrize("fluids, drags", [(GRAINS, COLLISIONS), (GRAINS[:3], ()), (GRAINS[:1], ()), (GRAINS[2:4], ()),
                                           (GRAINS[1:2] + GRAINS[3:], COLLISIONS[1::2])])
def test_against_the_formulae(dt, fluids, drags):
    solver = make_solver((500, 1, 1), fluids, drags=drags, c=7.0)
    fill_random(solver, 1)
    prepare(solver)
    got = signals(solver, dt)
    speeds, field, f = formulae(solver.interior(solver.W), solver, dt)
    S = len(fluids)
    assert got[:S] == pytest.approx(speeds, rel=1e-13)
    assert got[S] == pytest.approx(field + f * drift(solver.interior(solver.W), solver.layout, 0), rel=1e-13)


def test_vacuum_carries_light():
    for fluids in ([], [FiveMoment("gas", 1.0)]):
        solver = make_solver((32, 1, 1), fluids, c=7.0)
        fill_random(solver, 2)
        prepare(solver)
        got = signals(solver, 10.0)
        assert np.all(got[len(fluids)] == 7.0)


def test_neutrals_alone_have_their_own_sound_speed():
    solver = make_solver((64, 1, 1), GRAINS[3:], field=False)
    fill_random(solver, 3)
    prepare(solver)
    got, W = signals(solver, 5.0), solver.interior(solver.W)
    for s in range(2):
        assert np.array_equal(got[s], np.sqrt(solver.gamma[s] * W[5 * s + 4] / W[5 * s]))


def test_small_steps_resolve_everything():
    """dt -> 0: light for the field, own sound speeds for the fluids."""
    solver = make_solver((64, 1, 1), GRAINS, drags=COLLISIONS)
    fill_random(solver, 4)
    prepare(solver)
    got, W = signals(solver, 1e-12), solver.interior(solver.W)
    v = solver.layout.v_fluid
    assert got[:5] == pytest.approx(np.sqrt(solver.gamma[:, None, None, None] * W[v + 4] / W[v]), rel=1e-12)
    assert got[5] == pytest.approx(solver.c, rel=1e-12)


def test_large_steps_carry_fast_waves():
    """f -> 1, Omega h >> 1: electrons and ions move with v_f, and the field no faster than that and c."""
    fluids = [FiveMoment("electron", 1 / 1836, -1e6), FiveMoment("ion", 1.0, 1e6)]
    solver = make_solver((64, 1, 1), fluids, c=1e3)
    A = solver.interior(solver.A)
    A[0], A[5], A[4], A[9], A[13], A[14] = 1 / 1836, 1.0, 0.6, 0.6, 0.75, 1.0
    prepare(solver)
    got = signals(solver, 1e-2)
    rho, va2 = 1.0 + 1 / 1836, (0.75**2 + 1.0) / (1.0 + 1 / 1836)
    va2 = va2 / (1.0 + va2 / 1e6)
    fast = np.sqrt(va2 + 5 / 3 * 0.8 / rho)
    assert got[:2] == pytest.approx(np.full(got[:2].shape, fast), rel=1e-9)
    # the field's own: Alfven speed with the displacement current, and sound
    assert got[2] == pytest.approx(fast, rel=1e-4)


def test_resolved_light_keeps_c():
    solver = make_solver((64, 1, 1), GRAINS, drags=COLLISIONS, screened=False)
    fill_random(solver, 5)
    prepare(solver)
    got, W = signals(solver, 1.0), solver.interior(solver.W)
    v = solver.layout.v_fluid
    assert np.all(got[5] == solver.c)
    assert got[:5] == pytest.approx(np.sqrt(solver.gamma[:, None, None, None] * W[v + 4] / W[v]), rel=1e-15)


@pytest.mark.parametrize("cells", [(40, 1, 1), (1, 12, 10), (8, 7, 6)])
def test_crossing_rates(cells):
    """sum_d (|u_d| + a)/dx_d of each fluid, (a_B + f max_s |u_s,d|) of the field, largest over cells."""
    solver = make_solver(cells, drags=(("ion", "neutral", 3.0),), lengths=(1.0, 0.5, 2.0))
    fill_random(solver, 6)
    prepare(solver)
    dt = 0.02
    got = solver.crossing_rates(dt)
    W, layout, grid = solver.interior(solver.W), solver.layout, solver.grid
    speeds, field, f = formulae(W, solver, dt)
    axes = [d for d in range(3) if grid.ghosts[d]]
    for s, v in enumerate(layout.v_fluid):
        rate = sum((np.abs(W[v + 1 + d]) + speeds[s]) / grid.spacing[d] for d in axes)
        assert got[s] == pytest.approx(rate.max(), rel=1e-13)
    rate = sum((field + f * drift(W, layout, d)) / grid.spacing[d] for d in axes)
    assert got[-1] == pytest.approx(rate.max(), rel=1e-13)


def test_rates_fall_with_the_step_but_slower_than_it_grows():
    """What makes the step's size a well-posed fixed point."""
    solver = make_solver((200, 1, 1), GRAINS, drags=COLLISIONS, c=100.0)
    fill_random(solver, 7)
    prepare(solver)
    steps = 10.0 ** np.linspace(-8, 1, 40)
    rates = np.array([solver.crossing_rates(dt)[-1] for dt in steps])
    assert np.all(np.diff(steps * rates) > 0)
