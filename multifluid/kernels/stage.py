"""One stage of a step, cell by cell: gather U*, solve the local sources, store primitives and increments.

U* = A + d D + c C, where A is the state at the start of the step, D the sum of flux divergences and C the sum of
source increments so far. Afterwards C = ca A + cd D + cc C + gain (U - U*): the sum goes on, or becomes the new
state. ``recipe`` holds (d, c, ca, cd, cc, gain); see ``multifluid.stepping`` for the values.
"""

from ._jit import kernel
from .closures import EMPTY, barotropic_row, count_bad
from .codes import BAROTROPIC, CONSTANT, FIRST, FIVE, GAMMA, KIND, SECOND, SIX, TEN
from .local_solve import CHUNK, field_frame, from_frame, rows_needed, solve_rows, to_frame
from .maxwell import curl_row, faces_in_row
from .rows import copy_row
from .tensor_stage import BACKWARD_EULER, EXACT, MIDPOINT, NO_SOURCE, evolve_pressures, gather_pressures, turn_back

__all__ = ["BACKWARD_EULER", "EXACT", "MIDPOINT", "NO_SOURCE", "stage_block", "stage_scratch_rows"]


@kernel
def stage_scratch_rows(S):
    """Number of work rows (of CHUNK cells) that ``stage_block`` needs for S fluids."""
    return 10 + rows_needed(S) + 8 * S + 11


@kernel
def tensor_scratch_rows(S):
    """Number of work rows (of CHUNK cells) for the tensors of S fluids: of each P, then what was gathered."""
    return 12 * S


@kernel
def gather(out, A, D, C, row, recipe, first, n):
    """out = A + d D + c C of one variable; an array whose weight is zero is not read."""
    d, c = recipe[0], recipe[1]
    a = A[row, first:first + n]
    if d == 0.0 and c == 0.0:
        for i in range(n):
            out[i] = a[i]
        return
    x = D[row, first:first + n]
    if c == 0.0:
        for i in range(n):
            out[i] = a[i] + d * x[i]
        return
    y = C[row, first:first + n]
    for i in range(n):
        out[i] = a[i] + d * x[i] + c * y[i]


@kernel
def store(A, D, C, row, increment, recipe, first, n):
    """C = ca A + cd D + cc C + gain increment of one variable.

    Memory is what a stage waits for: arrays whose weights are zero are not read."""
    ca, cd, cc, gain = recipe[2], recipe[3], recipe[4], recipe[5]
    y = C[row, first:first + n]
    if ca == 0.0 and cd == 0.0 and cc == 0.0:
        for i in range(n):
            y[i] = gain * increment[i]
    elif ca == 0.0 and cd == 0.0:
        for i in range(n):
            y[i] = cc * y[i] + gain * increment[i]
    else:
        a = A[row, first:first + n]
        x = D[row, first:first + n]
        for i in range(n):
            y[i] = ca * a[i] + cd * x[i] + cc * y[i] + gain * increment[i]


@kernel
def store_steady(A, D, C, row, recipe, first, n):
    """``store`` of a variable that no source changes."""
    ca, cd, cc = recipe[2], recipe[3], recipe[4]
    y = C[row, first:first + n]
    if ca != 0.0 or cd != 0.0:
        a = A[row, first:first + n]
        x = D[row, first:first + n]
        for i in range(n):
            y[i] = ca * a[i] + cd * x[i] + cc * y[i]
    elif cc != 1.0:
        for i in range(n):
            y[i] = cc * y[i] if cc != 0.0 else 0.0


@kernel
def faces_block(W, A, D, C, v_field, u_field, recipe, shape, ghosts, k, j0, j1):
    """Face B of the stage (which no local source changes) into W rows v_field + 6..8, one face beyond the cells."""
    nx, ny = shape[0], shape[1]
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for b in range(3):
            n = faces_in_row(b, shape, ghosts, k, j)
            u = u_field + 3 + b
            gather(W[v_field + 6 + b, first:first + n], A, D, C, u, recipe, first, n)
            store_steady(A, D, C, u, recipe, first, n)


@kernel
def gather_field(E, E_star, frame, work, W, A, D, C, v_field, u_field, recipe, drive, inverse_dx, metric, near, far, shape,
                 ghosts, first, n):
    """E* of n cells into ``E_star`` (x, y, z) and, with h c^2 curl B = drive curl B added, into ``E`` (frame)."""
    field_frame(frame, W[v_field + 3, first:first + n], W[v_field + 4, first:first + n],
                W[v_field + 5, first:first + n], n)
    for e in range(3):
        gather(E_star[e], A, D, C, u_field + e, recipe, first, n)
        if drive != 0.0:
            curl_row(work[e], W, v_field + 3, e, shape, ghosts, inverse_dx, metric, near, far, drive, first, n)
            for i in range(n):
                work[e, i] += E_star[e, i]
        else:
            for i in range(n):
                work[e, i] = E_star[e, i]
    to_frame(E, frame, work[0], work[1], work[2], n)


@kernel
def gather_fluid(rho, start, u, energy, tensors, s, frame, x, y, z, A, D, C, row, model, recipe, floor, first, n):
    """rho*, velocity u* (frame), internal energy density and, of six and ten moments, P* (frame) of fluid s.

    ``tensors`` is as in ``stage_block``. Returns how often the floor acted."""
    floored = 0
    kind = model[KIND]
    gather(rho, A, D, C, row, recipe, first, n)
    gather(x, A, D, C, row + 1, recipe, first, n)
    gather(y, A, D, C, row + 2, recipe, first, n)
    gather(z, A, D, C, row + 3, recipe, first, n)
    if floor > 0.0:
        for i in range(n):
            floored += 1 if rho[i] < floor else 0
            rho[i] = max(rho[i], floor)
    if kind == BAROTROPIC and model[CONSTANT] == 0.0:
        for i in range(n):
            # a negative density stays, to be seen and mended, unless it is what fluxes took from an empty cell
            rho[i] = max(rho[i], EMPTY) if rho[i] >= -EMPTY else rho[i]
    for i in range(n):
        inverse = 1.0 / rho[i]
        x[i] *= inverse
        y[i] *= inverse
        z[i] *= inverse
    if kind == BAROTROPIC:
        barotropic_row(energy, rho, model, n)
        inverse_g = 1.0 / (model[GAMMA] - 1.0)
        for i in range(n):
            energy[i] *= inverse_g
    elif kind != TEN:
        gather(energy, A, D, C, row + 4, recipe, first, n)
        for i in range(n):
            energy[i] -= 0.5 * rho[i] * (x[i] * x[i] + y[i] * y[i] + z[i] * z[i])
    if tensors is not None:
        if kind >= SIX:
            own = tensors[12 * s:12 * s + 12]
            for k in range(6 if kind == TEN else 1):
                gather(own[6 + k], A, D, C, row + (4 if kind == TEN else 5) + k, recipe, first, n)
            gather_pressures(own, kind, rho, energy, x, y, z, frame, n)
    to_frame(start, frame, x, y, z, n)
    for part in range(3):
        for i in range(n):
            u[part, i] = start[part, i]
    return floored


@kernel
def drag_heat(heat, s, rho, u, alpha, mass, h, n):
    """h sum_r alpha_sr rho_s rho_r |u_s - u_r|^2 m_r/(m_s + m_r): the share of each pair's slip energy that heats s."""
    for i in range(n):
        heat[i] = 0.0
    for r in range(mass.size):
        if alpha[s, r] > 0.0:
            share = h * alpha[s, r] * mass[r] / (mass[s] + mass[r])
            for i in range(n):
                a = u[s, 0, i] - u[r, 0, i]
                b = u[s, 1, i] - u[r, 1, i]
                c = u[s, 2, i] - u[r, 2, i]
                heat[i] += share * rho[s, i] * rho[r, i] * (a * a + b * b + c * c)


@kernel
def energy_increment(change, energy, momentum, u, start, rho, heat, midpoint, n):
    """Total-energy change of a fluid (``change``), its internal energy (updated) and momentum change (frame).

    Backward Euler: e - e* = rho u.(u - u*) + heat, of which rho |u - u*|^2/2 + heat is internal. Midpoint (u is
    half-way): the kinetic energy changes by work alone, the internal energy by the heat of drag alone.
    """
    extrapolate = 2.0 if midpoint else 1.0
    own = 0.0 if midpoint else 0.5
    for i in range(n):
        a = u[0, i] - start[0, i]
        b = u[1, i] - start[1, i]
        c = u[2, i] - start[2, i]
        along = u[0, i] * a + u[1, i] * b + u[2, i] * c
        mass = extrapolate * rho[i]
        change[i] = heat[i] + mass * along
        energy[i] += heat[i] + own * rho[i] * (a * a + b * b + c * c)
        momentum[0, i] = mass * a
        momentum[1, i] = mass * b
        momentum[2, i] = mass * c


@kernel
def store_pressures(tensors, kind, rho, x, y, z, frame, A, D, C, row, recipe, first, n):
    """Store the increments of p_par (six moments) or of rho u_i u_j + P_ij (ten; P is turned to x, y, z) since they were
    gathered; ``tensors`` (12, CHUNK) holds P and what was gathered, which is used up."""
    gathered = tensors[6:12]
    if kind == SIX:
        par, before = tensors[5], gathered[0]
        for i in range(n):
            before[i] = par[i] - before[i]
        store(A, D, C, row + 5, before, recipe, first, n)
    elif kind == TEN:
        turn_back(tensors, rho, x, y, z, frame, n)
        for k in range(6):
            store(A, D, C, row + 4 + k, gathered[k], recipe, first, n)


@kernel
def store_primitives(W, v, rho, x, y, z, energy, tensors, s, model, floor, first, n):
    """Write the primitives of fluid s; returns (cells that are not positive and finite, cells the floor acted on)."""
    floored = 0
    kind = model[KIND]
    copy_row(W[v, first:first + n], rho, n)
    copy_row(W[v + 1, first:first + n], x, n)
    copy_row(W[v + 2, first:first + n], y, n)
    copy_row(W[v + 3, first:first + n], z, n)
    w4 = W[v + 4, first:first + n]
    g = model[GAMMA] - 1.0
    if kind == BAROTROPIC:
        barotropic_row(w4, rho, model, n)
    else:
        for i in range(n):
            w4[i] = g * energy[i]
    if tensors is not None:
        if kind >= SIX:
            P = tensors[12 * s:12 * s + 6]
            for k in range(6 if kind == TEN else 2):
                # six moments: p_par, p_perp
                copy_row(W[v + 5 + k, first:first + n], P[k if kind == TEN else 5 - 5 * k], n)
            if floor > 0.0:
                for i in range(n):
                    if w4[i] < floor:
                        for k in range(6 if kind == TEN else 2):
                            W[v + 5 + k, first + i] = floor if kind == SIX or FIRST[k] == SECOND[k] else 0.0
    if floor > 0.0 and kind != BAROTROPIC:
        for i in range(n):
            floored += 1 if w4[i] < floor else 0
            w4[i] = max(w4[i], floor)
    return count_bad(W, model, v, first, n), floored


@kernel
def store_change(W, A, D, C, v, row, rho, rho_star, u, start, energy, eps_star, tensors, s, model, frame, xyz, change,
                 recipe, floor, first, n):
    """Store the primitives of fluid s and the increments of its conserved variables, by difference; ``start`` is used up.

    Returns (cells that are not positive and finite, cells the floor acted on)."""
    x, y, z = xyz[0], xyz[1], xyz[2]
    kind = model[KIND]
    for i in range(n):
        change[i] = rho[i] - rho_star[i]
    store(A, D, C, row, change, recipe, first, n)
    if kind == FIVE or kind == SIX:
        for i in range(n):
            after = u[0, i] * u[0, i] + u[1, i] * u[1, i] + u[2, i] * u[2, i]
            before = start[0, i] * start[0, i] + start[1, i] * start[1, i] + start[2, i] * start[2, i]
            change[i] = (energy[i] - eps_star[i]) + 0.5 * (rho[i] * after - rho_star[i] * before)
        store(A, D, C, row + 4, change, recipe, first, n)
    for part in range(3):
        for i in range(n):
            start[part, i] = rho[i] * u[part, i] - rho_star[i] * start[part, i]
    from_frame(x, y, z, frame, start, n)
    for part in range(3):
        store(A, D, C, row + 1 + part, xyz[part], recipe, first, n)
    from_frame(x, y, z, frame, u, n)
    if tensors is not None:
        store_pressures(tensors[12 * s:12 * s + 12], kind, rho, x, y, z, frame, A, D, C, row, recipe, first, n)
    return store_primitives(W, v, rho, x, y, z, energy, tensors, s, model, floor, first, n)


@kernel
def stage_block(W, A, D, C, scratch, tensors, qm, mass, models, v_fluid, u_fluid, v_field, u_field, alpha, pairs, couples,
                c_light, eps0, h, recipe, kind, inverse_dx, metric, near, far, floors, shape, ghosts, counts, k, j0,
                j1):
    """Gather, solve and store over the block of rows (k, j0 <= j < j1).

    Parameters
    ----------
    W : primitive variables of the stage (out; its cell-centred B is read)
    A, D, C : start of step, flux sum, source sum (C is updated as in ``store``)
    scratch : (``stage_scratch_rows(S)``, CHUNK)
    tensors : (``tensor_scratch_rows(S)``, CHUNK), None if no fluid has six or ten moments: then the compiler need not
        see what they take
    h : implicit step of the stage; kind : BACKWARD_EULER, MIDPOINT (time-centred: the backward Euler solve over h/2,
        extrapolated) or NO_SOURCE
    near, far : weights of ``curl_row`` for c^2 curl B, which drives E inside the solve; (0, 0) leaves it out
    floors : (density, pressure); 0 is off
    counts : (2,) += cells (per fluid) that are not positive and finite, and that a floor acted on
    """
    nx, ny = shape[0], shape[1]
    row_cells = nx - 2 * ghosts[0]
    S = qm.size
    o = 10 + rows_needed(S)
    frame = scratch[:10]
    work = scratch[10:o]
    rho = scratch[o:o + S]
    u = scratch[o + S:o + 4 * S].reshape(S, 3, CHUNK)
    start = scratch[o + 4 * S:o + 7 * S].reshape(S, 3, CHUNK)
    energy = scratch[o + 7 * S:o + 8 * S]
    o += 8 * S
    E = scratch[o:o + 3]
    E_star = scratch[o + 3:o + 6]
    xyz = scratch[o + 6:o + 9]
    x, y, z = xyz[0], xyz[1], xyz[2]
    change, heat = scratch[o + 9], scratch[o + 10]
    size = frame[9]
    mu0 = 1.0 / (eps0 * c_light * c_light)
    no_rates = work[:0].reshape(S, S, 0)
    midpoint = kind == MIDPOINT
    step = 0.5 * h if midpoint else h
    drive = step * c_light * c_light if near != 0.0 else 0.0
    bad = 0
    floored = 0
    for j in range(j0, j1):
        for begin in range(0, row_cells, CHUNK):
            n = min(CHUNK, row_cells - begin)
            first = (k * ny + j) * nx + ghosts[0] + begin
            if v_field >= 0:
                gather_field(E, E_star, frame, work, W, A, D, C, v_field, u_field, recipe, drive, inverse_dx, metric,
                             near, far, shape, ghosts, first, n)
            else:
                for i in range(n):
                    x[i] = 0.0
                field_frame(frame, x, x, x, n)
            for s in range(S):
                floored += gather_fluid(rho[s], start[s], u[s], energy[s], tensors, s, frame, x, y, z, A, D, C,
                                        u_fluid[s], models[s], recipe, floors[0], first, n)
            if kind != NO_SOURCE:
                solve_rows(rho, u, E, frame, work, qm, alpha, no_rates, pairs, couples, eps0, step, n)
            for s in range(S):
                momentum = work[3 * s:3 * s + 3]
                if kind == NO_SOURCE:
                    for i in range(n):
                        heat[i] = 0.0
                else:
                    drag_heat(heat, s, rho, u, alpha, mass, h, n)
                energy_increment(change, energy[s], momentum, u[s], start[s], rho[s], heat, midpoint, n)
                closure = models[s, KIND]
                if closure == FIVE or closure == SIX:
                    store(A, D, C, u_fluid[s] + 4, change, recipe, first, n)
                if tensors is not None:
                    evolve_pressures(tensors[12 * s:12 * s + 6], models[s], qm[s], rho[s], rho[s], u[s], start[s],
                                     energy[s], size, size[:0], mu0, h, kind, n)
            for s in range(S):
                momentum = work[3 * s:3 * s + 3]
                if midpoint:
                    for part in range(3):
                        for i in range(n):
                            u[s, part, i] = 2.0 * u[s, part, i] - start[s, part, i]
                from_frame(x, y, z, frame, u[s], n)
                if tensors is not None:
                    store_pressures(tensors[12 * s:12 * s + 12], models[s, KIND], rho[s], x, y, z, frame, A, D, C,
                                    u_fluid[s], recipe, first, n)
                lost, raised = store_primitives(W, v_fluid[s], rho[s], x, y, z, energy[s], tensors, s, models[s],
                                                floors[1], first, n)
                bad += lost
                floored += raised
                from_frame(x, y, z, frame, momentum, n)
                for part in range(3):
                    store(A, D, C, u_fluid[s] + 1 + part, xyz[part], recipe, first, n)
                store_steady(A, D, C, u_fluid[s], recipe, first, n)
            if v_field >= 0:
                from_frame(x, y, z, frame, E, n)
                for e in range(3):
                    v = xyz[e]
                    out = W[v_field + e, first:first + n]
                    if midpoint:
                        for i in range(n):
                            change[i] = 2.0 * (v[i] - E_star[e, i])
                            out[i] = E_star[e, i] + change[i]
                    else:
                        for i in range(n):
                            change[i] = v[i] - E_star[e, i]
                            out[i] = v[i]
                    store(A, D, C, u_field + e, change, recipe, first, n)
    counts[0] += bad
    counts[1] += floored
