"""The exact source step: Lorentz force, drag, acceleration and heat over h by the matrix exponential (``exact``)."""

from ._jit import kernel
from .codes import BAROTROPIC, GAMMA, KIND
from .exact import exact_rows, exact_work_rows
from .exchange_energy import hold_bath
from .exchange_stage import any_varies, drag_rates, gather_force, is_zero, unit_frame
from .local_solve import CHUNK, from_frame
from .stage import gather_field, gather_fluid, store, store_change
from .tensor_stage import EXACT, evolve_pressures, field_size_rest


@kernel
def exact_scratch_rows(S, heating):
    """Number of work rows (of CHUNK cells) that ``exact_block`` needs for S fluids."""
    return 10 + 13 * S + 12 + S * S + S + exact_work_rows(S, heating)


@kernel
def exact_block(W, A, D, C, scratch, tensors, qm, mass, models, gamma, v_fluid, u_fluid, v_field, u_field, laws, alpha,
                pairs, relaxation, acceleration, heating, c_light, eps0, h, recipe, floors, shape, ghosts, counts, k,
                j0, j1):
    """Gather, evolve exactly, store over the block of rows (k, j0 <= j < j1); arguments as in
    ``exchange_stage.exchange_block``. Drag coefficients that vary are those of the state at the start.

    heating : whether there is drag, and so heat
    gamma : (S,) adiabatic indices, but for a barotropic fluid one next to 1: so large a heat capacity is a bath
    """
    nx, ny = shape[0], shape[1]
    row_cells = nx - 2 * ghosts[0]
    S = qm.size
    frame = scratch[:10]
    o = 10
    rho, eps_star, energy, thermal = (scratch[o:o + S], scratch[o + S:o + 2 * S], scratch[o + 2 * S:o + 3 * S],
                                      scratch[o + 3 * S:o + 4 * S])
    o += 4 * S
    start = scratch[o:o + 3 * S].reshape(S, 3, CHUNK)
    u = scratch[o + 3 * S:o + 6 * S].reshape(S, 3, CHUNK)
    uniform = acceleration.shape[2] == 1
    forced = not (uniform and is_zero(acceleration))
    force = scratch[o + 6 * S:o + 9 * S].reshape(S, 3, CHUNK) if forced else scratch[:0].reshape(S, 3, 0)
    o += 9 * S
    E, E_star, xyz, change = scratch[o:o + 3], scratch[o + 3:o + 6], scratch[o + 6:o + 9], scratch[o + 9]
    rest = scratch[o + 10]
    o += 11
    rates = scratch[o:o + S * S].reshape(S, S, CHUNK) if any_varies(laws) else scratch[:0].reshape(S, S, 0)
    work = scratch[o + S * S:]
    mu0 = 1.0 / (eps0 * c_light * c_light)
    drive = scratch[:0].reshape(3, 0)
    x, y, z = xyz[0], xyz[1], xyz[2]
    bad = 0
    floored = 0
    for j in range(j0, j1):
        for begin in range(0, row_cells, CHUNK):
            n = min(CHUNK, row_cells - begin)
            first = (k * ny + j) * nx + ghosts[0] + begin
            if v_field >= 0:
                gather_field(E, E_star, frame, work, W, A, D, C, v_field, u_field, recipe, 0.0, frame[0], None, 0.0, 0.0,
                             shape, ghosts, first, n)
                if tensors is not None:
                    field_size_rest(rest, frame[9], W, v_field, first, n)
            else:
                for i in range(n):
                    rest[i] = 0.0
                    E[0, i] = E[1, i] = E[2, i] = 0.0
                unit_frame(frame, n)
            for s in range(S):
                floored += gather_fluid(rho[s], start[s], u[s], eps_star[s], tensors, s, frame, x, y, z, A, D, C,
                                        u_fluid[s], models[s], recipe, floors[0], first, n)
                scale = (models[s, GAMMA] - 1.0) / (gamma[s] - 1.0)
                for i in range(n):
                    energy[s, i] = eps_star[s, i] * scale
                if forced:
                    gather_force(force[s], acceleration[s], frame, xyz, uniform, first, n)
            if rates.shape[2] > 0:
                drag_rates(rates, laws, pairs, rho, energy, u, gamma, thermal, n)
                for s in range(S):
                    for r in range(s):
                        for i in range(n):
                            rates[s, r, i] = rates[r, s, i]
            exact_rows(rho, u, E, energy, frame[9], work, qm, mass, gamma, alpha, rates, relaxation, eps0, force, drive, h,
                       n, heating)
            for s in range(S):
                if models[s, KIND] == BAROTROPIC:
                    hold_bath(energy[s], rho[s], models[s], n)
                if tensors is not None:
                    evolve_pressures(tensors[12 * s:12 * s + 6], models[s], qm[s], rho[s], rho[s], u[s], start[s],
                                     energy[s], frame[9], rest, mu0, h, EXACT, n)
                lost, raised = store_change(W, A, D, C, v_fluid[s], u_fluid[s], rho[s], rho[s], u[s], start[s], energy[s],
                                            eps_star[s], tensors, s, models[s], frame, xyz, change, recipe, floors[1],
                                            first, n)
                bad += lost
                floored += raised
            if v_field >= 0:
                from_frame(x, y, z, frame, E, n)
                for e in range(3):
                    out = W[v_field + e, first:first + n]
                    v = xyz[e]
                    for i in range(n):
                        change[i] = v[i] - E_star[e, i]
                        out[i] = v[i]
                    store(A, D, C, u_field + e, change, recipe, first, n)
    counts[0] += bad
    counts[1] += floored
