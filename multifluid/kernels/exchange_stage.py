"""The stage of a step for sources beyond constant drag: drag that depends on temperature and slip, temperature
relaxation, ionisation and recombination, acceleration.

All sources of a cell are solved together. Backward Euler over h, with m_s = rho_s u_s:

    rho_s from the reaction alone (``ionise``); it also gives D_sr, the mass that s has taken from r
    m_s - m*_s     = network of ``network``: Lorentz force and E, drag, D, acceleration
    eps_s - eps*_s = rho*_s |u_s - u*_s|^2/2 + sum_r D_sr |u_r - u_s|^2/2 + heat of drag, then ``heat``

which conserves mass, momentum and energy of matter with the field's work to round-off, every term of eps being
positive. Coefficients that depend on the solution (alpha(T, w), alpha_rec(T)) are taken from the latest state known,
that before the solve, which is then repeated with the result: the error left is of second order in h, as the step needs.
"""

from ._jit import kernel
from .codes import GAMMA
from .exchange_energy import solve_energies
from .ionise import ionise_backward_euler, recombination_row, share_particles
from .local_solve import CHUNK, from_frame, rows_needed, solve_rows, to_frame
from .network import solve_network
from .rates import alpha_row, is_constant
from .rows import copy_row
from .stage import gather_field, gather_fluid, store, store_change
from .tensor_stage import BACKWARD_EULER, MIDPOINT, evolve_pressures


@kernel
def exchange_scratch_rows(S):
    """Number of work rows (of CHUNK cells) that ``exchange_block`` needs for S fluids."""
    return 29 + 13 * S + 2 * S * S + max(2 * S * S + 14 * S + 9, rows_needed(S), S + 8)


@kernel
def drag_rates(rates, laws, pairs, rho, energy, u, gamma, thermal, n):
    """alpha of every pair s < r from the given state, rates[s, r]; ``thermal`` (S, >= n) is work, ``gamma`` (S,)."""
    S = rho.shape[0]
    for s in range(S):
        for i in range(n):
            thermal[s, i] = (gamma[s] - 1.0) * energy[s, i] / rho[s, i]
    for s in range(S):
        for r in range(s + 1, S):
            if pairs[s, r]:
                alpha_row(rates[s, r], laws[s, r], thermal[s], thermal[r], u[s, 0], u[s, 1], u[s, 2], u[r, 0], u[r, 1],
                          u[r, 2], n)


@kernel
def react(rho, before, taken, gain, loss, coefficient, work, species, zeta, mass, h, n):
    """Densities after ionisation and recombination over h, and the masses exchanged: taken[s, r] by s from r.

    rho : (S, >= n) rho*, overwritten; before : (3, >= n) densities of a positive state nearby (neutral, ion, electron),
    overwritten where they are needed
    """
    a, i_, e = species[0], species[1], species[2]
    star, spare = work[:3], work[3:5]
    for i in range(n):
        star[0, i] = rho[a, i]
        star[1, i] = rho[i_, i]
        star[2, i] = rho[e, i]
    ionise_backward_euler(gain, loss, rho[a], rho[i_], rho[e], coefficient, zeta, mass[a], mass[i_], mass[e], h, n)
    bad = 0
    for i in range(n):
        bad += 0 if (rho[a, i] > 0.0 and rho[i_, i] > 0.0 and rho[e, i] > 0.0) else 1
    if bad:
        ionise_backward_euler(spare[0], spare[1], before[0], before[1], before[2], coefficient, zeta, mass[a], mass[i_],
                              mass[e], h, n)
        for i in range(n):
            if not (rho[a, i] > 0.0 and rho[i_, i] > 0.0 and rho[e, i] > 0.0):
                rho[a, i], rho[i_, i], rho[e, i], gain[i], loss[i] = share_particles(
                    star[0, i], star[1, i], star[2, i], before[0, i], before[1, i], before[2, i], mass[a], mass[i_],
                    mass[e], h * zeta)
    for i in range(n):
        taken[i_, a, i] = mass[i_] * gain[i]
        taken[e, a, i] = mass[e] * gain[i]
        taken[a, i_, i] = mass[i_] * loss[i]
        taken[a, e, i] = mass[e] * loss[i]


@kernel
def solve_momenta(rho, rho_star, u, start, E, frame, alpha, rates, taken, force, work, qm, pairs, active, eps0, h, n):
    """Velocities and E of the backward Euler step (field frame): the perpendicular, then the parallel network."""
    S = qm.size
    cr = work[:S * S].reshape(S, S, CHUNK)
    ci = work[S * S:2 * S * S].reshape(S, S, CHUNK)
    o = 2 * S * S
    gr, gi = work[o:o + S], work[o + S:o + 2 * S]
    er, ei = work[o + 2 * S:o + 3 * S], work[o + 3 * S:o + 4 * S]
    fr, fi = work[o + 4 * S:o + 5 * S], work[o + 5 * S:o + 6 * S]
    tr, ti = work[o + 6 * S:o + 7 * S], work[o + 7 * S:o + 8 * S]
    br, bi = work[o + 8 * S:o + 9 * S], work[o + 9 * S:o + 10 * S]
    vr, vi = work[o + 10 * S:o + 11 * S], work[o + 11 * S:o + 12 * S]
    o += 12 * S
    k_r, k_i, zero, second = work[o], work[o + 1], work[o + 2], work[o + 3:o + 2 * S + 8]
    size, none = frame[9], work[o + 2 * S + 8]
    for part in range(2):
        first = 0 if part == 0 else 2
        for s in range(S):
            turn = h * qm[s] if part == 0 else 0.0
            push = h * qm[s]
            for i in range(n):
                mass = rho[s, i]
                gr[s, i] = mass
                gi[s, i] = mass * (turn * size[i])
                er[s, i] = push * mass
                ei[s, i] = 0.0
                fr[s, i] = push * mass
                fi[s, i] = 0.0
                br[s, i] = rho_star[s, i] * start[s, first, i] + h * mass * force[s, first, i]
                bi[s, i] = 0.0
            if part == 0:
                for i in range(n):
                    bi[s, i] = rho_star[s, i] * start[s, 1, i] + h * rho[s, i] * force[s, 1, i]
            for r in range(S):
                if active[s, r]:
                    for i in range(n):
                        cr[s, r, i] = taken[s, r, i]
                        ci[s, r, i] = 0.0
                if pairs[s, r]:
                    if rates.shape[2] == 0:
                        rate = h * alpha[s, r]
                        for i in range(n):
                            cr[s, r, i] += rate * rho[s, i] * rho[r, i]
                    else:
                        of_pair = rates[min(s, r), max(s, r)]
                        for i in range(n):
                            cr[s, r, i] += h * of_pair[i] * rho[s, i] * rho[r, i]
        if part == 0:
            solve_network(vr, vi, E[0], E[1], br, bi, cr, ci, gr, gi, er, ei, fr, fi, tr, ti, k_r, k_i, second, size, eps0,
                          active, n)
            for s in range(S):
                for i in range(n):
                    u[s, 0, i] = vr[s, i]
                    u[s, 1, i] = vi[s, i]
        else:
            for i in range(n):
                zero[i] = 0.0
                none[i] = 0.0
            solve_network(vr, vi, E[2], zero, br, bi, cr, ci, gr, gi, er, ei, fr, fi, tr, ti, k_r, k_i, second, none, eps0,
                          active, n)
            for s in range(S):
                for i in range(n):
                    u[s, 2, i] = vr[s, i]


@kernel
def backward_euler(rho, rho_star, u, start, E, E_start, energy, eps_star, frame, rates, taken, force, work, rows, qm, mass,
                   models, laws, alpha, pairs, active, couples, relaxation, species, reaction, eps0, h, own, energy_step,
                   passes, n):
    """Solve all sources over h, ``passes`` times with coefficients from the latest state (``E_start`` is E*).

    ``rates`` (S, S, CHUNK) is work for drag coefficients; without cells, (S, S, 0), drag is ``alpha`` everywhere."""
    S = qm.size
    reacts = species[0] >= 0
    gamma = models[:, GAMMA]
    # work rows 0 to 4 are those of ``react`` and ``drag_rates``
    before = work[S + 5:S + 8]
    for _ in range(passes):
        if rates.shape[2] > 0:
            drag_rates(rates, laws, pairs, rho, energy, u, gamma, work, n)
        if reacts:
            recombination_row(rows[2], rho[species[2]], energy[species[2]], mass[species[2]], gamma[species[2]],
                              reaction[1], reaction[2], reaction[3], n)
            for k in range(3):
                for i in range(n):
                    before[k, i] = rho[species[k], i]
                    rows[4 + k, i] = energy[species[k], i] / rho[species[k], i]
        for s in range(S):
            for i in range(n):
                rho[s, i] = rho_star[s, i]
        if reacts:
            react(rho, before, taken, rows[0], rows[1], rows[2], work, species, reaction[0], mass, h, n)
        for part in range(3):
            for i in range(n):
                E[part, i] = E_start[part, i]
        if reacts:
            solve_momenta(rho, rho_star, u, start, E, frame, alpha, rates, taken, force, work, qm, pairs, active, eps0, h,
                          n)
        else:
            for s in range(S):
                for part in range(3):
                    for i in range(n):
                        u[s, part, i] = start[s, part, i] + h * force[s, part, i]
            solve_rows(rho, u, E, frame, work, qm, alpha, rates, active, couples, eps0, h, n)
        solve_energies(energy, eps_star, rho, rho_star, u, start, alpha, rates, taken, rows[4:7], work, mass, models, pairs,
                       active, relaxation, species, own, energy_step, n)


@kernel
def gather_force(force, acceleration, frame, xyz, uniform, first, n):
    """Acceleration (3, cells or 1) of one fluid in n cells, in the frame of B; ``xyz`` (3, >= n) is work."""
    for part in range(3):
        out = xyz[part]
        if uniform:
            everywhere = acceleration[part, 0]
            for i in range(n):
                out[i] = everywhere
        else:
            copy_row(out, acceleration[part, first:first + n], n)
    to_frame(force, frame, xyz[0], xyz[1], xyz[2], n)


@kernel
def exchange_block(W, A, D, C, scratch, tensors, qm, mass, models, v_fluid, u_fluid, v_field, u_field, laws, alpha, pairs,
                   active, couples, relaxation, species, reaction, acceleration, passes, c_light, eps0, h, recipe,
                   kind, inverse_dx, metric, near, far, floors, shape, ghosts, counts, k, j0, j1):
    """Gather, solve and store over the block of rows (k, j0 <= j < j1); arguments as in ``stage.stage_block``, and

    laws : (S, S, 5) drag laws (``rates``), alpha their constant part; pairs, active : (S, S) nonzero pattern of drag,
        and of all exchange with fill-in; couples : (S,) as in ``local_solve``
    relaxation : coefficient of temperature relaxation (Schunk: 3; 0 is off)
    species : (3,) neutral, ion, electron of the reaction, or (-1, -1, -1); reaction : (zeta, a, T0, b)
    acceleration : (S, 3, cells) or (S, 3, 1) if uniform
    passes : 2 where coefficients depend on the solution, else 1
    kind : BACKWARD_EULER, or MIDPOINT without reaction; its exchange of heat is backward Euler over h
    """
    nx, ny = shape[0], shape[1]
    row_cells = nx - 2 * ghosts[0]
    S = qm.size
    frame = scratch[:10]
    o = 10
    rho_star, rho = scratch[o:o + S], scratch[o + S:o + 2 * S]
    eps_star, energy = scratch[o + 2 * S:o + 3 * S], scratch[o + 3 * S:o + 4 * S]
    o += 4 * S
    start = scratch[o:o + 3 * S].reshape(S, 3, CHUNK)
    u = scratch[o + 3 * S:o + 6 * S].reshape(S, 3, CHUNK)
    force = scratch[o + 6 * S:o + 9 * S].reshape(S, 3, CHUNK)
    o += 9 * S
    E, E_start, E_star, xyz = scratch[o:o + 3], scratch[o + 3:o + 6], scratch[o + 6:o + 9], scratch[o + 9:o + 12]
    rows = scratch[o + 12:o + 19]
    o += 19
    rates = scratch[o:o + S * S].reshape(S, S, CHUNK) if any_varies(laws) else scratch[:0].reshape(S, S, 0)
    taken = scratch[o + S * S:o + 2 * S * S].reshape(S, S, CHUNK)
    o += 2 * S * S
    work = scratch[o:]
    size = frame[9]
    mu0 = 1.0 / (eps0 * c_light * c_light)
    x, y, z = xyz[0], xyz[1], xyz[2]
    change = rows[3]
    midpoint = kind == MIDPOINT
    step = 0.5 * h if midpoint else h
    own = 0.0 if midpoint else 0.5
    drive = step * c_light * c_light if near != 0.0 else 0.0
    uniform = acceleration.shape[2] == 1
    bad = 0
    floored = 0
    for s in range(S):
        for r in range(S):
            for i in range(CHUNK):
                taken[s, r, i] = 0.0
        for part in range(3):
            for i in range(CHUNK):
                force[s, part, i] = 0.0
    later = (passes > 1 or species[0] >= 0) and (recipe[0] != 0.0 or recipe[1] != 0.0)
    forced = not (uniform and is_zero(acceleration))
    for j in range(j0, j1):
        for begin in range(0, row_cells, CHUNK):
            n = min(CHUNK, row_cells - begin)
            first = (k * ny + j) * nx + ghosts[0] + begin
            if v_field >= 0:
                gather_field(E_start, E_star, frame, work, W, A, D, C, v_field, u_field, recipe, drive, inverse_dx, metric,
                             near, far, shape, ghosts, first, n)
            else:
                for i in range(n):
                    x[i] = 0.0
                    for part in range(3):
                        E_start[part, i] = 0.0
                unit_frame(frame, n)
            for s in range(S):
                floored += gather_fluid(rho_star[s], start[s], u[s], eps_star[s], tensors, s, frame, x, y, z, A, D, C,
                                        u_fluid[s], models[s], recipe, floors[0], first, n)
                guess_state(rho[s], u[s], energy[s], rho_star[s], eps_star[s], W, v_fluid[s], models[s, GAMMA], later, first,
                            n)
                if forced:
                    gather_force(force[s], acceleration[s], frame, xyz, uniform, first, n)
            backward_euler(rho, rho_star, u, start, E, E_start, energy, eps_star, frame, rates, taken, force, work,
                           rows, qm, mass, models, laws, alpha, pairs, active, couples, relaxation, species, reaction,
                           eps0, step, own, h, passes, n)
            if tensors is not None:
                for s in range(S):
                    evolve_pressures(tensors[12 * s:12 * s + 6], models[s], qm[s], rho[s], rho_star[s], u[s], start[s],
                                     energy[s], size, size[:0], mu0, h, MIDPOINT if midpoint else BACKWARD_EULER, n)
            if midpoint:
                for s in range(S):
                    for part in range(3):
                        for i in range(n):
                            u[s, part, i] = 2.0 * u[s, part, i] - start[s, part, i]
            for s in range(S):
                lost, raised = store_change(W, A, D, C, v_fluid[s], u_fluid[s], rho[s], rho_star[s], u[s], start[s],
                                            energy[s], eps_star[s], tensors, s, models[s], frame, xyz, change, recipe,
                                            floors[1], first, n)
                bad += lost
                floored += raised
            if v_field >= 0:
                from_frame(x, y, z, frame, E, n)
                for e in range(3):
                    v = xyz[e]
                    out = W[v_field + e, first:first + n]
                    for i in range(n):
                        change[i] = 2.0 * (v[i] - E_star[e, i]) if midpoint else v[i] - E_star[e, i]
                        out[i] = E_star[e, i] + change[i] if midpoint else v[i]
                    store(A, D, C, u_field + e, change, recipe, first, n)
    counts[0] += bad
    counts[1] += floored


@kernel
def guess_state(rho, u, energy, rho_star, eps_star, W, v, gamma, later, first, n):
    """A state near the answer, for the first coefficients: U* at the start of a step, else the stage before (``later``).

    U* of a later stage is extrapolated: where sources are stiff it may be no state at all."""
    if not later:
        for i in range(n):
            rho[i] = rho_star[i]
            energy[i] = eps_star[i]
        return
    inverse = 1.0 / (gamma - 1.0)
    copy_row(rho, W[v, first:first + n], n)
    p = W[v + 4, first:first + n]
    for i in range(n):
        energy[i] = inverse * p[i]
    # not turned into the frame: only slips matter
    for part in range(3):
        copy_row(u[part], W[v + 1 + part, first:first + n], n)


@kernel
def any_varies(laws):
    """Whether any pair's alpha depends on the state."""
    for s in range(laws.shape[0]):
        for r in range(s + 1, laws.shape[0]):
            if not is_constant(laws[s, r]):
                return True
    return False


@kernel
def is_zero(array):
    """Whether every entry of a small (S, 3, 1) array is zero."""
    for s in range(array.shape[0]):
        for part in range(array.shape[1]):
            if array[s, part, 0] != 0.0:
                return False
    return True


@kernel
def unit_frame(frame, n):
    """Axes x, y, z, and no field."""
    for row in range(10):
        value = 1.0 if row == 0 or row == 4 or row == 8 else 0.0
        for i in range(n):
            frame[row, i] = value
