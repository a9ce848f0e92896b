"""The stage of all sources together, as a step calls it: what it conserves, positivity, stiff limits."""

import numpy as np
import pytest

from multifluid import Boundaries, Coulomb, Drag, FiveMoment, Grid, HardSphere, Ionisation, Maxwell
from multifluid.coupling.exchange import Exchange
from multifluid.kernels import stage
from multifluid.solver import Solver
from multifluid.state import Layout
from tests.kernels.helpers import fill_random, prepare

CELLS = 10_000
INCREMENT = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)  # recipe that leaves U - U* in C
MASS_E, MASS_I, MASS_N = 1e-3, 1.0, 1.001
FLUIDS = [FiveMoment("ion", MASS_I, 1.0), FiveMoment("electron", MASS_E, -1.0), FiveMoment("neutral", MASS_N, 0.0, 1.4)]
CONSTANT = [Drag("ion", "neutral", 1.0), Drag("electron", "neutral", 3.0), Drag("ion", "electron", 0.5)]
LAWS = [Drag("ion", "neutral", HardSphere(1.0)), Drag("electron", "ion", Coulomb(10.0, eps0=1.0))]
REACTION = Ionisation("neutral", "ion", "electron", 0.3, 2.0, -0.5, 1.0)
SOURCES = {"drag": CONSTANT, "laws": LAWS, "ionisation": [*CONSTANT, REACTION], "all": [*LAWS, REACTION]}


def make_solver(interactions, fluids=FLUIDS, relaxation=3.0, field=True, acceleration=None, cells=CELLS):
    layout = Layout(Grid((0.0, 1.0, cells)), fluids, Maxwell(10.0) if field else None)
    solver = Solver(layout, Exchange(fluids, interactions, relaxation), Boundaries())
    if acceleration is not None:
        solver.acceleration = np.array(acceleration, float)[:, :, None]
    return solver


def fill_plasma(solver, seed):
    """Random states: number densities over four decades, the light fluid hot and fast."""
    fill_random(solver, seed, density=(1e-2, 1e2))
    A = solver.interior(solver.A)
    for s, u in enumerate(solver.layout.u_fluid):
        A[u:u + 5] *= solver.mass[s]
        kinetic = 0.5 * (A[u + 1:u + 4] ** 2).sum(axis=0) / A[u]
        A[u + 4] = kinetic + (A[u + 4] - kinetic) / solver.mass[s] ** 0.7
    prepare(solver)


def relaxed(solver, h, seed=1, kind=stage.BACKWARD_EULER):
    """One stage over h from random states: interior (A, U - U*, W)."""
    fill_plasma(solver, seed)
    assert solver.stage(h, INCREMENT, 0.0, kind=kind, curl=False) == 0
    return solver.interior(solver.A), solver.interior(solver.C), solver.interior(solver.W)


def lorentz_impulse(solver, rho, u, E, B, h):
    """h (rho_c E + J x B) of all matter, and the largest size of a fluid's share."""
    charges = solver.qm[:, None] * rho
    J = (charges[:, None] * u).sum(axis=0)
    total = charges.sum(axis=0) * E + np.cross(J, B, axis=0)
    size = h * np.abs(charges) * (np.abs(E).sum(axis=0) + np.abs(u).sum(axis=1) * np.abs(B).sum(axis=0))
    return h * total, size.sum(axis=0), J


@pytest.mark.parametrize("sources", SOURCES)
@pytest.mark.parametrize("h", [1e-3, 1.0, 1e4, 1e8])
def test_conservation(sources, h):
    """Mass, charge, momentum and the energy of matter and E, for 10,000 random states with heat."""
    solver = make_solver(SOURCES[sources])
    A, C, W = relaxed(solver, h)
    layout = solver.layout
    u_fluid, v_fluid = layout.u_fluid, layout.v_fluid
    mass, change = A[u_fluid].sum(axis=0), C[u_fluid].sum(axis=0)
    assert np.abs(change / mass).max() < 1e-13  # 1e-15
    charge = (solver.qm[:, None] * C[u_fluid].reshape(3, -1)).sum(axis=0)
    carriers = np.abs(solver.qm[:, None] * (A + C)[u_fluid].reshape(3, -1)).sum(axis=0)
    carriers += np.abs(solver.qm[:, None] * A[u_fluid].reshape(3, -1)).sum(axis=0)
    assert np.abs(charge / carriers).max() < 1e-13  # 6e-15
    rho = W[v_fluid].reshape(3, -1)
    u = np.array([W[v + 1:v + 4].reshape(3, -1) for v in v_fluid])
    E, B = W[layout.v_field:layout.v_field + 3].reshape(3, -1), W[layout.v_field + 3:layout.v_field + 6].reshape(3, -1)
    impulse, share, J = lorentz_impulse(solver, rho, u, E, B, h)
    momentum = sum(C[v + 1:v + 4] for v in u_fluid).reshape(3, -1)
    before = sum(np.abs(A[v + 1:v + 4]).sum(axis=0) for v in u_fluid).ravel()
    assert np.all(np.abs(momentum - impulse) <= 1e-13 * (share + before))  # 1e-15
    E_before = A[layout.u_field:layout.u_field + 3].reshape(3, -1)
    electric = 0.5 * solver.eps0 * (E_before**2).sum(axis=0)
    matter = sum(C[v + 4] for v in u_fluid).ravel()
    # backward Euler takes this from E, and nothing from matter
    loss = 0.5 * solver.eps0 * ((E - E_before) ** 2).sum(axis=0)
    gained = 0.5 * solver.eps0 * (E**2).sum(axis=0) - electric
    total = sum(A[v + 4] for v in u_fluid).ravel() + electric
    # h = 1e8 is up to 1e12 times the largest rates here: E does 1e4 times all energy of work on ions and takes it from
    # electrons, and that is what rounding is measured by (1e-15); test_conservation has rates h up to 1e8 against total
    turned = h * (np.abs(solver.qm[:, None, None] * rho[:, None] * u).sum(axis=(0, 1)) * np.abs(E).max(axis=0))
    assert np.abs((matter + gained + loss) / (total + turned)).max() < 5e-15
    assert np.all(loss >= 0.0)
    assert min(W[v + 4].min() for v in v_fluid) > 0.0


@pytest.mark.parametrize("sources", ["drag", "laws"])
@pytest.mark.parametrize("h", [1e-3, 0.3, 10.0])
def test_time_centred_conserves_energy(sources, h):
    """No loss at all: matter and E together."""
    solver = make_solver(SOURCES[sources])
    A, C, _ = relaxed(solver, h, kind=stage.MIDPOINT)
    layout = solver.layout
    E, change = A[layout.u_field:layout.u_field + 3], C[layout.u_field:layout.u_field + 3]
    electric = solver.eps0 * ((E + 0.5 * change) * change).sum(axis=0)
    matter = sum(C[u + 4] for u in layout.u_fluid)
    total = sum(A[u + 4] for u in layout.u_fluid) + 0.5 * solver.eps0 * (E**2).sum(axis=0)
    assert np.abs((matter + electric) / total).max() < 1e-13  # 2e-15


@pytest.mark.parametrize("nu", [1e-6, 1e-3, 1.0, 1e3, 1e8])
def test_slip_decays_and_keeps_its_sign(nu):
    """Two neutral fluids, one stage: the slip is that before over 1 + h (nu_12 + nu_21)."""
    fluids = [FiveMoment("light", 1.0), FiveMoment("heavy", 30.0)]
    solver = make_solver([Drag("light", "heavy", 1.0)], fluids, field=False)
    fill_random(solver, 3)
    prepare(solver)
    W = solver.interior(solver.W)
    before, density = W[6:9] - W[1:4], W[0] + W[5]
    h = nu / float(density.max())
    speed = np.abs(W[1:4]).max() + np.abs(W[6:9]).max()
    assert solver.stage(h, INCREMENT, 0.0) == 0
    after = solver.interior(solver.W)[6:9] - solver.interior(solver.W)[1:4]
    expected = before / (1.0 + h * density)
    assert np.abs(after - expected).max() < 2e-15 * speed
    clear = np.abs(expected) > 4e-15 * speed
    assert clear.any() and np.all(after[clear] * before[clear] > 0.0)


@pytest.mark.parametrize("ratio", [1.0, 40.0, 1836.0])
@pytest.mark.parametrize("h", [1e-6, 1e-2, 1.0, 1e3, 1e8])
def test_temperatures_relax_as_backward_euler_says(ratio, h):
    """Two fluids at rest: T_2 - T_1 over 1 + h ct alpha (m_1 rho_2 (g_1 - 1) + ...)/(m_1 + m_2); positive throughout."""
    fluids = [FiveMoment("light", 1.0, gamma=1.4), FiveMoment("heavy", ratio)]
    solver = make_solver([Drag("light", "heavy", 1.0)], fluids, field=False)
    fill_random(solver, 4, speed=0.0, density=(1e-3, 1e3), pressure=(1e-6, 1e3))
    prepare(solver)
    W = solver.interior(solver.W)
    n = np.array([W[0], W[5] / ratio])
    T = np.array([W[4], W[9]]) / n
    capacity = n / np.array([0.4, 2.0 / 3.0])[:, None, None, None]
    rate = h * 3.0 * W[0] * W[5] / (1.0 + ratio)
    final = (T * capacity).sum(axis=0) / capacity.sum(axis=0)
    difference = (T[1] - T[0]) / (1.0 + rate * (1.0 / capacity).sum(axis=0))
    assert solver.stage(h, INCREMENT, 0.0) == 0
    W = solver.interior(solver.W)
    found = np.array([W[4], W[9]]) / n
    share = capacity[::-1] / capacity.sum(axis=0) * np.array([-1.0, 1.0])[:, None, None, None]
    assert np.all(np.abs(found - final - share * difference) <= 1e-12 * (final + np.abs(difference)))  # 4e-15
    assert found.min() > 0.0


@pytest.mark.parametrize("ratio", [1.0, 40.0, 1836.0])
def test_frictional_heat_is_shared_by_mass_and_positive(ratio):
    """Q_s : Q_r = m_r : m_s whatever the law, and cold fluids stay positive at any stiffness."""
    fluids = [FiveMoment("light", 1.0), FiveMoment("heavy", ratio)]
    solver = make_solver([Drag("light", "heavy", HardSphere(0.1))], fluids, relaxation=0.0, field=False)
    for h in (1e-6, 1e-2, 1.0, 1e8):
        fill_random(solver, 5, speed=0.01, pressure=(1e-8, 1e-4))
        prepare(solver)
        before = solver.interior(solver.W).copy()
        assert solver.stage(h, INCREMENT, 0.0) == 0
        after = solver.interior(solver.W)
        heat = []
        for v, gamma in ((0, solver.gamma[0]), (5, solver.gamma[1])):
            own = 0.5 * before[v] * ((after[v + 1:v + 4] - before[v + 1:v + 4]) ** 2).sum(axis=0)
            heat.append((after[v + 4] - before[v + 4]) / (gamma - 1.0) - own)
            assert after[v + 4].min() > 0.0
        # internal energy is what is left of the total one
        kinetic = sum(before[v] * (before[v + 1:v + 4] ** 2).sum(axis=0) for v in (0, 5))
        rounding = 1e-15 * (kinetic + sum(after[v + 4] for v in (0, 5)))
        assert np.all(np.abs(heat[0] - ratio * heat[1]) <= 2.0 * (1.0 + ratio) * rounding)
        assert np.all(heat[0] >= -2.0 * rounding) and np.median(heat[0] / rounding) > 2.0


def test_acceleration_is_exact_in_free_fall():
    """Without drag and field each fluid gains h a and the energy that goes with it, at any h."""
    fluids = [FiveMoment("first", 1.0), FiveMoment("second", 2.0, gamma=1.4)]
    a = [[0.1, -0.2, 0.3], [-1.0, 0.0, 0.5]]
    solver = make_solver([], fluids, field=False, acceleration=a)
    A, C, W = relaxed(solver, 0.7)
    for s, u in enumerate(solver.layout.u_fluid):
        for d in range(3):
            assert C[u + 1 + d] == pytest.approx(0.7 * A[u] * a[s][d], rel=1e-12, abs=1e-12 * np.abs(A[u]).max())
        work = 0.7 * A[u] * sum(a[s][d] * W[u + 1 + d] for d in range(3))
        assert C[u + 4] == pytest.approx(work, rel=1e-11, abs=1e-12 * np.abs(A[u + 4]).max())


def test_a_place_dependent_acceleration_is_read_cell_by_cell():
    fluids = [FiveMoment("gas", 1.0)]
    solver = make_solver([], fluids, field=False, cells=300)
    size = solver.grid.full_cells[0]
    field = np.zeros((1, 3, size))
    field[0, 1] = np.arange(size)
    solver.acceleration = field
    fill_random(solver, 6)
    prepare(solver)
    before = solver.interior(solver.W)[2].copy()
    assert solver.stage(0.5, INCREMENT, 0.0) == 0
    assert (solver.interior(solver.W)[2] - before).ravel() == pytest.approx(0.5 * np.arange(size)[solver.grid.interior[2]],
                                                                                     rel=1e-12)


@pytest.mark.parametrize("sources", ["drag", "ionisation"])
def test_a_later_stage_beyond_equilibrium_is_mended(sources):
    """U* of the third stage is extrapolated and may be no state; particles, charge and energy are kept all the same."""
    solver = make_solver(SOURCES[sources], cells=64)
    fill_plasma(solver, 7)
    A, C, layout = solver.interior(solver.A), solver.interior(solver.C), solver.layout
    C[...] = 0.0
    # as after two stages that nearly reached equilibrium: hot electrons, and ions that recombined
    electron = layout.u_fluid[1]
    taken = 1.6 * A[electron + 4]
    C[electron + 4], C[layout.u_fluid[2] + 4] = -taken, taken
    if sources == "ionisation":
        A[electron] = MASS_E * A[layout.u_fluid[0]] / MASS_I
        lost = 1.5 * A[electron] / MASS_E
        C[electron], C[layout.u_fluid[0]] = -lost * MASS_E, -lost * MASS_I
        C[layout.u_fluid[2]] = lost * (MASS_E + MASS_I)
    star = A + C
    assert star[electron + 4].max() < 0.0
    assert solver.stage(1e3, (0.0, 1.0, 1.0, 0.0, 1.0, 1.0), 0.0, curl=False) == 0
    new = solver.interior(solver.C)
    for rows in (layout.u_fluid, layout.u_fluid[:1] + 0):
        assert np.all(new[rows] > 0.0)
    assert np.abs(new[layout.u_fluid].sum(axis=0) / star[layout.u_fluid].sum(axis=0) - 1.0).max() < 1e-13
    charge = (solver.qm[:, None] * (new - star)[layout.u_fluid].reshape(3, -1)).sum(axis=0)
    carriers = np.abs(solver.qm[:, None] * star[layout.u_fluid].reshape(3, -1)).sum(axis=0)
    assert np.abs(charge / carriers).max() < 1e-13
    W = solver.interior(solver.W)
    assert min(W[v + 4].min() for v in layout.v_fluid) > 0.0
