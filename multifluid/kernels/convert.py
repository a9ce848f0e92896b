"""Conserved rows to primitive rows."""

from ._jit import kernel
from .maxwell import faces_in_row


@kernel
def primitives_block(W, A, qm, gamma, v_fluid, u_fluid, v_field, u_field, shape, ghosts, counts, k, j0, j1):
    """Primitive variables of the state A over a block of rows; counts[0] += cells not positive and finite."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    bad = 0
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for s in range(qm.size):
            u = u_fluid[s]
            v = v_fluid[s]
            a0, a1, a2 = A[u, first:first + n], A[u + 1, first:first + n], A[u + 2, first:first + n]
            a3, a4 = A[u + 3, first:first + n], A[u + 4, first:first + n]
            w0, w1, w2 = W[v, first:first + n], W[v + 1, first:first + n], W[v + 2, first:first + n]
            w3, w4 = W[v + 3, first:first + n], W[v + 4, first:first + n]
            g = gamma[s] - 1.0
            for i in range(n):
                inverse = 1.0 / a0[i]
                w0[i] = a0[i]
                w1[i] = a1[i] * inverse
                w2[i] = a2[i] * inverse
                w3[i] = a3[i] * inverse
                w4[i] = g * (a4[i] - 0.5 * inverse * (a1[i] * a1[i] + a2[i] * a2[i] + a3[i] * a3[i]))
                bad += 0 if (w0[i] > 0.0 and w4[i] > 0.0 and w4[i] < 1.0e300) else 1
        if v_field >= 0:
            for e in range(3):
                out = W[v_field + e, first:first + n]
                a = A[u_field + e, first:first + n]
                for i in range(n):
                    out[i] = a[i]
    counts[0] += bad


@kernel
def face_copy_block(W, A, v_field, u_field, shape, ghosts, k, j0, j1):
    """Face B of the state A into W over a block of rows, the boundary's last faces included."""
    nx, ny = shape[0], shape[1]
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for b in range(3):
            faces = faces_in_row(b, shape, ghosts, k, j)
            out = W[v_field + 6 + b, first:first + faces]
            a = A[u_field + 3 + b, first:first + faces]
            for i in range(faces):
                out[i] = a[i]
