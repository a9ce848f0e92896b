"""Conserved rows to primitive rows."""

from ._jit import kernel
from .closures import EMPTY, barotropic_row, count_bad
from .codes import BAROTROPIC, CONSTANT, FIRST, GAMMA, KIND, SECOND, SIX, TEN
from .maxwell import faces_in_row

# A field beyond this is on its way to infinity, or not a number.
FINITE = 1.0e300


@kernel
def primitives_block(W, A, qm, models, v_fluid, u_fluid, v_field, u_field, shape, ghosts, counts, k, j0, j1):
    """Primitive variables of the state A over a block of rows; counts[0] += cells not positive and finite.

    A component of E that is not finite counts as a cell: a fluid with charge would tell a step later, a vacuum never."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    bad = 0
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for s in range(qm.size):
            u = u_fluid[s]
            v = v_fluid[s]
            model = models[s]
            kind = model[KIND]
            cold = kind == BAROTROPIC and model[CONSTANT] == 0.0
            a0, a1, a2, a3 = (A[u, first:first + n], A[u + 1, first:first + n], A[u + 2, first:first + n],
                              A[u + 3, first:first + n])
            w0, w1, w2 = W[v, first:first + n], W[v + 1, first:first + n], W[v + 2, first:first + n]
            w3, w4 = W[v + 3, first:first + n], W[v + 4, first:first + n]
            for i in range(n):
                w0[i] = max(a0[i], EMPTY) if cold and a0[i] >= -EMPTY else a0[i]
                inverse = 1.0 / w0[i]
                w1[i] = a1[i] * inverse
                w2[i] = a2[i] * inverse
                w3[i] = a3[i] * inverse
            if kind == BAROTROPIC:
                barotropic_row(w4, w0, model, n)
            elif kind == TEN:
                tensor_primitives(W, A, u, v, first, n)
            else:
                g = model[GAMMA] - 1.0
                a4 = A[u + 4, first:first + n]
                for i in range(n):
                    w4[i] = g * (a4[i] - 0.5 / a0[i] * (a1[i] * a1[i] + a2[i] * a2[i] + a3[i] * a3[i]))
                if kind == SIX:
                    a5 = A[u + 5, first:first + n]
                    w5, w6 = W[v + 5, first:first + n], W[v + 6, first:first + n]
                    for i in range(n):
                        w5[i] = a5[i]
                        w6[i] = 1.5 * w4[i] - 0.5 * a5[i]
            bad += count_bad(W, model, v, first, n)
        if v_field >= 0:
            for e in range(3):
                out = W[v_field + e, first:first + n]
                a = A[u_field + e, first:first + n]
                for i in range(n):
                    out[i] = a[i]
                    bad += 0 if abs(a[i]) < FINITE else 1
    counts[0] += bad


@kernel
def tensor_primitives(W, A, u, v, first, n):
    """P_ij = (rho u_i u_j + P_ij) - rho u_i u_j of a ten-moment fluid whose rho and u stand in W, and p = tr P/3."""
    rho = W[v, first:first + n]
    for k in range(6):
        total = A[u + 4 + k, first:first + n]
        a, b = W[v + 1 + FIRST[k], first:first + n], W[v + 1 + SECOND[k], first:first + n]
        out = W[v + 5 + k, first:first + n]
        for i in range(n):
            out[i] = total[i] - rho[i] * a[i] * b[i]
    p = W[v + 4, first:first + n]
    xx, yy, zz = W[v + 5, first:first + n], W[v + 8, first:first + n], W[v + 10, first:first + n]
    for i in range(n):
        p[i] = (xx[i] + yy[i] + zz[i]) * (1.0 / 3.0)


@kernel
def face_copy_block(W, A, v_field, u_field, shape, ghosts, counts, k, j0, j1):
    """Face B of the state A into W over a block of rows, the boundary's last faces included.

    counts[0] += faces whose B is not finite."""
    nx, ny = shape[0], shape[1]
    bad = 0
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for b in range(3):
            faces = faces_in_row(b, shape, ghosts, k, j)
            out = W[v_field + 6 + b, first:first + faces]
            a = A[u_field + 3 + b, first:first + faces]
            for i in range(faces):
                out[i] = a[i]
                bad += 0 if abs(a[i]) < FINITE else 1
    counts[0] += bad
