"""The recipes of a time step, and the choice of its size.

IMEX-SSP2(3,3,2) (Pareschi & Russo 2005, J. Sci. Comput. 25, 129, table 2), L-stable, second order:

    explicit  A~ = [0 0 0; 1/2 0 0; 1/2 1/2 0]     b~ = (1/3, 1/3, 1/3)
    implicit  A  = [1/4 0 0; 0 1/4 0; 1/3 1/3 1/3]  b  = (1/3, 1/3, 1/3)

The fluids' flux divergence and curl E are explicit. Implicit are the local sources and, with them, c^2 curl B in
Ampere's law: face B has no implicit part, so each stage knows its own B before it solves for E, and the solve
stays local. This one choice (a) keeps the third row of A equal to b for E, so that E leaves the step in balance
with the currents, and (b) makes every linear mode stable for any dissipation on B, where an explicit curl B is
amplified by |G| - 1 ~ (omega dt)^4/24; measured in tests/convergence/test_stability.py.
"""

import math
from dataclasses import dataclass

import numpy as np

from .errors import InputError, RunError
from .kernels import stage

# Explicit (d: on the flux sum, in units of dt), source-sum weight and stage step h of each stage, then how the
# stage leaves the source sum: (ca, cd, cc, gain). The sum holds dt/3 (K_1 + K_2); the last stage turns it into
# the new state, to which dt/3 H_3 is still to be added.
#            d      c    h/dt    ca   cd/dt  cc   gain
_IMEX = ((0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 4.0 / 3.0),
         (0.5, 0.0, 0.25, 0.0, 0.0, 1.0, 4.0 / 3.0),
         (0.5, 1.0, 1.0 / 3.0, 1.0, 1.0 / 3.0, 1.0, 1.0))


class Troubled(Exception):
    """A stage left some cells without positive density and pressure."""

    def __init__(self, stage_name):
        self.stage_name = stage_name


def imex_step(solver, t, dt):
    """One IMEX-SSP2(3,3,2) step of size dt; the new state ends in ``solver.C``.

    Raises
    ------
    Troubled
        A stage is not positive; A is untouched.
    """
    if solver.budget:
        solver.budget.begin()
    for number, (d, c, h, ca, cd, cc, gain) in enumerate(_IMEX):
        last = number == 2
        # the explicit nodes (0, 1/2, 1) are the times of the stages' boundary values
        when = t + 0.5 * number * dt
        # the implicit nodes (1/4, 1/4, 1) those of the acceleration
        force = t + (dt if last else 0.25 * dt)
        if solver.stage(h * dt, (d * dt, c, ca, cd * dt, cc, gain), when, t_source=force):
            raise Troubled(f"stage {number + 1}")
        solver.flux_divergence(solver.C if last else solver.D, dt / 3.0 if last else 1.0, dt, fresh=number == 0)


def strang_step(solver, t, dt, source=stage.MIDPOINT):
    """Strang splitting for comparison: half a source step, an SSP-RK2 step of fluxes and Maxwell's curls, half a source
    step (Wang et al. 2020, J. Comput. Phys. 415, 109510), the source time-centred or exact. The new state ends in
    ``solver.C``.

    Right only where omega_p dt, Omega dt and nu dt are resolved: the source step relaxes to J = 0 instead of
    J = curl B/mu0.

    Raises
    ------
    Troubled
        A stage is not positive; A is restored.
    """
    start = solver.A.copy()
    try:
        # C = S(A); A <- C
        _check(solver.stage(0.5 * dt, (0.0, 0.0, 1.0, 0.0, 0.0, 1.0), t, source, False), "first source")
        solver.A, solver.C = solver.C, solver.A
        solver.flux_divergence(solver.D, 1.0, dt, fresh=True, explicit_curl=True)
        # C = A + dt/2 H_1, W from A + dt H_1; then C += dt/2 H_2
        _check(solver.stage(dt, (dt, 0.0, 1.0, 0.5 * dt, 0.0, 0.0), t, stage.NO_SOURCE, False), "flux stage")
        solver.flux_divergence(solver.C, 0.5 * dt, dt, explicit_curl=True)
        solver.A, solver.C = solver.C, solver.A
        _check(solver.stage(0.5 * dt, (0.0, 0.0, 1.0, 0.0, 0.0, 1.0), t, source, False), "second source")
    finally:
        solver.A[...] = start


def _check(bad, stage_name):
    if bad:
        raise Troubled(stage_name)


def strang_exact_step(solver, t, dt):
    """Strang splitting with the exact source propagator."""
    strang_step(solver, t, dt, stage.EXACT)


STEPPERS = {("imex", "implicit"): imex_step, ("strang", "time-centred"): strang_step,
            ("strang", "exact"): strang_exact_step}


@dataclass
class Tally:
    """How often a run needed help.

    retries : steps redone; fallbacks : cells reconstructed to first order in redone steps; floors : cells (per fluid)
    raised to a floor at the end of a step; halved : steps redone with half the size
    """

    retries: int = 0
    fallbacks: int = 0
    floors: int = 0
    halved: int = 0


class Stepper:
    """Advances a solver, mending troubled cells.

    A stage that is not positive has the step redone with those cells and their neighbours reconstructed to first
    order, up to ``max_retries`` times with a widening set, then with half the step; if that fails too, floors act if
    they are on, else the run stops.
    """

    max_retries = 6
    max_halvings = 5

    def __init__(self, solver, recipe, cfl, source="implicit"):
        if recipe == "strang" and source == "implicit":
            source = "time-centred"
        if recipe == "strang" and solver.heat_flux:
            raise InputError("heat_flux='gradient' is solved within the stages of stepper=imex, not in split steps")
        self.solver, self.recipe, self.cfl = solver, STEPPERS[recipe, source], cfl
        self.tally = Tally()

    def step(self, t, dt, number):
        """Advance the state by at most dt; returns the step taken.

        Raises
        ------
        RunError
            A cell stays negative or NaN, naming species, cell, stage and dt.
        """
        solver = self.solver
        for halving in range(self.max_halvings + 1):
            for _ in range(self.max_retries + 1):
                try:
                    self.recipe(solver, t, dt)
                    solver.A, solver.C = solver.C, solver.A
                    try:
                        positive = solver.primitives_of_state(t + dt) == 0
                        fine = positive and not self._below_floors() or self._raise_to_floors(t + dt)
                    except InputError:  # of a user's boundary: the state of before is the last good one
                        solver.A, solver.C = solver.C, solver.A
                        raise
                    if fine:
                        self._forget()
                        if solver.budget:
                            solver.budget.commit()
                        return dt
                    solver.A, solver.C = solver.C, solver.A
                    raise Troubled("end of step")
                except Troubled as trouble:
                    where, grown = self._mark_troubled()
                    failure = (trouble.stage_name, where)
                    solver.C[...] = 0.0
                    solver.D[...] = 0.0
                    if not grown:
                        break
                    self.tally.retries += 1
            self._forget()
            if halving < self.max_halvings:
                dt *= 0.5
                self.tally.halved += 1
        raise RunError(self._describe(failure, number, t, dt))

    def _forget(self):
        """Every cell is trusted with its slopes again."""
        if self._marked:
            self.tally.fallbacks += int(np.count_nonzero(self.solver.interior(self.solver.smooth) == 0.0))
            self.solver.smooth[...] = 1.0
            self._marked = False

    _marked = False

    def _bad_cells(self):
        """(S + 1, z, y, x) mask of interior cells of W where a fluid is not positive and finite, and (last) where the
        field is not finite."""
        W, layout = self.solver.interior(self.solver.W), self.solver.layout
        bad = [fluid.bad(W[layout.rows_of(s)[1]]) for s, fluid in enumerate(layout.fluids)]
        field = W[layout.v_field:layout.v_field + 6] if layout.v_field >= 0 else W[:0]
        return np.array([*bad, ~np.isfinite(field).all(axis=0)])

    def _mark_troubled(self):
        """Take the slopes of bad cells and of their neighbours within two cells away.

        Returns the first bad place (species, k, j, i) and whether any cell was newly marked."""
        solver = self.solver
        bad = self._bad_cells()
        places = np.argwhere(bad)
        where = tuple(int(p) for p in places[0]) if len(places) else None
        mask = np.zeros(solver.smooth.shape, bool)
        solver.interior(mask)[...] = bad.any(axis=0)
        for axis in range(3):
            if solver.grid.ghosts[axis]:
                spread = mask.copy()
                for shift in (-2, -1, 1, 2):
                    spread |= np.roll(mask, shift, axis=2 - axis)
                mask = spread
        grown = bool(np.any(mask & (solver.smooth > 0)))
        solver.smooth[mask] = 0.0
        self._marked = self._marked or grown
        return where, grown

    def _below_floors(self):
        """Whether a floor is on and the new state lies below it somewhere."""
        W, v = self.solver.interior(self.solver.W), self.solver.layout.v_fluid
        return any(floor > 0 and len(v) and W[v + row].min() < floor for floor, row in zip(self.solver.floors, (0, 4)))

    def _raise_to_floors(self, t):
        """Raise density and pressure of the new state to the floors, if they are on, and count; True if all is well."""
        solver, layout = self.solver, self.solver.layout
        rho_floor, p_floor = solver.floors
        if rho_floor <= 0 and p_floor <= 0:
            return False
        A = solver.interior(solver.A)
        W = solver.interior(solver.W)
        for s, fluid in enumerate(layout.fluids):
            conserved, primitive = layout.rows_of(s)
            if not np.all(np.isfinite(A[conserved])):
                return False
            rows = W[primitive].copy()
            low = rows[0] < rho_floor
            # where there was no matter there was no velocity either
            rows[1:4] = np.where(A[conserved][0] > 0, rows[1:4], 0.0)
            rows[0] = np.where(low, rho_floor, rows[0])
            rows, raised = fluid.raised(rows, p_floor)
            self.tally.floors += int(np.count_nonzero(low)) + raised
            changed = low | np.any(rows != W[primitive], axis=0)
            A[conserved] = np.where(changed, fluid.conserved(rows), A[conserved])
        return solver.primitives_of_state(t) == 0

    def _describe(self, failure, number, t, dt):
        stage_name, where = failure
        solver = self.solver
        if where is None:
            return f"step {number}, t = {t:.6g}: {stage_name} failed, dt = {dt:.4g}"
        s, k, j, i = where
        W = solver.interior(solver.W)[:, k, j, i]
        place = ", ".join(f"{a} = {solver.grid.centres(d)[n]:.6g}" for d, (a, n) in enumerate(zip("xyz", (i, j, k)))
                          if solver.grid.ghosts[d])
        if s == len(solver.layout.fluids):
            v = solver.layout.v_field
            what = f"field: E = ({W[v]:.4g}, {W[v + 1]:.4g}, {W[v + 2]:.4g})"
        else:
            v = solver.layout.v_fluid[s]
            what = f"{solver.layout.fluids[s].name}: rho = {W[v]:.4g}, p = {W[v + 4]:.4g}"
        return (f"{what} in cell (k, j, i) = ({k}, {j}, {i}) at {place}; "
                f"step {number}, {stage_name}, t = {t:.6g}, dt = {dt:.4g}, after {self.tally.retries} retries in all. "
                "Lower cfl, set floor_density and floor_pressure, or look at the initial state there")

    # -- the step's size ----------------------------------------------------------------------------------------

    def choose_dt(self, guess):
        """The largest step with dt max sum_d a_d(dt)/dx_d <= C, and what limits it, for the primitives in W.

        a falls as dt grows, but slower than 1/dt: the Courant number g = dt max a(dt) rises with dt and g = C has one
        root. From below, C/max a(dt) is a safe step, so one evaluation does while the state changes slowly.
        Steps with g within 1 % below C are accepted.
        """
        names = [fluid.name for fluid in self.solver.layout.fluids] + ["field"]
        low = high = None
        dt, shrink = guess, 1e-3
        for _ in range(100):
            rates = self.solver.crossing_rates(dt)
            fastest = float(rates.max())
            if not math.isfinite(fastest):
                raise RunError("the signal speeds are not finite: look at the initial state")
            if fastest == 0.0:
                return math.inf, "nothing moves"
            ratio = dt * fastest / self.cfl
            if ratio <= 1.0:
                low = (dt, ratio, dt / ratio, names[int(rates.argmax())])
                if ratio >= 0.99:
                    break
            else:
                high = (dt, ratio)
            if high is None:
                dt = low[2] / low[1] if ratio < 0.7 else low[2] * (1.0 + 1e-9)
            elif low is None:
                # g hardly depends on dt where electron inertia sets the pace (a_B ~ d_e/h): go down ever faster
                dt /= max(ratio * ratio, 1.0 + shrink)
                shrink *= 2.0
            elif high[0] <= low[2] * 1.001:
                break
            else:
                # g is nearly a power of dt between the two ends; aim a little below the root
                slope = math.log(high[1] / low[1]) / math.log(high[0] / low[0])
                dt = low[0] * math.exp(math.log(0.997 / low[1]) / slope)
                dt = min(max(dt, low[2]), 0.5 * (high[0] + low[0]))
        if low is None:
            raise RunError("no step size satisfies the CFL condition: the signal speeds are too large")
        return low[2], low[3]
