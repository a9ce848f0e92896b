"""The arrays of a run and the operators that act on them; ``multifluid.stepping`` strings them together."""

import numpy as np

from .aligned import aligned_zeros
from .boundaries import Axis
from .boundaries.filler import GhostFiller
from .coupling.drag import elimination_pattern
from .coupling.exchange import Exchange
from .coupling.heat_flux import HeatFlux
from .errors import InputError
from .kernels import codes, convert, exchange_stage, fluid_rows, ghosts, maxwell, screen, stage, sweep, tensor_rows
from .maxwell import CELL_AVERAGE, CHARGE_FLUX, DERIVATIVE, EDGE_INTERPOLATION
from .parallel.rows import RowTeam

# The corrected flux of the most mobile charged fluid may carry at most this share of the upwind density across a cell
# in a step: more than any Courant number asks for. Beside troubled cells the correction alone may carry the second share.
CHARGE_FLUX_SHARE, STRICT_SHARE = 0.5, 0.25

# Cells that a row kernel is given at least, if there are as many.
LONG_ROW = 400

RECONSTRUCTIONS = {"plm": (fluid_rows.PLM, 2), "ppm": (fluid_rows.PPM, 4)}


def screening_share(cfl, reconstruction):
    """The part h/dt of the step over which the plasma's response screens the field: min(1, (0.4/C)^2) with PLM, 1/4
    with PPM, whose sharper field operators turn the shortest waves faster.

    The fastest whistler on the grid turns by 4 C^2 h/dt in a step. With curl B implicit every linear mode is then stable
    up to C = 1 with PLM and 0.5 with PPM (tests/convergence/test_stability.py).
    """
    return min(1.0, (0.4 / cfl) ** 2) if reconstruction == "plm" else 0.25


def require_cylindrical(layout, boundaries, reconstruction):
    """Refuse what is not there on a cylindrical grid.

    Raises
    ------
    InputError
        Six or ten moments, PPM, or boundaries that do not fit the axis.
    """
    tensors = [fluid.name for fluid in layout.fluids if fluid.kind >= codes.SIX]
    if tensors:
        raise InputError(f"fluid {tensors[0]}: six and ten moments have no cylindrical form here; choose another closure")
    if reconstruction != "plm":
        raise InputError(f"reconstruction {reconstruction} has no cylindrical form; use plm")
    axis, start = [isinstance(side, Axis) for side in boundaries.sides[0]], layout.grid.x[0]
    if axis != [start == 0.0, False]:
        raise InputError(f"boundary x: a cylindrical grid has 'axis' as its lower boundary where r starts at 0 and "
                         f"nowhere else; r starts at {start:g}")


class Scratch:
    """Work space of one thread."""

    def __init__(self, layout):
        S, nx = len(layout.fluids), layout.grid.full_cells[0]
        # short rows are treated several at a time, so that a row kernel has some hundred cells to work on
        rows = max(1, LONG_ROW // nx)
        self.width = rows * nx
        self.sweep = aligned_zeros(int(sweep.sweep_scratch_cells(layout.models, self.width)))
        self.cells = aligned_zeros((S + 12, rows * nx))
        self.edges = aligned_zeros(int(maxwell.edge_scratch_cells(self.width)))
        rows = max(int(stage.stage_scratch_rows(S)), int(exchange_stage.exchange_scratch_rows(S)))
        self.stage = aligned_zeros((rows, stage.CHUNK))
        tensors = any(fluid.kind >= codes.SIX for fluid in layout.fluids)
        self.tensors = aligned_zeros((int(stage.tensor_scratch_rows(S)), stage.CHUNK)) if tensors else None
        self.buffer = aligned_zeros(tensor_rows.BUFFER) if tensors else None
        self.exact = None


class Solver:
    """State and operators of one run.

    Parameters
    ----------
    layout : Layout
    exchange : Exchange
        Drag, heat, ionisation, acceleration (``multifluid.coupling``).
    boundaries : Boundaries
    reconstruction : "plm" or "ppm"
        PLM goes with second-order field operators, PPM with fourth-order ones.
    screened : bool
        Screened signal speeds; False keeps c and each fluid's own sound speed everywhere.
    floors : (density, pressure)
    threads : int
    cfl : float
        Courant number of the run; it fixes how much of the step screens the field.

    Attributes
    ----------
    A : (conserved, z, y, x) state at the start of the step; C, D : source and flux sums
    W : (primitives, z, y, x) of the stage last solved
    smooth : (z, y, x) 1, or 0 in troubled cells, which are reconstructed to first order
    """

    def __init__(self, layout, exchange, boundaries, reconstruction="plm", screened=True, floors=(0.0, 0.0), threads=1,
                 cfl=0.4):
        self.layout = layout
        if layout.grid.cylindrical:
            require_cylindrical(layout, boundaries, reconstruction)
        grid, fluids, field = layout.grid, layout.fluids, layout.field
        self.grid = grid
        shape = grid.full_shape
        self.A = aligned_zeros((layout.conserved, *shape))
        self.C = aligned_zeros(self.A.shape)
        self.D = aligned_zeros(self.A.shape)
        self.W = aligned_zeros((layout.primitives, *shape))
        self.smooth = aligned_zeros(shape)
        self.smooth[...] = 1.0
        S = len(fluids)
        self.signals = aligned_zeros((S + 3, *shape))
        self.edges = aligned_zeros((3 if field else 0, *shape))
        self.qm = np.array([f.charge_to_mass for f in fluids], float)
        self.mass = np.array([f.mass for f in fluids], float)
        self.models = layout.models
        self.gamma = np.array([f.heat_gamma for f in fluids], float)
        # an exact step takes a barotropic fluid for one of huge heat capacity; gamma - 1 is a power of two
        self.exact_gamma = np.array([1.0 + 2.0**-40 if f.kind == codes.BAROTROPIC else f.heat_gamma for f in fluids], float)
        if not isinstance(exchange, Exchange):
            exchange = Exchange.of_constant_drag(layout.fluids, exchange)
        self.exchange = exchange
        self.laws, self.alpha = exchange.laws, exchange.alpha
        self.pairs, self.couples = elimination_pattern(exchange.linked, self.qm)
        self.acceleration = np.zeros((S, 3, 1))
        self.acceleration_at = None
        self.gravity = None
        self.budget = None
        self.solver = np.where(self.qm == 0, fluid_rows.HLLC, fluid_rows.RUSANOV)
        # the lightest charge carrier moves most easily: it takes up the charge-flux correction
        self.mobile = int(np.argmax(np.abs(self.qm))) if np.any(self.qm != 0) else -1
        self.c, self.eps0 = (field.c, field.eps0) if field else (1.0, 1.0)
        self.reconstruction, order = RECONSTRUCTIONS[reconstruction]
        self.derivative, self.charge_flux = DERIVATIVE[order], CHARGE_FLUX[order]
        self.edge_interpolation, self.cell_average = EDGE_INTERPOLATION[order], CELL_AVERAGE[order]
        self.screening = screening_share(cfl, reconstruction) if screened else 0.0
        # steps over which drag counts as locking neutrals to ions in the signal speeds
        self.drag_reach = 1.0
        # whether drag also limits the dissipation of B (kernels.drift)
        self.drag_limits_dissipation = False
        self.floors = np.array(floors, float)
        self.shape = np.array(grid.full_cells)
        self.ghosts = np.array(grid.ghosts)
        self.inverse_dx = np.array([1.0 / d if g else 0.0 for d, g in zip(grid.spacing, grid.ghosts)])
        self.metric = None if grid.metric is None else grid.metric.copy()
        self.filler = GhostFiller(boundaries, layout)
        self.grounded = self.filler.codes == ghosts.CONDUCTOR
        self.team = RowTeam(grid, threads, lambda: Scratch(layout))
        self.counts = np.zeros((self.team.threads, 2), np.int64)
        self.heat_flux = HeatFlux(layout, self.team.threads) if HeatFlux.needed(layout) else None

    def set_gravity(self, gravity):
        """Let the fluids' own mass attract them: ``gravity`` is a ``PoissonSolver``."""
        self.gravity = gravity
        self._density, self._term = np.zeros(self.grid.shape), np.zeros(self.grid.shape)
        self._pull = np.zeros((3, *self.grid.full_shape))
        self._forces = np.zeros((len(self.layout.fluids), 3, self._pull[0].size))

    def total_density(self, recipe=(0.0, 0.0)):
        """Density of all fluids in U* = A + d D + c C, (z, y, x) without ghost cells; valid until the next call.

        No local source changes it: it is the density of the whole stage."""
        self._density[...] = 0.0
        for row in self.layout.u_fluid:
            for array, weight in ((self.A, 1.0), (self.D, recipe[0]), (self.C, recipe[1])):
                if weight:
                    np.multiply(self.interior(array[row]), weight, out=self._term)
                    self._density += self._term
        return self._density

    def collapse_rate(self):
        """sqrt(4 pi G max rho), the fastest rate at which the state falls together by itself; 0 without gravity."""
        return self.gravity.growth_rate(self.total_density()) if self.gravity else 0.0

    def _with_gravity(self, recipe):
        """Acceleration of every fluid (S, 3, cells), that of a stage's own mass included."""
        self.gravity.acceleration(self.total_density(recipe), self._pull)
        return np.add(self.acceleration, self._pull.reshape(3, -1), out=self._forces)

    def _flat(self, array):
        return array.reshape(array.shape[0], -1)

    # -- primitives ---------------------------------------------------------------------------------------------

    def primitives_of_state(self, t):
        """W from A, ghost cells filled. Returns how many cells are not positive and finite, E and face B included."""
        L, W, A = self.layout, self._flat(self.W), self._flat(self.A)
        self.counts[:] = 0
        self.team.interior(lambda scratch, thread, k, j0, j1: convert.primitives_block(
            W, A, self.qm, self.models, L.v_fluid, L.u_fluid, L.v_field, L.u_field, self.shape, self.ghosts,
            self.counts[thread], k, j0, j1))
        if L.v_field >= 0:
            self.team.faces(lambda scratch, thread, k, j0, j1: convert.face_copy_block(
                W, A, L.v_field, L.u_field, self.shape, self.ghosts, self.counts[thread], k, j0, j1))
            self._finish_magnetic(t)
        self.fill_ghosts(t)
        return int(self.counts[:, 0].sum())

    def _finish_magnetic(self, t):
        """Ghost faces, cell-centred B, its ghosts."""
        L, W = self.layout, self._flat(self.W)
        near, far = self.cell_average
        self.filler.fill(self.W, L.v_face, L.v_face + 3, t)
        self.team.interior(lambda scratch, thread, k, j0, j1: maxwell.average_faces(
            W, L.v_field, self.shape, self.ghosts, near, far, k, j0, j1))
        self.filler.fill(self.W, L.v_field + 3, L.v_field + 6, t)

    def fill_ghosts(self, t):
        """Ghost cells of the fluids and of E."""
        L = self.layout
        self.filler.fill(self.W, 0, L.v_field + 3 if L.v_field >= 0 else L.primitives, t)

    # -- local sources ------------------------------------------------------------------------------------------

    def stage(self, h, recipe, t, kind=stage.BACKWARD_EULER, curl=True, t_source=None):
        """Gather U* = A + d D + c C, solve the local sources over h, store: see ``kernels.stage``.

        ``t`` is the time of boundary values, ``t_source`` (``t`` if None) that of the acceleration.
        Returns how many cells are not positive and finite.
        """
        if self.acceleration_at is not None:
            self.acceleration = self.acceleration_at(t if t_source is None else t_source)
        acceleration = self.acceleration
        if self.gravity is not None and kind != stage.NO_SOURCE:
            acceleration = self._with_gravity(recipe)
        L, W = self.layout, self._flat(self.W)
        A, D, C = self._flat(self.A), self._flat(self.D), self._flat(self.C)
        recipe = np.array(recipe, float)
        self.counts[:] = 0
        if L.v_field >= 0:
            self.team.faces(lambda scratch, thread, k, j0, j1: stage.faces_block(
                W, A, D, C, L.v_field, L.u_field, recipe, self.shape, self.ghosts, k, j0, j1))
            self._finish_magnetic(t)
        near, far = self.derivative if curl else (0.0, 0.0)
        X = self.exchange
        if self.budget:
            self.budget.before_stage()
        if kind == stage.EXACT:
            self._exact_sources(h, recipe, acceleration)
        elif X.plain and not acceleration.any() or kind == stage.NO_SOURCE:
            self.team.interior(lambda scratch, thread, k, j0, j1: stage.stage_block(
                W, A, D, C, scratch.stage, scratch.tensors, self.qm, self.mass, self.models, L.v_fluid, L.u_fluid, L.v_field,
                L.u_field,
                self.alpha, self.pairs, self.couples, self.c, self.eps0, h, recipe, kind, self.inverse_dx,
                self.metric, near, far, self.floors, self.shape, self.ghosts, self.counts[thread], k, j0, j1))
        else:
            self.team.interior(lambda scratch, thread, k, j0, j1: exchange_stage.exchange_block(
                W, A, D, C, scratch.stage, scratch.tensors, self.qm, self.mass, self.models, L.v_fluid, L.u_fluid, L.v_field,
                L.u_field,
                self.laws, self.alpha, X.drags, self.pairs, self.couples, X.relaxation, X.species, X.reaction,
                acceleration, X.passes, self.c, self.eps0, h, recipe, kind, self.inverse_dx, self.metric, near, far,
                self.floors, self.shape, self.ghosts, self.counts[thread], k, j0, j1))
        if self.budget:
            self.budget.after_stage(recipe)
        self.fill_ghosts(t)
        bad = int(self.counts[:, 0].sum())
        return bad or self.heat_flux.conduct(self, h, recipe[5], t) if self.heat_flux else bad

    def _exact_sources(self, h, recipe, acceleration):
        """The exact propagator; its kernel and work space are made when they are first asked for."""
        from .kernels import exact_stage

        L, X = self.layout, self.exchange
        W, A, D, C = (self._flat(array) for array in (self.W, self.A, self.D, self.C))
        heating = bool(X.drags.any())
        for scratch in self.team.scratch:
            if scratch.exact is None:
                rows = int(exact_stage.exact_scratch_rows(len(L.fluids), heating))
                scratch.exact = aligned_zeros((rows, stage.CHUNK))
        self.team.interior(lambda scratch, thread, k, j0, j1: exact_stage.exact_block(
            W, A, D, C, scratch.exact, scratch.tensors, self.qm, self.mass, self.models, self.exact_gamma, L.v_fluid,
            L.u_fluid, L.v_field,
            L.u_field, self.laws, self.alpha, X.drags, X.relaxation, acceleration, heating, self.c, self.eps0, h,
            recipe, self.floors, self.shape, self.ghosts, self.counts[thread], k, j0, j1))

    # -- fluxes -------------------------------------------------------------------------------------------------

    def flux_divergence(self, target, weight, dt, fresh=False, explicit_curl=False):
        """target += weight (-div F of the fluids, -curl E of the faces) of W, for a step dt.

        ``fresh``: target = that, whatever it held. ``explicit_curl`` adds c^2 curl B to E here instead of in the local
        solve; without it the rows of E are left alone.
        """
        self.signal_speeds(dt)
        if len(self.layout.fluids):
            self.fluid_fluxes(target, weight, dt, fresh)
        if self.layout.v_field >= 0:
            self.induction(target, weight, fresh)
            if explicit_curl:
                self.displacement(target, weight, fresh)

    def signal_speeds(self, dt):
        """Screened signal speeds of every cell of W for a step dt, which the fluxes use."""
        L, W, signals = self.layout, self._flat(self.W), self._flat(self.signals)
        self.team.everywhere(lambda scratch, thread, row0, row1: screen.signal_speeds(
            signals, W, scratch.cells, self.qm, L.v_fluid, self.models, self.laws, L.v_field, self.c, self.eps0,
            self.drag_reach * dt, self.screening / self.drag_reach, self.ghosts, self.drag_limits_dissipation,
            self.inverse_dx, int(self.shape[0]), row0, row1))

    def fluid_fluxes(self, target, weight, dt, fresh=False):
        """target -= weight div F of the fluids; dt bounds the correction of the charge flux."""
        L, W, T = self.layout, self._flat(self.W), self._flat(target)
        signals, smooth = self._flat(self.signals), self.smooth.reshape(-1)
        near, far = self.charge_flux
        limit, strict = CHARGE_FLUX_SHARE / dt, STRICT_SHARE / (dt * self.grid.dimensions)
        self.team.interior(lambda scratch, thread, k, j0, j1: sweep.fluid_divergence(
            T, W, signals, smooth, scratch.sweep, scratch.buffer, scratch.width, self.qm, self.models, L.v_fluid, L.u_fluid,
            L.v_field, self.solver, self.mobile, self.shape, self.ghosts, self.inverse_dx, self.metric, weight,
            fresh, self.reconstruction, near, far, limit, strict, k, j0, j1))

    def induction(self, target, weight, fresh=False):
        """target -= weight curl E of face B."""
        L, W, T = self.layout, self._flat(self.W), self._flat(target)
        signals, edges = self._flat(self.signals), self._flat(self.edges)
        near, far = self.edge_interpolation
        self.team.faces(lambda scratch, thread, k, j0, j1: maxwell.edge_field(
            edges, W, signals, scratch.edges, self.grounded, L.v_field, len(L.fluids), self.shape, self.ghosts, near,
            far, k, j0, j1))
        self.team.faces(lambda scratch, thread, k, j0, j1: maxwell.faraday(
            T, edges, L.u_field + 3, self.shape, self.ghosts, self.inverse_dx, self.metric, weight,
            fresh, k, j0, j1))

    def displacement(self, target, weight, fresh=False):
        """target += weight c^2 curl B of E."""
        L, W, T = self.layout, self._flat(self.W), self._flat(target)
        near, far = self.derivative
        self.team.interior(lambda scratch, thread, k, j0, j1: maxwell.ampere(
            T, W, scratch.edges, L.v_field, L.u_field, self.c, self.shape, self.ghosts, self.inverse_dx, self.metric,
            near, far, weight, fresh, k, j0, j1))

    # -- the step's size ----------------------------------------------------------------------------------------

    def crossing_rates(self, dt):
        """Largest sum_d a_d/dx_d of each fluid and (last) of the field for a step dt, from W."""
        L, W, signals = self.layout, self._flat(self.W), self._flat(self.signals)
        rates = np.zeros((self.team.threads, len(L.fluids) + 1))
        self.team.interior(lambda scratch, thread, k, j0, j1: screen.largest_rates(
            rates[thread], W, signals, scratch.cells, self.qm, L.v_fluid, self.models, self.laws, L.v_field, self.c,
            self.eps0, self.drag_reach * dt, self.screening / self.drag_reach, self.inverse_dx, self.shape, self.ghosts,
            k, j0, j1))
        return rates.max(axis=0)

    # -- views --------------------------------------------------------------------------------------------------

    def interior(self, array):
        """Interior view of an array (..., z, y, x)."""
        return array[(..., *self.grid.interior)]

    def memory_in_states(self):
        """Memory of all arrays in units of the conserved state."""
        arrays = (self.A, self.C, self.D, self.W, self.smooth, self.signals, self.edges)
        return sum(a.nbytes for a in arrays) / self.A.nbytes
