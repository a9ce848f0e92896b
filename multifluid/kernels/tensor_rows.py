"""Fluxes of six- and ten-moment fluids through one row of faces, by the local Lax-Friedrichs formula.

Ten moments (Hakim 2008, J. Fusion Energy 27, 36, eqs. 1-4), through a face with normal n:

    rho u_n,   rho u_n u_i + P_in,   u_n (rho u_i u_j + P_ij) + u_i P_jn + u_j P_in

Six moments (Chew, Goldberger & Low 1956, Proc. R. Soc. A 236, 112), P = p_perp I + (p_par - p_perp) b b:

    rho u_n,   rho u_n u_i + P_in,   u_n (e + p_perp) + (p_par - p_perp) b_n b.u,   p_par u_n

whose p_par has besides a source, -2 p_par b.(b.grad)u: the face velocities it needs are stored behind the fluxes.

Work is done on pieces of FACES faces in flat buffers whose rows lie at distances fixed at compile time: the compiler
then knows that they do not overlap and vectorises without asking. Axes are the normal n and t, s transverse.

States left of the faces have a buffer of their own (SIDE floats for each piece), because some of them are known from the
row of faces before (``fluid_rows.plm_row``).
"""

from ._jit import kernel
from .closures import lacks_positivity
from .codes import SYMMETRIC
from .fluid_rows import reconstruct_row

# A cache line more than a power of two, for the same reasons as ``local_solve.CHUNK``.
FACES = 264

# Rows of the states left of the faces, and of the buffer, which begins with those right of them.
RHO, UN, UT, US, NN, NT, NS, TT, TS, SS = [row * FACES for row in range(10)]
SIDE = 10 * FACES
PAR, PERP = NN, NT
O0, O1, O2, O3, O4, O5, O6, O7, O8, O9 = [(10 + row) * FACES for row in range(10)]
BN, BT, BS = [(20 + row) * FACES for row in range(3)]
BUFFER = 23 * FACES


@kernel
def side_cells(width):
    """Space for the states left of a row of up to ``width`` faces, in floats."""
    return (width + FACES - 1) // FACES * SIDE


@kernel
def tensor_row(axis, k):
    """Primitive row (from the fluid's first) of the k-th face variable of a ten-moment fluid."""
    if k == 0:
        return 0
    if k < 4:
        return 1 + (axis + k - 1) % 3
    a = (0, 0, 0, 1, 1, 2)[k - 4]
    b = (0, 1, 2, 1, 2, 2)[k - 4]
    return 5 + SYMMETRIC[3 * ((axis + a) % 3) + (axis + b) % 3]


@kernel
def flux_place(axis, k):
    """Conserved row (from the fluid's first) of the k-th face variable of a ten-moment fluid: p has none."""
    row = tensor_row(axis, k)
    return row if row < 4 else row - 1


@kernel
def keep_cells(states, W, v, axis, start, n):
    """Reconstructed states of a ten-moment fluid that are not positive definite give way to the cell's own."""
    for i in range(n):
        if lacks_positivity(states[RHO + i], states[NN + i], states[NT + i], states[NS + i], states[TT + i], states[TS + i],
                            states[SS + i]) > 0.0:
            for k in range(10):
                states[k * FACES + i] = W[v + tensor_row(axis, k), start + i]


@kernel
def count_lacking(left, right, n):
    """Number of faces with a reconstructed state that is not positive definite."""
    bad = 0
    for i in range(n):
        low = lacks_positivity(left[RHO + i], left[NN + i], left[NT + i], left[NS + i], left[TT + i], left[TS + i],
                               left[SS + i])
        high = lacks_positivity(right[RHO + i], right[NN + i], right[NT + i], right[NS + i], right[TT + i], right[TS + i],
                                right[SS + i])
        bad += 1 if low + high > 0.0 else 0
    return bad


@kernel
def ten_flux_row(F, left, above, buffer, W, signal, smooth, v, axis, first, stride, n, reconstruction, known):
    """Fluxes of a ten-moment fluid through n faces: ``F`` (10, >= n) mass, momentum (x, y, z), tensor (xx ... zz).

    ``left``, ``above`` (``side_cells(n)``,) and ``known`` see ``fluid_rows.plm_row``."""
    for begin in range(0, n, FACES):
        m = min(FACES, n - begin)
        start = first + begin
        low, beyond = left[10 * begin:10 * begin + SIDE], above[10 * begin:10 * begin + SIDE]
        for k in range(10):
            positive = k == 0 or k == 4 or k == 7 or k == 9
            reconstruct_row(low[k * FACES:], buffer[k * FACES:], beyond[k * FACES:], W[v + tensor_row(axis, k)], smooth,
                            start, stride, m, reconstruction, positive, known)
        if count_lacking(low, buffer, m) > 0:
            keep_cells(low, W, v, axis, start - stride, m)
            keep_cells(buffer, W, v, axis, start, m)
        ten_fluxes(low, buffer, signal[start - stride:start - stride + m], signal[start:start + m], m)
        for k in range(10):
            out = F[flux_place(axis, k), begin:begin + m]
            flux = buffer[O0 + k * FACES:O0 + (k + 1) * FACES]
            for i in range(m):
                out[i] = flux[i]


@kernel
def ten_fluxes(left, buffer, signal_l, signal_r, n):
    """Local Lax-Friedrichs fluxes of the ten moments at n faces of the buffer."""
    for i in range(n):
        rl, rr = left[RHO + i], buffer[RHO + i]
        ul, ur = left[UN + i], buffer[UN + i]
        vl, vr = left[UT + i], buffer[UT + i]
        wl, wr = left[US + i], buffer[US + i]
        nnl, nnr = left[NN + i], buffer[NN + i]
        ntl, ntr = left[NT + i], buffer[NT + i]
        nsl, nsr = left[NS + i], buffer[NS + i]
        a = max(signal_l[i] + abs(ul), signal_r[i] + abs(ur))
        ml = rl * ul
        mr = rr * ur
        buffer[O0 + i] = 0.5 * (ml + mr - a * (rr - rl))
        buffer[O1 + i] = 0.5 * ((ml * ul + nnl) + (mr * ur + nnr) - a * (mr - ml))
        buffer[O2 + i] = 0.5 * ((ml * vl + ntl) + (mr * vr + ntr) - a * (rr * vr - rl * vl))
        buffer[O3 + i] = 0.5 * ((ml * wl + nsl) + (mr * wr + nsr) - a * (rr * wr - rl * wl))
        el, er = ml * ul + nnl, mr * ur + nnr
        buffer[O4 + i] = 0.5 * (ul * (el + 2.0 * nnl) + ur * (er + 2.0 * nnr) - a * (er - el))
        el, er = ml * vl + ntl, mr * vr + ntr
        buffer[O5 + i] = 0.5 * ((ul * (el + ntl) + vl * nnl) + (ur * (er + ntr) + vr * nnr) - a * (er - el))
        el, er = ml * wl + nsl, mr * wr + nsr
        buffer[O6 + i] = 0.5 * ((ul * (el + nsl) + wl * nnl) + (ur * (er + nsr) + wr * nnr) - a * (er - el))
        el, er = rl * vl * vl + left[TT + i], rr * vr * vr + buffer[TT + i]
        buffer[O7 + i] = 0.5 * ((ul * el + 2.0 * vl * ntl) + (ur * er + 2.0 * vr * ntr) - a * (er - el))
        el, er = rl * vl * wl + left[TS + i], rr * vr * wr + buffer[TS + i]
        buffer[O8 + i] = 0.5 * ((ul * el + (vl * nsl + wl * ntl)) + (ur * er + (vr * nsr + wr * ntr)) - a * (er - el))
        el, er = rl * wl * wl + left[SS + i], rr * wr * wr + buffer[SS + i]
        buffer[O9 + i] = 0.5 * ((ul * el + 2.0 * wl * nsl) + (ur * er + 2.0 * wr * nsr) - a * (er - el))


@kernel
def upwind_row(out, q, mass, first, stride, n):
    """q of the cell on the side of n faces that ``mass`` flows from."""
    low, high = q[first - stride:first - stride + n], q[first:first + n]
    for i in range(n):
        # both are read: a choice of numbers is one instruction, a choice of what to read is a branch
        a, b = low[i], high[i]
        out[i] = a if mass[i] > 0.0 else b


@kernel
def carry_tensor_row(F, buffer, W, v, mass, axis, first, stride, n):
    """F += what a further mass flux through n faces carries of a ten-moment fluid: the momentum of the upwind cell,
    its (rho u_i u_j + P_ij)/rho and the work of its P_in."""
    for begin in range(0, n, FACES):
        m = min(FACES, n - begin)
        extra = mass[begin:begin + m]
        for k in range(10):
            upwind_row(buffer[k * FACES:], W[v + tensor_row(axis, k)], extra, first + begin, stride, m)
        for i in range(m):
            un, ut, us = buffer[UN + i], buffer[UT + i], buffer[US + i]
            volume = extra[i] / buffer[RHO + i]
            mn, mt, ms = extra[i] * un, extra[i] * ut, extra[i] * us
            buffer[O1 + i], buffer[O2 + i], buffer[O3 + i] = mn, mt, ms
            buffer[O4 + i] = mn * un + volume * (3.0 * buffer[NN + i])
            buffer[O5 + i] = mn * ut + volume * (2.0 * buffer[NT + i])
            buffer[O6 + i] = mn * us + volume * (2.0 * buffer[NS + i])
            buffer[O7 + i] = mt * ut + volume * buffer[TT + i]
            buffer[O8 + i] = mt * us + volume * buffer[TS + i]
            buffer[O9 + i] = ms * us + volume * buffer[SS + i]
        for k in range(1, 10):
            f = F[flux_place(axis, k), begin:begin + m]
            carried = buffer[O0 + k * FACES:O0 + (k + 1) * FACES]
            for i in range(m):
                f[i] += carried[i]


@kernel
def direction_at_faces(buffer, W, v_field, axis, start, stride, n):
    """Unit vector b (n, t, s) at n faces, of the mean B of the cells on either side; 0 where B is."""
    for k in range(3):
        B = W[v_field + 3 + (axis + k) % 3]
        low = B[start - stride:start - stride + n]
        high = B[start:start + n]
        out = buffer[BN + k * FACES:BN + (k + 1) * FACES]
        for i in range(n):
            out[i] = 0.5 * (low[i] + high[i])
    for i in range(n):
        size2 = (buffer[BN + i] * buffer[BN + i] + buffer[BT + i] * buffer[BT + i]) + buffer[BS + i] * buffer[BS + i]
        inverse = 1.0 / size2 ** 0.5 if size2 > 0.0 else 0.0
        buffer[BN + i] *= inverse
        buffer[BT + i] *= inverse
        buffer[BS + i] *= inverse


@kernel
def six_flux_row(F, velocity, left, above, buffer, W, signal, smooth, v, v_field, axis, first, stride, n, reconstruction,
                 known):
    """Fluxes of a six-moment fluid through n faces: ``F`` (6, >= n) mass, momentum (x, y, z), energy, p_par; and the face
    ``velocity`` (3, >= n) (x, y, z). ``left``, ``above``, ``known`` as in ``ten_flux_row``."""
    for begin in range(0, n, FACES):
        m = min(FACES, n - begin)
        start = first + begin
        low, beyond = left[10 * begin:10 * begin + SIDE], above[10 * begin:10 * begin + SIDE]
        for k in range(6):
            row = v + 1 + k if k >= 4 else v + tensor_row(axis, k)
            reconstruct_row(low[k * FACES:], buffer[k * FACES:], beyond[k * FACES:], W[row], smooth, start, stride, m,
                            reconstruction, k == 0 or k >= 4, known)
        direction_at_faces(buffer, W, v_field, axis, start, stride, m)
        six_fluxes(low, buffer, signal[start - stride:start - stride + m], signal[start:start + m], m)
        for k in range(9):
            if k < 4:
                out = F[tensor_row(axis, k), begin:begin + m]
            elif k < 6:
                out = F[k, begin:begin + m]
            else:
                out = velocity[(axis + k - 6) % 3, begin:begin + m]
            flux = buffer[O0 + k * FACES:O0 + (k + 1) * FACES]
            for i in range(m):
                out[i] = flux[i]


@kernel
def six_fluxes(left, buffer, signal_l, signal_r, n):
    """Local Lax-Friedrichs fluxes of the six moments at n faces of the buffer, and the mean face velocity."""
    for i in range(n):
        rl, rr = left[RHO + i], buffer[RHO + i]
        ul, ur = left[UN + i], buffer[UN + i]
        vl, vr = left[UT + i], buffer[UT + i]
        wl, wr = left[US + i], buffer[US + i]
        parl, parr = left[PAR + i], buffer[PAR + i]
        perpl, perpr = left[PERP + i], buffer[PERP + i]
        bn, bt, bs = buffer[BN + i], buffer[BT + i], buffer[BS + i]
        a = max(signal_l[i] + abs(ul), signal_r[i] + abs(ur))
        # without a direction the pressure is the mean one
        some = bn * bn + bt * bt + bs * bs > 0.0
        dl = parl - perpl if some else 0.0
        dr = parr - perpr if some else 0.0
        pl = perpl if some else (parl + 2.0 * perpl) * (1.0 / 3.0)
        pr = perpr if some else (parr + 2.0 * perpr) * (1.0 / 3.0)
        el = 0.5 * parl + perpl + 0.5 * rl * (ul * ul + vl * vl + wl * wl)
        er = 0.5 * parr + perpr + 0.5 * rr * (ur * ur + vr * vr + wr * wr)
        along_l = dl * bn * (bn * ul + bt * vl + bs * wl)
        along_r = dr * bn * (bn * ur + bt * vr + bs * wr)
        ml = rl * ul
        mr = rr * ur
        buffer[O0 + i] = 0.5 * (ml + mr - a * (rr - rl))
        buffer[O1 + i] = 0.5 * ((ml * ul + (pl + dl * bn * bn)) + (mr * ur + (pr + dr * bn * bn)) - a * (mr - ml))
        buffer[O2 + i] = 0.5 * ((ml * vl + dl * bn * bt) + (mr * vr + dr * bn * bt) - a * (rr * vr - rl * vl))
        buffer[O3 + i] = 0.5 * ((ml * wl + dl * bn * bs) + (mr * wr + dr * bn * bs) - a * (rr * wr - rl * wl))
        buffer[O4 + i] = 0.5 * (((el + pl) * ul + along_l) + ((er + pr) * ur + along_r) - a * (er - el))
        buffer[O5 + i] = 0.5 * (parl * ul + parr * ur - a * (parr - parl))
        buffer[O6 + i] = 0.5 * (ul + ur)
        buffer[O7 + i] = 0.5 * (vl + vr)
        buffer[O8 + i] = 0.5 * (wl + wr)


@kernel
def parallel_compression(T, row, W, v, v_field, F_low, F_high, axis, start, shift, first, n, factor):
    """T[row] += -2 p_par b_n b.(du/dn) of a six-moment fluid on n cells, from the velocities at their two faces.

    ``F_low``, ``F_high`` (3, ...) hold face velocities (x, y, z), laid out as in ``sweep.difference_rows``."""
    t = T[row, first:first + n]
    par = W[v + 5, first:first + n]
    bx, by, bz = (W[v_field + 3, first:first + n], W[v_field + 4, first:first + n], W[v_field + 5, first:first + n])
    normal = W[v_field + 3 + axis, first:first + n]
    xl, yl, zl = F_low[0, start:start + n], F_low[1, start:start + n], F_low[2, start:start + n]
    start += shift
    xh, yh, zh = F_high[0, start:start + n], F_high[1, start:start + n], F_high[2, start:start + n]
    for i in range(n):
        size2 = bx[i] * bx[i] + by[i] * by[i] + bz[i] * bz[i]
        along = bx[i] * (xl[i] - xh[i]) + by[i] * (yl[i] - yh[i]) + bz[i] * (zl[i] - zh[i])
        # without a direction p_par and p_perp feel compression alike, as the mean pressure does
        rate = normal[i] * along / size2 if size2 > 0.0 else 0.0
        t[i] += 2.0 * factor * par[i] * rate
    # (the divergence of u then stands for three times its share along any direction)
    for i in range(n):
        if bx[i] == 0.0 and by[i] == 0.0 and bz[i] == 0.0:
            u_low = xl[i] if axis == 0 else (yl[i] if axis == 1 else zl[i])
            u_high = xh[i] if axis == 0 else (yh[i] if axis == 1 else zh[i])
            t[i] += (2.0 / 3.0) * factor * par[i] * (u_low - u_high)
