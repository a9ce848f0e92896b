"""Barotropic, cold and anisotropic fluids in stages and sweeps: heat baths, vacuum, thresholds, floors, bad cells."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from multifluid import Cold, Drag, FiveMoment, Ionisation, Isothermal, Polytropic, SixMoment, TenMoment
from multifluid.kernels.closures import is_bad
from multifluid.stepping import Stepper, imex_step
from tests.kernels.closure_states import KINDS, closure_solver, fill_closures, random_tensors, set_state, staged


def advance(solver, dt, steps):
    """Steps of the IMEX recipe on the state A; fails if a cell is lost."""
    for _ in range(steps):
        imex_step(solver, 0.0, dt)
        solver.A, solver.C = solver.C, solver.A
        assert solver.primitives_of_state(0.0) == 0
    return solver.interior(solver.A).reshape(len(solver.A), -1), solver.interior(solver.W).reshape(len(solver.W), -1)


# -- barotropic --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("fluid", [Isothermal("gas", 2.0, temperature=0.8), Polytropic("gas", 1.0, constant=0.7, gamma=1.4),
                                   Cold("gas", 1.0)])
def test_shear_at_rest_stays_to_the_last_bit(fluid):
    solver = closure_solver([fluid], (16,), field=False)
    jump = np.where(np.arange(16) < 8, 1.0, -2.0)
    set_state(solver, [[1.3, 0.0, jump, 3.0 * jump, 0.0]])
    before = solver.interior(solver.A).copy()
    advance(solver, 0.02, 5)
    assert_array_equal(solver.interior(solver.A), before)


@pytest.mark.parametrize("charge", [0.0, 1.0])
@pytest.mark.parametrize("fluid", [Isothermal, Polytropic, Cold])
def test_barotropic_flux_is_physical_and_mirrors(fluid, charge):
    """Two identical halves flow into one another: mass and momentum kept, the mirror image the same bits."""
    extra = {Isothermal: {"temperature": 0.8}, Polytropic: {"constant": 0.7, "gamma": 2.0}, Cold: {}}[fluid]
    fluids = [fluid("gas", 1.0, charge, **extra)]
    if charge:
        fluids.append(fluid("anti", 1.0, -charge, **extra))
    solver = closure_solver(fluids, (32,), field=bool(charge))
    rng = np.random.default_rng(3)
    rho = rng.uniform(0.5, 2.0, 16)
    rho = np.concatenate([rho, rho[::-1]])
    u = rng.normal(size=(3, 16))
    u = np.concatenate([u, np.array([[-1], [1], [1]]) * u[:, ::-1]], axis=1)
    set_state(solver, [[rho, *u, 0.0]] * len(fluids))
    before = solver.interior(solver.A).reshape(len(solver.A), -1).copy()
    A, W = advance(solver, 2e-3, 10)
    assert np.abs(A[:4] - before[:4]).max() > 0.1
    scale = np.abs(before[:4]).sum(axis=1)
    assert np.all(np.abs(A[:4].sum(axis=1) - before[:4].sum(axis=1)) < 1e-14 * scale)
    mirror = np.array([1, -1, 1, 1])[:, None] * A[:4, ::-1]
    assert_array_equal(A[:4], mirror)
    # the equation of state
    law = {Isothermal: lambda r: 0.8 * r, Polytropic: lambda r: 0.7 * r * r, Cold: lambda r: 0.0 * r}[fluid]
    assert W[4] == pytest.approx(law(W[0]), rel=1e-15, abs=0.0)


def test_cold_beams_leave_a_vacuum():
    """Two neutral beams part: nothing is left between them, density never negative, mass and momentum kept."""
    solver = closure_solver([Cold("dust", 1.0)], (64,), field=False)
    x = np.arange(64)
    u = np.where((x >= 16) & (x < 32), -1.0, np.where((x >= 32) & (x < 48), 1.0, 0.0))
    rho = np.where(u != 0.0, 1.0, 0.0)
    set_state(solver, [[rho, u, 2.0 * u, 0.0, 0.0]])
    before = solver.interior(solver.A).reshape(len(solver.A), -1)[:4].sum(axis=1)
    A, W = advance(solver, 0.25 / 64, 48)
    assert A[0].min() >= 0.0 and W[0].min() >= 0.0
    assert A[0, 30:34].max() < 1e-2 and A[0].max() > 0.5
    assert np.abs(W[1]).max() <= 1.0 + 1e-12  # the vacuum has no speed of its own
    assert np.abs(A[:4].sum(axis=1) - before).max() < 1e-12


def test_cold_pile_up_stays_finite():
    solver = closure_solver([Cold("dust", 1.0)], (64,), field=False)
    u = np.where(np.arange(64) < 32, 1.0, -1.0)
    set_state(solver, [[1.0, u, 0.3, 0.0, 0.0]])
    A, W = advance(solver, 0.25 / 64, 60)
    assert A[0].min() >= 0.0 and A[0].sum() == pytest.approx(64.0, rel=1e-13)
    assert 5.0 < A[0].max() < 32.0 and np.abs(W[1]).max() <= 1.0 + 1e-12
    assert W[2][A[0] > 1e-3] == pytest.approx(0.3, rel=1e-12)


def test_empty_cells_may_be_pushed():
    """Drag moves what stands for no density at all: that takes less than nothing from an empty cell, and is no trouble."""
    solver = closure_solver([Cold("dust", 1.0), FiveMoment("gas", 1.0)], (16,), [Drag("dust", "gas", 50.0)], field=False)
    some = np.where(np.arange(16) < 8, 1.0, 0.0)
    wind = 1.0 + 0.5 * np.sin(np.arange(16))
    set_state(solver, [[some, 0.0, 0.0, 0.0, 0.0], [1.0, wind, 0.0, 0.0, 1.0]])
    A, W = advance(solver, 5e-3, 20)
    assert A[0].min() > -1e-199 and W[0].min() > 0.0 and A[0].sum() == pytest.approx(8.0, rel=1e-13)
    assert W[1].min() > 0.0 and W[1].max() < 2.0


def test_negative_cold_density_is_reported():
    """Not hidden as a vacuum: the step must be redone."""
    solver = closure_solver([Cold("dust", 1.0)], (8,), field=False)
    set_state(solver, [[1.0, 0.0, 0.0, 0.0, 0.0]])
    solver.interior(solver.A)[0, 0, 0, 3] = -1e-3
    assert solver.primitives_of_state(0.0) == 1
    assert solver.stage(0.1, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0) == 1


# -- heat baths --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kh", [1e-6, 1e-2, 1.0, 1e2, 1e8])
def test_neutral_relaxes_to_the_temperature_of_an_isothermal_fluid(kind, kh):
    """T_n - T_b decays by exp(-k h) or 1/(1 + k h), k = 3 alpha rho_b (gamma - 1) m_n/(m_b + m_n); T_b stays."""
    fluids = [Isothermal("bath", 3.0, temperature=0.7), FiveMoment("neutral", 2.0, gamma=1.4)]
    alpha, rho = 0.5, (1.7, 0.9)
    rate = 3.0 * alpha * rho[0] * 0.4 * 2.0 / 5.0
    solver = closure_solver(fluids, (8,), [Drag("bath", "neutral", alpha)], field=False)
    p = 2.5
    set_state(solver, [[rho[0], 0.2, 0.1, 0.0, 0.0], [rho[1], 0.2, 0.1, 0.0, p]])
    _, _, W = staged(solver, kh / rate, kind)
    keep = np.exp(-kh) if kind == "exact" else 1.0 / (1.0 + kh)
    start = p * 2.0 / rho[1]
    found = W[9] * 2.0 / rho[1]
    # exact: a bath of 2^40 times the heat capacity, 1.2e-11
    assert found == pytest.approx(0.7 + (start - 0.7) * keep, rel=2e-11 if kind == "exact" else 1e-14)
    assert_array_equal(W[4], np.full(8, rho[0] * (0.7 / 3.0)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("h", [1e-4, 1.0, 1e8])
def test_friction_with_a_bath_heats_the_neutral_alone(kind, h):
    """Its share m_b/(m_b + m_n) of the slip energy (without exchange of heat); momentum to rounding."""
    fluids = [Isothermal("bath", 3.0, temperature=0.7), FiveMoment("neutral", 2.0)]
    solver = closure_solver(fluids, (8,), [Drag("bath", "neutral", 0.5)], relaxation=0.0, field=False)
    set_state(solver, [[1.7, 1.0, 0.0, 0.0, 0.0], [0.9, -1.0, 0.5, 0.0, 1.0]])
    A, C, W = staged(solver, h, kind)
    assert np.abs(C[1:4] + C[5:8]).max() < 1e-14
    slip0, slip1 = np.array([2.0, -0.5, 0.0]), W[1:4, 0] - W[6:9, 0]
    reduced = 1.7 * 0.9 / 2.6
    lost = 0.5 * reduced * (slip0 @ slip0 - slip1 @ slip1)
    own = 0.0
    if kind == "implicit":
        # backward Euler of drag: the kinetic energies also lose sum rho |u - u*|^2/2, which heats each its own
        own = 0.5 * 0.9 * np.sum((W[6:9, 0] - [-1.0, 0.5, 0.0]) ** 2)
        lost -= own + 0.5 * 1.7 * np.sum((W[1:4, 0] - [1.0, 0.0, 0.0]) ** 2)
    heat = 1.5 * (W[9, 0] - 1.0)
    assert heat == pytest.approx(own + lost * 3.0 / 5.0, rel=1e-11, abs=1e-13)
    assert_array_equal(W[4], np.full(8, 1.7 * (0.7 / 3.0)))


@pytest.mark.parametrize("electron", [Isothermal("electron", 1e-3, -1.0, temperature=0.5), Cold("electron", 1e-3, -1.0),
                                      TenMoment("electron", 1e-3, -1.0), SixMoment("electron", 1e-3, -1.0)])
@pytest.mark.parametrize("h", [1e-3, 1.0, 1e6])
def test_ionisation_keeps_mass_and_charge(electron, h):
    fluids = [TenMoment("ion", 1.0, 1.0), electron, FiveMoment("neutral", 1.001)]
    reaction = Ionisation("neutral", "ion", "electron", 0.3, 2.0, -0.5, 1.0)
    if isinstance(electron, Cold):
        reaction = Ionisation("neutral", "ion", "electron", 0.3, 2.0)
    solver = closure_solver(fluids, (2000,), [reaction, Drag("ion", "neutral", 1.0), Drag("electron", "neutral", 3.0)])
    fill_closures(solver, 9, density=(0.1, 10.0), pressure=(0.1, 10.0))
    A, C, W = staged(solver, h)
    rows = solver.layout.u_fluid
    assert (np.abs(C[rows].sum(axis=0)) / A[rows].sum(axis=0)).max() < 1e-13
    charge = (solver.qm[:, None] * C[rows]).sum(axis=0)
    carriers = (np.abs(solver.qm)[:, None] * (np.abs(A[rows]) + np.abs((A + C)[rows]))).sum(axis=0)
    assert (np.abs(charge) / carriers).max() < 1e-13
    assert (np.abs(C[rows[0]]) / A[rows[0]]).max() > 1e-4
    momentum = np.abs(sum(C[u + 1:u + 4] for u in rows))
    assert np.isfinite(momentum).all() and not solver.layout.fluids[0].bad(W[:11]).any()


# -- floors, retries, bad cells ----------------------------------------------------------------------------------

ALL = [Isothermal("iso", 1.0, temperature=1.0), Polytropic("poly", 1.0, constant=1.0, gamma=1.4), Cold("cold", 1.0),
       FiveMoment("five", 1.0), SixMoment("six", 1.0), TenMoment("ten", 1.0)]


@pytest.mark.parametrize("fluid", ALL, ids=lambda f: f.name)
def test_bad_cells_are_the_same_for_kernel_and_model(fluid):
    rng = np.random.default_rng(6)
    rows = len(fluid.variables)
    W = rng.normal(size=(rows, 3000)) + 1.0
    W[:, ::7] = np.abs(W[:, ::7])
    for value in (np.nan, np.inf, -np.inf, 0.0):
        places = rng.integers(0, W.size, 60)
        W.flat[places] = value
    if fluid.kind == 3:
        W[5:, ::5] = random_tensors(rng, (600,))
        W[4, ::5] = (W[5, ::5] + W[8, ::5] + W[10, ::5]) / 3.0
    if fluid.conserved_count == 4:
        with np.errstate(invalid="ignore"):
            W[4] = fluid.pressures(W[0], {})[0]
    expected = fluid.bad(W)
    # velocities that are not finite show in the energy or in the next stage
    assert 30 < expected.sum() < 3000
    assert_array_equal([is_bad(W, fluid.model, 0, c) for c in range(3000)], expected)


@pytest.mark.parametrize("fluid", ALL, ids=lambda f: f.name)
def test_floors_by_closure(fluid):
    """A run's end below the floors is raised, counted and positive; what is above stays to the last bit."""
    solver = closure_solver([fluid], (16,), floors=(1e-2, 1e-2))
    rho = np.full(16, 1.0)
    rho[3] = 1e-3
    rows = {"p": np.full(16, 1.0), "ppar": np.full(16, 1.0), "pperp": np.full(16, 1.0), "P": [np.full(16, v) for v in
                                                                                     (1.0, 0.1, 0.0, 1.0, 0.0, 1.0)]}
    given = {name: rows[name] for name in fluid.inputs[0] if name in rows}
    pressures = [np.array(row) for row in fluid.pressures(rho, given)]
    if fluid.conserved_count > 4:
        for row in pressures:
            row[9] *= 1e-3
    set_state(solver, [[rho, 0.5, 0.0, 0.0, *pressures]])
    before = solver.interior(solver.A).reshape(len(solver.A), -1).copy()
    stepper = Stepper(solver, "imex", 0.4)
    assert stepper._raise_to_floors(0.0)
    A = solver.interior(solver.A).reshape(len(solver.A), -1)
    W = solver.interior(solver.W).reshape(len(solver.W), -1)
    low = np.zeros(16, bool)
    low[3] = True
    if fluid.conserved_count > 4:
        low[9] = True
        assert W[4, 9] == pytest.approx(1e-2, rel=1e-12)
    assert W[0, 3] == pytest.approx(1e-2, rel=1e-12) and stepper.tally.floors == low.sum()
    assert_array_equal(A[:, ~low], before[:, ~low])
    assert not fluid.bad(W[solver.layout.rows_of(0)[1]]).any()
