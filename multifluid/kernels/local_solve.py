"""The local source solve: E and all velocities of a cell together, for any stiffness, on short rows of cells.

Backward Euler over h, for every fluid s (density rho_s and B do not change):

    rho_s (u_s - u*_s) = h [ (q_s/m_s) rho_s (E + u_s x B) + sum_r alpha_sr rho_s rho_r (u_r - u_s) ]
    eps0 (E - E*)      = - h sum_s (q_s/m_s) rho_s u_s

In axes along B this is one real system (parallel) and one complex system (perpendicular, z = x_1 + i x_2, where
u x B becomes -i |B| z), both symmetric up to the sign of the E row. It is the nodal system of a network: drag
pairs are conductances G_sr = h alpha_sr rho_s rho_r between fluids, inertia g_s = rho_s (1 + i h Omega_s) a
conductance to ground. Fluids are eliminated one by one by the star-mesh rule

    T = g_s + sum_r G_sr,   G_rt += G_sr G_st/T,   g_r += G_sr g_s/T,   e_r += G_sr e_s/T,   k_E += e_s^2/T

(e_s = h q_s n_s the coupling to E), E comes last. Every g and G lies in the right half of the complex plane and
nothing is subtracted, so that no pivoting is needed and momentum survives h nu = 1e8 to round-off
(Grassmann, Taksar & Heyman 1985, Oper. Res. 33, 1107, give this argument for real chains).

One sum does cancel: the imaginary parts of k_E in a neutral plasma whose h |Omega_s| are large, where the Hall terms
-i h q_s n_s/|B| of ions and electrons are opposite and what is left, sum rho_s/|B|^2, is smaller by 1/(h |Omega_i|). There
E = i |B| V, and the drift V is one more node, to which each fluid is linked by i |B| e_s (inertia alone, rho_s, is its
ground g'_s). Star-mesh then gives k_E without such a sum but for the charge itself:

    k_E = eps0 - i h rho_c/|B| + (i/|B|) sum_s e_s g'_s/T_s,    g'_r += G_sr g'_s/T

Of the two forms each cell takes the one with the smaller terms, where h |Omega| is large. A fluid without drag hands nothing
on: it is eliminated, and its velocity found, by closed forms (``eliminate_lone``).

The internal energy follows without cancellation: rho |u - u*|^2/2 of each fluid, plus the heat of drag,
Q_s = sum_r h alpha_sr rho_s rho_r |u_s - u_r|^2 m_r/(m_s + m_r); both are positive at any stiffness.
"""

import math

from ._jit import kernel

# Cells per call at most, and the distance of work rows: short enough for them to stay in the second-level cache, long enough
# for a call's own cost and for memory to be read in long runs (136: a stage takes a tenth longer); a cache line more than a
# power of two. Rows at powers of two share few sets of the first-level cache, and a processor may take a load for one of a
# store 4096 bytes away and wait (three fluids with drag: 90 instead of 140 ns per cell on a Cascade Lake).
CHUNK = 264

# Turns h |Omega| of the fluid second to the fastest beyond which k_E is summed in both forms.
STRONG = 30.0

# A fluid's record: right side, g (after elimination 1/T) and coupling to E, each perpendicular (real, imaginary) and
# parallel; g', perpendicular. Rows lie at distances fixed at compile time, so that the compiler knows that they do not
# overlap and vectorises without asking at run time.
RR, RI, RL, GR, GI, GL, ER, EI, EL, HR, HI = [row * CHUNK for row in range(11)]
RECORD = 11 * CHUNK
# The record of a pair: its conductance. The field's: k_E and its right side; sum e g'/T, the sizes of the terms of both
# forms, and h rho_c.
PR, PI, PL = 0, CHUNK, 2 * CHUNK
PAIR = 3 * CHUNK
KR, KI, KL, FR, FI, FL, VR, VI, SIZE_E, SIZE_V, CHARGE = [row * CHUNK for row in range(11)]
FIELD = 11 * CHUNK


@kernel
def rows_needed(S):
    """Number of work rows (of CHUNK cells) that ``solve_rows`` uses for S fluids."""
    return 11 * S + 3 * S * S + 14


@kernel
def field_frame(frame, bx, by, bz, n):
    """Right-handed axes (t1, t2, b) along B: rows t1 (3), t2 (3), b (3), |B|; b = z where B = 0.

    t1, t2 without branches: Duff et al. 2017, J. Comput. Graph. Tech. 6(1), 1, listing 3."""
    for i in range(n):
        size = math.sqrt(bx[i] * bx[i] + by[i] * by[i] + bz[i] * bz[i])
        some = size > 0.0
        inverse = 1.0 / size if some else 0.0
        x = bx[i] * inverse
        y = by[i] * inverse
        z = bz[i] * inverse if some else 1.0
        sign = 1.0 if z >= 0.0 else -1.0
        a = -1.0 / (sign + z)
        b = x * y * a
        frame[0, i] = 1.0 + sign * x * x * a
        frame[1, i] = sign * b
        frame[2, i] = -sign * x
        frame[3, i] = b
        frame[4, i] = sign + y * y * a
        frame[5, i] = -y
        frame[6, i] = x
        frame[7, i] = y
        frame[8, i] = z
        frame[9, i] = size


@kernel
def to_frame(out, frame, x, y, z, n):
    """Rows (perpendicular real, perpendicular imaginary, parallel) of the vector (x, y, z)."""
    for i in range(n):
        out[0, i] = frame[0, i] * x[i] + frame[1, i] * y[i] + frame[2, i] * z[i]
        out[1, i] = frame[3, i] * x[i] + frame[4, i] * y[i] + frame[5, i] * z[i]
        out[2, i] = frame[6, i] * x[i] + frame[7, i] * y[i] + frame[8, i] * z[i]


@kernel
def from_frame(x, y, z, frame, v, n):
    """Inverse of ``to_frame``."""
    for i in range(n):
        p, q, r = v[0, i], v[1, i], v[2, i]
        x[i] = frame[0, i] * p + frame[3, i] * q + frame[6, i] * r
        y[i] = frame[1, i] * p + frame[4, i] * q + frame[7, i] * r
        z[i] = frame[2, i] * p + frame[5, i] * q + frame[8, i] * r


@kernel
def eliminate(s, pairs, couples, fluids, links, field, strong, n):
    """Eliminate fluid s: g becomes 1/T, and E takes up k_E (both forms if ``strong``) and the right side."""
    S = couples.size
    own = fluids[s * RECORD:(s + 1) * RECORD]
    for r in range(s + 1, S):
        if pairs[s, r]:
            pair = links[(s * S + r) * PAIR:(s * S + r + 1) * PAIR]
            for i in range(n):
                own[GR + i] += pair[PR + i]
                own[GI + i] += pair[PI + i]
                own[GL + i] += pair[PL + i]
    # 1/T; not by |T|^2, which underflows for a density of 1e-160
    for i in range(n):
        ratio = own[GI + i] / own[GR + i]
        inverse = 1.0 / (own[GR + i] + own[GI + i] * ratio)
        own[GR + i] = inverse
        own[GI + i] = -inverse * ratio
        own[GL + i] = 1.0 / own[GL + i]
    if couples[s]:
        for i in range(n):
            # e_s/T times e_s and times the right-hand side
            xr = own[ER + i] * own[GR + i] - own[EI + i] * own[GI + i]
            xi = own[ER + i] * own[GI + i] + own[EI + i] * own[GR + i]
            xl = own[EL + i] * own[GL + i]
            field[KR + i] += xr * own[ER + i] - xi * own[EI + i]
            field[KI + i] += xr * own[EI + i] + xi * own[ER + i]
            field[KL + i] += xl * own[EL + i]
            field[FR + i] -= xr * own[RR + i] - xi * own[RI + i]
            field[FI + i] -= xr * own[RI + i] + xi * own[RR + i]
            field[FL + i] -= xl * own[RL + i]
    if couples[s] and strong:
        for i in range(n):
            xr = own[ER + i] * own[GR + i] - own[EI + i] * own[GI + i]
            xi = own[ER + i] * own[GI + i] + own[EI + i] * own[GR + i]
            vr = xr * own[HR + i] - xi * own[HI + i]
            vi = xr * own[HI + i] + xi * own[HR + i]
            field[VR + i] += vr
            field[VI + i] += vi
            field[SIZE_V + i] += abs(vr) + abs(vi)
            field[SIZE_E + i] += abs(xr * own[ER + i] - xi * own[EI + i]) + abs(xr * own[EI + i] + xi * own[ER + i])


@kernel
def eliminate_lone(rho, u, size, field, push, strong, n):
    """Eliminate a fluid without drag: T = rho (1 + i h Omega), so that a division per cell and no record will do.

    ``push`` is h q/m."""
    ur, ui, ul = u[0], u[1], u[2]
    for i in range(n):
        turn = push * size[i]
        # e/T and e times that
        xr = push / (1.0 + turn * turn)
        xi = -turn * xr
        mass = rho[i]
        charge = push * mass
        field[KR + i] += xr * charge
        field[KI + i] += xi * charge
        field[KL + i] += push * charge
        field[FR + i] -= mass * (xr * ur[i] - xi * ui[i])
        field[FI + i] -= mass * (xr * ui[i] + xi * ur[i])
        field[FL + i] -= charge * ul[i]
    if strong:
        for i in range(n):
            turn = push * size[i]
            xr = push / (1.0 + turn * turn)
            xi = -turn * xr
            vr, vi = xr * rho[i], xi * rho[i]
            field[CHARGE + i] += push * rho[i]
            field[VR + i] += vr
            field[VI + i] += vi
            field[SIZE_V + i] += abs(vr) + abs(vi)
            field[SIZE_E + i] += abs(push * vr) + abs(push * vi)


@kernel
def substitute_lone(u, E, size, push, n):
    """Velocity of a fluid without drag: (u* + h (q/m) E)/(1 + i h Omega)."""
    ur, ui, ul = u[0], u[1], u[2]
    er, ei, el = E[0], E[1], E[2]
    for i in range(n):
        turn = push * size[i]
        norm = 1.0 / (1.0 + turn * turn)
        a = ur[i] + push * er[i]
        b = ui[i] + push * ei[i]
        ur[i] = (a + turn * b) * norm
        ui[i] = (b - turn * a) * norm
        ul[i] += push * el[i]


@kernel
def fold_pairs(s, pairs, couples, ground, fluids, links, strong, n):
    """Star-mesh: hand fluid s's conductances, inertia (``ground``), E coupling and right side to its drag partners."""
    S = couples.size
    own = fluids[s * RECORD:(s + 1) * RECORD]
    for r in range(s + 1, S):
        if not pairs[s, r]:
            continue
        pair = links[(s * S + r) * PAIR:(s * S + r + 1) * PAIR]
        other = fluids[r * RECORD:(r + 1) * RECORD]
        for i in range(n):
            # share = G_sr/T
            xr = pair[PR + i] * own[GR + i] - pair[PI + i] * own[GI + i]
            xi = pair[PR + i] * own[GI + i] + pair[PI + i] * own[GR + i]
            xl = pair[PL + i] * own[GL + i]
            other[GR + i] += xr * ground[PR + i] - xi * ground[PI + i]
            other[GI + i] += xr * ground[PI + i] + xi * ground[PR + i]
            other[GL + i] += xl * ground[PL + i]
            other[RR + i] += xr * own[RR + i] - xi * own[RI + i]
            other[RI + i] += xr * own[RI + i] + xi * own[RR + i]
            other[RL + i] += xl * own[RL + i]
            if couples[s]:
                other[ER + i] += xr * own[ER + i] - xi * own[EI + i]
                other[EI + i] += xr * own[EI + i] + xi * own[ER + i]
                other[EL + i] += xl * own[EL + i]
        if strong:
            for i in range(n):
                xr = pair[PR + i] * own[GR + i] - pair[PI + i] * own[GI + i]
                xi = pair[PR + i] * own[GI + i] + pair[PI + i] * own[GR + i]
                other[HR + i] += xr * own[HR + i] - xi * own[HI + i]
                other[HI + i] += xr * own[HI + i] + xi * own[HR + i]
        for t in range(r + 1, S):
            if not pairs[s, t]:
                continue
            third = links[(s * S + t) * PAIR:(s * S + t + 1) * PAIR]
            filled = links[(r * S + t) * PAIR:(r * S + t + 1) * PAIR]
            for i in range(n):
                xr = pair[PR + i] * own[GR + i] - pair[PI + i] * own[GI + i]
                xi = pair[PR + i] * own[GI + i] + pair[PI + i] * own[GR + i]
                filled[PR + i] += xr * third[PR + i] - xi * third[PI + i]
                filled[PI + i] += xr * third[PI + i] + xi * third[PR + i]
                filled[PL + i] += pair[PL + i] * own[GL + i] * third[PL + i]


@kernel
def substitute(s, u, E, pairs, couples, fluids, links, n):
    """Velocity of fluid s from E and the velocities of its partners eliminated later."""
    S = couples.size
    own = fluids[s * RECORD:(s + 1) * RECORD]
    if couples[s]:
        er, ei, el = E[0], E[1], E[2]
        for i in range(n):
            own[RR + i] += own[ER + i] * er[i] - own[EI + i] * ei[i]
            own[RI + i] += own[ER + i] * ei[i] + own[EI + i] * er[i]
            own[RL + i] += own[EL + i] * el[i]
    for r in range(s + 1, S):
        if pairs[s, r]:
            pair = links[(s * S + r) * PAIR:(s * S + r + 1) * PAIR]
            vr, vi, vl = u[r, 0], u[r, 1], u[r, 2]
            for i in range(n):
                own[RR + i] += pair[PR + i] * vr[i] - pair[PI + i] * vi[i]
                own[RI + i] += pair[PR + i] * vi[i] + pair[PI + i] * vr[i]
                own[RL + i] += pair[PL + i] * vl[i]
    ur, ui, ul = u[s, 0], u[s, 1], u[s, 2]
    for i in range(n):
        ur[i] = own[RR + i] * own[GR + i] - own[RI + i] * own[GI + i]
        ui[i] = own[RR + i] * own[GI + i] + own[RI + i] * own[GR + i]
        ul[i] = own[RL + i] * own[GL + i]


@kernel
def has_partner(s, pairs):
    """(any, later): whether fluid s has drag with another, and with one that is eliminated after it."""
    later = False
    earlier = False
    for r in range(s + 1, pairs.shape[0]):
        later = later or pairs[s, r]
    for r in range(s):
        earlier = earlier or pairs[r, s]
    return earlier or later, later


@kernel
def largest(row, n):
    """Largest of n numbers, at least 0."""
    most = 0.0
    for i in range(n):
        most = max(most, row[i])
    return most


@kernel
def second_largest(qm):
    """Second largest |q/m|: Hall terms of two fluids must cancel, those of one do not."""
    first = 0.0
    second = 0.0
    for s in range(qm.size):
        size = abs(qm[s])
        second = max(second, min(size, first))
        first = max(first, size)
    return second


@kernel
def solve_rows(rho, u, E, frame, work, qm, alpha, rates, pairs, couples, eps0, h, n):
    """Solve the implicit stage on n <= CHUNK cells.

    Parameters
    ----------
    rho : (S, >= n) densities
    u : (S, 3, >= n) velocities u* in the frame (perpendicular real, imaginary, parallel), overwritten with u
    E : (3, >= n) E* in the frame, overwritten with E; left alone if no fluid is charged
    frame : (10, >= n) from ``field_frame``
    work : (``rows_needed(S)``, CHUNK)
    alpha : (S, S) drag coefficients, used where ``rates`` (S, S, >= n), those of each cell, has no cells
    pairs : (S, S) nonzero pattern of drag after fill-in; couples : (S,) nonzero pattern of the coupling to E after
        fill-in
    """
    S = qm.size
    flat = work.reshape(-1)
    fluids = flat[:S * RECORD]
    links = flat[S * RECORD:S * RECORD + S * S * PAIR]
    o = S * RECORD + S * S * PAIR
    field = flat[o:o + FIELD]
    ground = flat[o + FIELD:o + FIELD + PAIR]
    size = frame[9]
    charged = False
    turn = h * second_largest(qm)
    strong = turn * largest(size, n) > STRONG
    if strong:
        for i in range(n):
            field[VR + i] = 0.0
            field[VI + i] = 0.0
            field[SIZE_E + i] = 0.0
            field[SIZE_V + i] = 0.0
            field[CHARGE + i] = 0.0
    for i in range(n):
        field[KR + i] = eps0
        field[KI + i] = 0.0
        field[KL + i] = eps0
        field[FR + i] = eps0 * E[0, i]
        field[FI + i] = eps0 * E[1, i]
        field[FL + i] = eps0 * E[2, i]
    for s in range(S):
        linked, _ = has_partner(s, pairs)
        if not (linked or couples[s]):
            continue
        charged = charged or couples[s]
        push = h * qm[s]
        if not linked:
            eliminate_lone(rho[s], u[s], size, field, push, strong, n)
            continue
        own = fluids[s * RECORD:(s + 1) * RECORD]
        mass, ur, ui, ul = rho[s], u[s, 0], u[s, 1], u[s, 2]
        for i in range(n):
            own[RR + i] = mass[i] * ur[i]
            own[RI + i] = mass[i] * ui[i]
            own[RL + i] = mass[i] * ul[i]
            own[GR + i] = mass[i]
            own[GI + i] = mass[i] * (push * size[i])
            own[GL + i] = mass[i]
            own[ER + i] = push * mass[i]
            own[EI + i] = 0.0
            own[EL + i] = push * mass[i]
        if strong:
            for i in range(n):
                own[HR + i] = mass[i]
                own[HI + i] = 0.0
                field[CHARGE + i] += push * mass[i]
        for r in range(s + 1, S):
            if pairs[s, r]:
                pair = links[(s * S + r) * PAIR:(s * S + r + 1) * PAIR]
                other = rho[r]
                if rates.shape[2] == 0:
                    rate = h * alpha[s, r]
                    for i in range(n):
                        pair[PR + i] = rate * mass[i] * other[i]
                        pair[PI + i] = 0.0
                        pair[PL + i] = rate * mass[i] * other[i]
                else:
                    own_rate = rates[s, r]
                    for i in range(n):
                        pair[PR + i] = h * own_rate[i] * mass[i] * other[i]
                        pair[PI + i] = 0.0
                        pair[PL + i] = h * own_rate[i] * mass[i] * other[i]
    for s in range(S):
        linked, later = has_partner(s, pairs)
        if not linked:
            continue
        if later:
            own = fluids[s * RECORD:(s + 1) * RECORD]
            for i in range(n):
                ground[PR + i] = own[GR + i]
                ground[PI + i] = own[GI + i]
                ground[PL + i] = own[GL + i]
        eliminate(s, pairs, couples, fluids, links, field, strong, n)
        if later:
            fold_pairs(s, pairs, couples, ground, fluids, links, strong, n)
    if charged:
        er, ei, el = E[0], E[1], E[2]
        if strong:
            for i in range(n):
                # a cell must not feel its neighbours
                own_choice = turn * size[i] > STRONG
                if own_choice and field[SIZE_V + i] + abs(field[CHARGE + i]) < field[SIZE_E + i] * size[i]:
                    field[KR + i] = eps0 - field[VI + i] / size[i]
                    field[KI + i] = (field[VR + i] - field[CHARGE + i]) / size[i]
        for i in range(n):
            norm = 1.0 / (field[KR + i] * field[KR + i] + field[KI + i] * field[KI + i])
            er[i] = (field[FR + i] * field[KR + i] + field[FI + i] * field[KI + i]) * norm
            ei[i] = (field[FI + i] * field[KR + i] - field[FR + i] * field[KI + i]) * norm
            el[i] = field[FL + i] / field[KL + i]
    for back in range(S):
        s = S - 1 - back
        linked, _ = has_partner(s, pairs)
        if linked:
            substitute(s, u, E, pairs, couples, fluids, links, n)
        elif couples[s]:
            substitute_lone(u[s], E, size, h * qm[s], n)
