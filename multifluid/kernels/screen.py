"""Screened signal speeds: how fast a cell carries a signal when its plasma may answer within the step.

With h the part of the step that screens (``screening`` dt; 0 keeps c) and, per charged species,
omega_s^2 = q_s^2 n_s/(eps0 m_s), Omega_s = q_s |B|/m_s:

    k_s   = 1 + sum_n nu_sn dt/(1 + nu_n dt)               inertia that drag locks to s within a step
    chi   = sum_s omega_s^2 h^2/(k_s + i Omega_s h)        response to E in one stage (Pedersen and Hall)
    f     = omega_p^2 h^2/(1 + omega_p^2 h^2)              0: skin depth resolved, 1: quasi-neutral
    rho_  = sum_s k_s rho_s
    c_s^2 = (sum_s rho_s c_own,s^2 + sum_n rho_n c_own,n^2 nu_n dt/(1 + nu_n dt))/rho_
    v_A^2 = (B^2/mu0 rho_)/(1 + B^2/(mu0 rho_ c^2)),   v_f^2 = v_A^2 + c_s^2
    a_B   = min(c, sqrt(c^2/|1 + chi| + f c_s^2)) + f |u|
    a_s   = |u| + max(sqrt((1 - f_s) c_own^2 + f_s min(c_own, v_f)^2), f_s v_f)
    a_n   = |u| + max(c_own, v_f nu_n dt/(1 + nu_n dt))

nu_sn = alpha_sn rho_n, nu_n = sum_s alpha_sn rho_s. A charged fluid that holds a small share of the charge and is
hardly tied to the field (dust) takes f_s = f min(1, coupling + 2 share) with coupling
Omega_s^2 h^2/(k_s^2 + Omega_s^2 h^2) and share |q_s n_s|/sum|q n|; for electrons and one ion species f_s = f.
A charged fluid of ten moments also carries transverse waves, of its P_nt: electrons shear at sqrt(P_nn/rho) where their
induction lets them, k d_s > 1, and at k d_s times that where it does not. a_s is at least this at the shortest wave,
k = pi/dx: sqrt(P_nn/rho k^2 d_s^2/(1 + k^2 d_s^2)), d_s = c/omega_s.
c_own is the closure's: sqrt(gamma p/rho), or the fastest of a tensor's speeds (``closures.own_speed_squared``).
"""

import math

from ._jit import kernel
from .closures import own_speed_squared
from .codes import KIND, SHORTEST, TEN
from .drift import add_friction, drift_speeds, hold
from .rates import alpha_row


@kernel
def has_drag(law):
    """Whether a pair has drag at all."""
    return law[0] > 0.0 or law[1] > 0.0 or law[3] > 0.0


@kernel
def pair_alpha(work, law, W, v_s, v_r, first, n):
    """Drag coefficient of one pair from the primitives of n cells into work[9] (rows 10 and 11 are used up)."""
    if law[1] != 0.0 or law[3] != 0.0:
        for row in range(2):
            v = v_s if row == 0 else v_r
            p, rho, out = W[v + 4, first:first + n], W[v, first:first + n], work[10 + row]
            for i in range(n):
                out[i] = p[i] / rho[i]
    alpha_row(work[9], law, work[10], work[11], W[v_s + 1, first:first + n], W[v_s + 2, first:first + n],
              W[v_s + 3, first:first + n], W[v_r + 1, first:first + n], W[v_r + 2, first:first + n],
              W[v_r + 3, first:first + n], n)


@kernel
def signals_row(signals, rates, W, work, qm, v_fluid, models, laws, v_field, c, eps0, dt, screening, ghosts, limited,
                inverse_dx, first, n):
    """Signal speeds of n cells: rows 0..S-1 of ``signals`` in each fluid's frame, without |u|; rows S..S+2: a_B along
    x, y, z (flat axes are left out), if ``limited`` no more than drag lets B drift (``kernels.drift``). ``rates`` is unused
    space of S rows for the locking share of each neutral."""
    S = qm.size
    h = screening * dt
    h2 = h * h
    # chi_i: the imaginary part of chi over |B|, so that no root of B^2 is taken
    b2, chi_r, chi_i, plasma, inertia, pressure, charge = (
        work[0], work[1], work[2], work[3], work[4], work[5], work[6])
    friction, k_s, alpha = work[7], work[8], work[9]
    if v_field >= 0:
        bx = W[v_field + 3, first:first + n]
        by = W[v_field + 4, first:first + n]
        bz = W[v_field + 5, first:first + n]
        for i in range(n):
            b2[i] = bx[i] * bx[i] + by[i] * by[i] + bz[i] * bz[i]
    else:
        for i in range(n):
            b2[i] = 0.0
    for i in range(n):
        chi_r[i] = 1.0
        chi_i[i] = 0.0
        plasma[i] = 0.0
        inertia[i] = 0.0
        pressure[i] = 0.0
        charge[i] = 0.0
    if limited:
        for i in range(n):
            friction[i] = 0.0
    # squares of speeds in ``signals`` until the last one is known
    for s in range(S):
        own_speed_squared(signals[s, first:first + n], W, models[s], v_fluid[s], ghosts, first, n)
    # how far each neutral fluid follows the charged ones within the step
    for s in range(S):
        if qm[s] == 0.0:
            share = rates[s]
            for i in range(n):
                share[i] = 0.0
            for r in range(S):
                if qm[r] != 0.0 and has_drag(laws[s, r]):
                    pair_alpha(work, laws[s, r], W, v_fluid[s], v_fluid[r], first, n)
                    rho = W[v_fluid[r], first:first + n]
                    for i in range(n):
                        share[i] += dt * alpha[i] * rho[i]
            rho, own2 = W[v_fluid[s], first:first + n], signals[s, first:first + n]
            for i in range(n):
                pressure[i] += own2[i] * rho[i] * share[i] / (1.0 + share[i])
    for s in range(S):
        if qm[s] != 0.0:
            rho, own2 = W[v_fluid[s], first:first + n], signals[s, first:first + n]
            for i in range(n):
                k_s[i] = 1.0
            for r in range(S):
                if qm[r] == 0.0 and has_drag(laws[s, r]):
                    pair_alpha(work, laws[s, r], W, v_fluid[s], v_fluid[r], first, n)
                    rho_n = W[v_fluid[r], first:first + n]
                    share = rates[r]
                    for i in range(n):
                        k_s[i] += dt * alpha[i] * rho_n[i] / (1.0 + share[i])
                    if limited:
                        add_friction(friction, alpha, rho, rho_n, n)
            rate = rates[s]
            ratio = qm[s]
            stiffness = ratio * ratio * h2 / eps0
            turn = ratio * h
            for i in range(n):
                w = stiffness * rho[i]
                angle2 = turn * turn * b2[i]
                norm = 1.0 / (k_s[i] * k_s[i] + angle2)
                chi_r[i] += w * k_s[i] * norm
                chi_i[i] -= w * turn * norm
                plasma[i] += w
                inertia[i] += k_s[i] * rho[i]
                pressure[i] += own2[i] * rho[i]
                charge[i] += abs(ratio) * rho[i]
                rate[i] = angle2 * norm
    fast2 = work[8]
    shear2 = work[7]
    field = work[9]
    quasi = work[10]
    inverse_c2 = 1.0 / (c * c)
    for i in range(n):
        f = plasma[i] / (1.0 + plasma[i]) if screening > 0.0 else 0.0
        mass = max(inertia[i], 1.0e-300)
        tension = b2[i] * (eps0 * c * c)
        va2 = tension / (mass + tension * inverse_c2)
        cs2 = pressure[i] / mass if inertia[i] > 0.0 else 0.0
        fast2[i] = va2 + cs2
        response = math.sqrt(chi_r[i] * chi_r[i] + chi_i[i] * chi_i[i] * b2[i]) if screening > 0.0 else 1.0
        field[i] = min(c, math.sqrt(c * c / response + f * cs2))
        quasi[i] = f
    together, eta = work[1], work[2]
    if limited:
        drift_speeds(together, eta, friction, b2, work[3:5], W, v_fluid, eps0 * c * c, first, n)
    for s in range(S):
        rho = W[v_fluid[s], first:first + n]
        rate = rates[s]
        out = signals[s, first:first + n]
        if qm[s] == 0.0:
            if screening > 0.0:
                for i in range(n):
                    share = rate[i] / (1.0 + rate[i])
                    out[i] = max(out[i], fast2[i] * (share * share))
        else:
            ratio = abs(qm[s])
            shears = models[s, KIND] == TEN and screening > 0.0
            if shears:
                # k^2 d_s^2 rho at the shortest wave, and P_nn/rho a third of the own speed's square
                skin = models[s, SHORTEST] * (eps0 * c * c) / (ratio * ratio)
                for i in range(n):
                    shear2[i] = (1.0 / 3.0) * out[i] * skin / (rho[i] + skin)
            for i in range(n):
                f = quasi[i] * min(1.0, rate[i] + 2.0 * ratio * rho[i] / charge[i])
                out[i] = max((1.0 - f) * out[i] + f * min(out[i], fast2[i]), f * f * fast2[i])
            if shears:
                for i in range(n):
                    out[i] = max(out[i], shear2[i])
        for i in range(n):
            out[i] = math.sqrt(out[i])
    if v_field >= 0:
        fastest = work[8]
        for d in range(3):
            if ghosts[d] == 0:
                continue
            out = signals[S + d, first:first + n]
            for i in range(n):
                fastest[i] = 0.0
            for s in range(S):
                u = W[v_fluid[s] + 1 + d, first:first + n]
                for i in range(n):
                    fastest[i] = max(fastest[i], abs(u[i]))
            for i in range(n):
                out[i] = field[i] + quasi[i] * fastest[i]
            if limited:
                hold(out, fastest, together, eta, inverse_dx[d], n)


@kernel
def signal_speeds(signals, W, scratch, qm, v_fluid, models, laws, v_field, c, eps0, dt, screening, ghosts, limited,
                  inverse_dx, width, row0, row1):
    """Signal speeds of all cells of rows row0 <= row < row1 (rows of ``width`` cells, ghosts included).

    Rows follow one another in memory: pieces of the scratch rows' length are as good, and longer."""
    S = qm.size
    size = scratch.shape[1]
    end = row1 * width
    for first in range(row0 * width, end, size):
        signals_row(signals, scratch[:S], W, scratch[S:], qm, v_fluid, models, laws, v_field, c, eps0, dt, screening,
                    ghosts, limited, inverse_dx, first, min(size, end - first))


@kernel
def crossing_rates(rates, W, signals, scratch, v_fluid, v_field, inverse_dx, first, n):
    """rates[s] = max over n cells of sum_d a_s,d/dx_d, the fluids first, the field last (running maximum)."""
    S = v_fluid.size
    largest = scratch[0]
    if v_field >= 0:
        for i in range(n):
            largest[i] = 0.0
        for d in range(3):
            if inverse_dx[d] > 0.0:
                field = signals[S + d, first:first + n]
                factor = inverse_dx[d]
                for i in range(n):
                    largest[i] += factor * field[i]
        for i in range(n):
            if largest[i] > rates[S]:
                rates[S] = largest[i]
    for s in range(S):
        own = signals[s, first:first + n]
        for i in range(n):
            largest[i] = 0.0
        for d in range(3):
            if inverse_dx[d] > 0.0:
                u = W[v_fluid[s] + 1 + d, first:first + n]
                factor = inverse_dx[d]
                for i in range(n):
                    largest[i] += factor * (abs(u[i]) + own[i])
        for i in range(n):
            if largest[i] > rates[s]:
                rates[s] = largest[i]


@kernel
def largest_rates(rates, W, signals, scratch, qm, v_fluid, models, laws, v_field, c, eps0, dt, screening, inverse_dx,
                  shape, ghosts, k, j0, j1):
    """Signal speeds of the interior cells of a block of rows for the step ``dt``, and their largest crossing rates."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    S = qm.size
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        signals_row(signals, scratch[:S], W, scratch[S:], qm, v_fluid, models, laws, v_field, c, eps0, dt, screening,
                    ghosts, False, inverse_dx, first, n)
        crossing_rates(rates, W, signals, scratch, v_fluid, v_field, inverse_dx, first, n)
