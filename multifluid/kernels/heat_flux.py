"""Heat flux of ten-moment fluids down the gradient of T_ij = P_ij/rho, implicit, by Chebyshev's iteration.

    d_t P_ij = -d_k q_ijk,    q_ijk = -K [d_i T_jk + d_j T_ik + d_k T_ij],    K = (chi/k0) rho sqrt(p/rho)

(Ng, Hakim, Wang & Bhattacharjee 2020, Phys. Plasmas 27, 082106; chi of Hammett & Perkins 1990, Phys. Rev. Lett. 64,
3019). On the lower face along axis a of a cell, d_a is the difference of the two cells. d_t across it comes from the two
edges between that face and those along t: the mean of the differences there, with K the mean of the edge's four cells. Where
they stand beside d_t, differences d_a have the mean K of these edges. In two dimensions the sum over cells of T_ij d_k q_ijk
is then a sum of squares, as 4 K x^2 + 4 K x y + K y^2 with x = d_a T_at and y = d_t T_aa, however rough K is: rates lie
between 0 and 16 K sum_a dx_a^-2/rho (12 K in one dimension and where K is uniform). In three dimensions that holds where K
is smooth. At a wall the parity of T_ij leaves no flux of tr P.

Backward Euler over h, P = P* - h div q(P), is solved by Chebyshev's semi-iteration (Saad 2003, Iterative Methods for Sparse
Linear Systems, algorithm 12.1) with K held, then once more with K of the first solution. Every iterate is P* plus a
divergence: energy is kept to round-off whatever the iteration leaves.
"""

import math

from ._jit import kernel
from .closures import count_bad, is_positive_definite
from .codes import FIRST, RATE, SECOND
from .local_solve import CHUNK, field_frame
from .rows import copy_row
from .tensor_stage import resolve_change, turn_tensor

# Place of T_ij among (xx, xy, xz, yy, yz, zz).
PLACE = ((0, 1, 2), (1, 3, 4), (2, 4, 5))


@kernel
def heat_scratch_cells(width):
    """Work space of ``conduct_block`` and ``close_block`` for rows of ``width`` cells."""
    return max(33 * (width + 1), 23 * CHUNK)


@kernel
def temperatures(T, conduct, W, v, coefficient, again, row0, row1, nx):
    """T_ij = P_ij/rho and, if ``again``, K of all cells of the rows row0 <= row < row1, ghosts included."""
    for row in range(row0, row1):
        first = row * nx
        rho = W[v, first:first + nx]
        for m in range(6):
            p, out = W[v + 5 + m, first:first + nx], T[m, first:first + nx]
            for i in range(nx):
                out[i] = p[i] / rho[i]
        if again:
            xx, yy, zz = T[0, first:first + nx], T[3, first:first + nx], T[5, first:first + nx]
            out = conduct[first:first + nx]
            for i in range(nx):
                out[i] = coefficient * rho[i] * math.sqrt(max((xx[i] + yy[i] + zz[i]) * (1.0 / 3.0), 0.0))


@kernel
def edge_row(K, conduct, passage, back, side, first, n):
    """K of the edges between n cells and those ``back`` before and ``side`` beyond: mean of the four, 0 if one is closed."""
    for i in range(n):
        c = first + i
        b = c - back
        open_cells = passage[b] * passage[c] * passage[b + side] * passage[c + side]
        K[i] = 0.25 * open_cells * ((conduct[b] + conduct[c]) + (conduct[b + side] + conduct[c + side]))


@kernel
def conductivities(K, edges, conduct, passage, axis, steps, inverse_dx, first, n):
    """K of the lower faces of n cells along ``axis``, beside d_t in K[t], else in K[axis], and that of their edges.

    edges[2 t] are those towards lower cells along t, edges[2 t + 1] towards higher ones."""
    back = steps[axis]
    across = 0.0
    for t in range(3):
        if t != axis and inverse_dx[t] > 0.0:
            across += 1.0
            low, high, mean = edges[2 * t], edges[2 * t + 1], K[t]
            edge_row(low, conduct, passage, back, -steps[t], first, n)
            edge_row(high, conduct, passage, back, steps[t], first, n)
            for i in range(n):
                mean[i] = 0.5 * (low[i] + high[i])
    plain = K[axis]
    for i in range(n):
        c = first + i
        plain[i] = 0.5 * passage[c - back] * passage[c] * (conduct[c - back] + conduct[c])
    if across > 0.0:
        plain[:n] = 0.0
        for t in range(3):
            if t != axis and inverse_dx[t] > 0.0:
                mean = K[t]
                for i in range(n):
                    plain[i] += mean[i] / across
        for t in range(3):
            if t != axis and inverse_dx[t] == 0.0:
                mean = K[t]
                for i in range(n):
                    mean[i] = plain[i]
    else:
        for t in range(3):
            if t != axis:
                copy_row(K[t], plain, n)


@kernel
def face_flux(F, K, edges, T, conduct, passage, axis, steps, inverse_dx, first, n):
    """-q_ij along ``axis`` through the lower faces of n cells, into F (6, >= n); K (3, >= n), edges (6, >= n) are work."""
    back = steps[axis]
    conductivities(K, edges, conduct, passage, axis, steps, inverse_dx, first, n)
    for m in range(6):
        # d_a T_ij, once more for i = a and for j = a
        weight = inverse_dx[axis]
        if FIRST[m] == axis:
            weight += inverse_dx[axis]
        if SECOND[m] == axis:
            weight += inverse_dx[axis]
        one, two = (SECOND[m], SECOND[m]) if FIRST[m] == axis else (FIRST[m], SECOND[m])
        if two == axis:
            two = one
        # of two axes beside a that are not flat, T_ts has the mean; one that is flat has no edges
        if inverse_dx[one] == 0.0:
            one = two
        elif inverse_dx[two] == 0.0:
            two = one
        out, k1, k2 = F[m], K[one], K[two]
        low, high = T[m, first - back:first - back + n], T[m, first:first + n]
        for i in range(n):
            out[i] = 0.5 * weight * (k1[i] + k2[i]) * (high[i] - low[i])
    for t in range(3):
        if t == axis or inverse_dx[t] == 0.0:
            continue
        side = steps[t]
        k1, k2 = edges[2 * t], edges[2 * t + 1]
        for u in range(3):
            # d_t T_ua in q_tu; twice in q_tt
            weight = 0.25 * inverse_dx[t] * (2.0 if u == t else 1.0)
            m = PLACE[u][axis]
            out = F[PLACE[t][u]]
            c = first - back
            before, here, after = (T[m, first - side:first - side + n], T[m, first:first + n],
                                   T[m, first + side:first + side + n])
            low_before, low, low_after = T[m, c - side:c - side + n], T[m, c:c + n], T[m, c + side:c + side + n]
            for i in range(n):
                out[i] += weight * (k1[i] * ((here[i] - before[i]) + (low[i] - low_before[i]))
                                    + k2[i] * ((after[i] - here[i]) + (low_after[i] - low[i])))


@kernel
def conduct_block(W, T, conduct, start, change, scratch, passage, v, h, keep, take, shape, ghosts, inverse_dx, k, j0, j1):
    """One iteration over a block of rows: change = keep change + take (start - P - h div q), P += change.

    Parameters
    ----------
    W : P_ij in rows v + 5 .. v + 10, read and written; rho in row v
    T, conduct : (6, cells) and (cells,) ``temperatures``
    start : (6, cells) P*
    change : (6, cells), not read where keep = 0
    scratch : (``heat_scratch_cells(nx)``,)
    passage : (cells,) 0 in cells that heat does not enter or leave, else 1
    """
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    wide = nx + 1
    K = scratch[:3 * wide].reshape(3, wide)
    edges = scratch[3 * wide:9 * wide].reshape(6, wide)
    F = scratch[9 * wide:15 * wide].reshape(6, wide)
    low = scratch[15 * wide:21 * wide].reshape(6, wide)
    high = scratch[21 * wide:27 * wide].reshape(6, wide)
    gain = scratch[27 * wide:33 * wide].reshape(6, wide)
    steps = (1, nx, nx * ny)
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for m in range(6):
            gain[m, :n] = 0.0
        if inverse_dx[0] > 0.0:
            face_flux(F, K, edges, T, conduct, passage, 0, steps, inverse_dx, first, n + 1)
            for m in range(6):
                out, flux = gain[m], F[m]
                for i in range(n):
                    out[i] += (flux[i + 1] - flux[i]) * inverse_dx[0]
        if inverse_dx[1] > 0.0:
            if j == j0:
                face_flux(low, K, edges, T, conduct, passage, 1, steps, inverse_dx, first, n)
            face_flux(high, K, edges, T, conduct, passage, 1, steps, inverse_dx, first + nx, n)
            for m in range(6):
                out, a, b = gain[m], low[m], high[m]
                for i in range(n):
                    out[i] += (b[i] - a[i]) * inverse_dx[1]
            low, high = high, low
        if inverse_dx[2] > 0.0:
            face_flux(F, K, edges, T, conduct, passage, 2, steps, inverse_dx, first, n)
            for m in range(6):
                out, a = gain[m], F[m]
                for i in range(n):
                    out[i] -= a[i] * inverse_dx[2]
            face_flux(F, K, edges, T, conduct, passage, 2, steps, inverse_dx, first + nx * ny, n)
            for m in range(6):
                out, a = gain[m], F[m]
                for i in range(n):
                    out[i] += a[i] * inverse_dx[2]
        for m in range(6):
            p, d, s, out = W[v + 5 + m, first:first + n], change[m, first:first + n], start[m, first:first + n], gain[m]
            if keep == 0.0:
                d[:] = 0.0
            for i in range(n):
                d[i] = keep * d[i] + take * ((s[i] - p[i]) + h * out[i])
                p[i] += d[i]


@kernel
def fastest_rate(W, conduct, scratch, passage, v, shape, ghosts, inverse_dx, k, j0, j1):
    """The largest w sum_a (K_a- + K_a+)/(rho dx_a^2) over a block of rows, a bound of all rates of decay on the grid; w is 6
    in one dimension, else 8."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    wide = nx + 1
    K = scratch[:3 * wide].reshape(3, wide)
    edges = scratch[3 * wide:9 * wide].reshape(6, wide)
    total = scratch[9 * wide:10 * wide]
    steps = (1, nx, nx * ny)
    axes = (inverse_dx[0] > 0.0) + (inverse_dx[1] > 0.0) + (inverse_dx[2] > 0.0)
    most = 0.0
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        total[:n] = 0.0
        for axis in range(3):
            if inverse_dx[axis] > 0.0:
                weight = (6.0 if axes == 1 else 8.0) * inverse_dx[axis] * inverse_dx[axis]
                for side in range(2):
                    conductivities(K, edges, conduct, passage, axis, steps, inverse_dx, first + side * steps[axis], n)
                    for i in range(n):
                        total[i] += weight * max(K[0, i], K[1, i], K[2, i])
        for i in range(n):
            most = max(most, total[i] / W[v, first + i])
    return most


@kernel
def close_block(W, C, start, scratch, model, qm, v, u, v_field, h, gain, shape, ghosts, counts, k, j0, j1):
    """Turn and isotropise the change of P as the stage's local source does, add it to the source sum, set p.

    The stage solved its local source L first: P* = (1 - h L)^-1 ..., and then heat flux without L. That is

        V = P* + G,    U = P* + (1 - h L)^-1 G,     G = h (-div q of V)

    and U satisfies U = ... + h L U + G: a source and a flux in the same stage, second order with the rest, where V alone
    would be of first order. Both have the same trace; where U is not positive definite V stays.

    Parameters
    ----------
    W : P_ij = V, read and written, and p; cell-centred B if v_field >= 0
    C : C += gain (U - P*) in the rows of P_ij
    start : (6, cells) P*
    scratch : (``heat_scratch_cells(nx)``,)
    counts : (2,) first += cells that are not positive and finite
    """
    nx, ny = shape[0], shape[1]
    row_cells = nx - 2 * ghosts[0]
    frame = scratch[:10 * CHUNK].reshape(10, CHUNK)
    G = scratch[10 * CHUNK:16 * CHUNK].reshape(6, CHUNK)
    V = scratch[16 * CHUNK:22 * CHUNK].reshape(6, CHUNK)
    none = scratch[22 * CHUNK:23 * CHUNK]
    local = model[RATE] > 0.0 or v_field >= 0 and qm != 0.0
    for j in range(j0, j1):
        for begin in range(0, row_cells, CHUNK):
            n = min(CHUNK, row_cells - begin)
            first = (k * ny + j) * nx + ghosts[0] + begin
            for m in range(6):
                p, s = W[v + 5 + m, first:first + n], start[m, first:first + n]
                for i in range(n):
                    V[m, i] = p[i]
                    G[m, i] = p[i] - s[i]
            if local:
                if v_field >= 0:
                    field_frame(frame, W[v_field + 3, first:first + n], W[v_field + 4, first:first + n],
                                W[v_field + 5, first:first + n], n)
                else:
                    none[:n] = 0.0
                    field_frame(frame, none, none, none, n)
                turn_tensor(G, frame, True, n)
                resolve_change(G, frame[9], model[RATE], qm, h, n)
                turn_tensor(G, frame, False, n)
                for i in range(n):
                    c = first + i
                    xx, xy, xz = start[0, c] + G[0, i], start[1, c] + G[1, i], start[2, c] + G[2, i]
                    yy, yz, zz = start[3, c] + G[3, i], start[4, c] + G[4, i], start[5, c] + G[5, i]
                    fine = is_positive_definite(xx, xy, xz, yy, yz, zz)
                    for m in range(6):
                        if fine:
                            W[v + 5 + m, c] = start[m, c] + G[m, i]
                        else:
                            G[m, i] = V[m, i] - start[m, c]
            for m in range(6):
                out, g = C[u + 4 + m, first:first + n], G[m]
                for i in range(n):
                    out[i] += gain * g[i]
            p = W[v + 4, first:first + n]
            xx, yy, zz = W[v + 5, first:first + n], W[v + 8, first:first + n], W[v + 10, first:first + n]
            for i in range(n):
                p[i] = (xx[i] + yy[i] + zz[i]) * (1.0 / 3.0)
            counts[0] += count_bad(W, model, v, first, n)
