"""Faraday's law on faces by constrained transport, and the curl of B at cell centres.

Face component B_d of cell i sits at its lower d face and is stored at the cell's own index; component c of the
electric field on edges, ``edges[c]``, sits at the lower faces of the two other axes. Flat axes have neither
offset nor derivative.
"""

from ._jit import kernel
from .local_solve import CHUNK
from .reconstruct import weno5z_edges, weno5z_smoothness
from .rows import clear_row, copy_row

# Work rows of ``edge_field``: cell fields at edges (4), edge values of B in a row (2) and in the row below (3).
EDGE_ROWS = 9


@kernel
def edge_scratch_cells(width):
    """Work space of ``edge_field`` and ``ampere``, in floats, for rows of ``width`` cells."""
    return EDGE_ROWS * width + 3 * CHUNK


@kernel
def plane_of(shape, k, j):
    """Plane (index along z) of row (k, j): where y is flat, rows of a block go on from plane to plane."""
    return k + j if shape[1] == 1 else k


@kernel
def faces_in_row(d, shape, ghosts, k, j):
    """Number of faces normal to axis d that row (k, j) holds: those of its cells, and the boundary's last one."""
    beyond_y = ghosts[1] > 0 and j == shape[1] - ghosts[1]
    beyond_z = ghosts[2] > 0 and plane_of(shape, k, j) == shape[2] - ghosts[2]
    if (beyond_y and d != 1) or (beyond_z and d != 2):
        return 0
    return shape[0] - 2 * ghosts[0] + (1 if d == 0 and ghosts[0] > 0 else 0)


@kernel
def average_faces(W, v_field, shape, ghosts, near, far, k, j0, j1):
    """Cell-centred B (rows v_field + 3..5) from face B (rows v_field + 6..8) over a block of rows.

    ``near``, ``far``: weights of the two faces of the cell and of the next two; (1/2, 0) is second order,
    (13/24, -1/24) fourth."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    for d in range(3):
        stride = 1 if d == 0 else (nx if d == 1 else nx * ny)
        for j in range(j0, j1):
            first = (k * ny + j) * nx + ghosts[0]
            cell = W[v_field + 3 + d, first:first + n]
            b = W[v_field + 6 + d, first:first + n]
            if ghosts[d] == 0:
                for i in range(n):
                    cell[i] = b[i]
            else:
                a = W[v_field + 6 + d, first - stride:first - stride + n]
                c = W[v_field + 6 + d, first + stride:first + stride + n]
                e = W[v_field + 6 + d, first + 2 * stride:first + 2 * stride + n]
                for i in range(n):
                    cell[i] = near * (b[i] + c[i]) + far * (a[i] + e[i])


@kernel
def both_edges_row(low, high, shares, q, stride, first, n):
    """WENO edge values of n cells of a row of ``q``: towards lower and higher indices along the axis of ``stride``.

    ``shares`` (3 CHUNK) is work space: two short loops take two thirds of the time of a long one, of whose chain of
    operations a processor sees one turn at a time."""
    for begin in range(0, n, CHUNK):
        m = min(CHUNK, n - begin)
        start = first + begin
        a = q[start - 2 * stride:start - 2 * stride + m]
        b = q[start - stride:start - stride + m]
        c = q[start:start + m]
        d = q[start + stride:start + stride + m]
        e = q[start + 2 * stride:start + 2 * stride + m]
        for i in range(m):
            s0, s1, s2 = weno5z_smoothness(a[i], b[i], c[i], d[i], e[i])
            shares[i] = s0
            shares[CHUNK + i] = s1
            shares[2 * CHUNK + i] = s2
        left, right = low[begin:begin + m], high[begin:begin + m]
        for i in range(m):
            left[i], right[i] = weno5z_edges(a[i], b[i], c[i], d[i], e[i], shares[i], shares[CHUNK + i],
                                             shares[2 * CHUNK + i])


@kernel
def dissipate_edge_row(out, b_face, speed, low, high, below, shares, known, stride, other_stride, first, n, sign):
    """out += sign a_B [B]/2 on n edges, where ``b_face`` jumps across the edges at distance ``stride``.

    a_B (``speed``, along the axis of the jump) is the largest of the cells around the edge: two if the other axis is
    flat (other_stride = 0), else four. ``low``, ``high`` (> n), ``shares`` are work space. ``below`` (>= n) is left with the
    higher edge values of the faces at these edges; if ``known``, it comes with those of the faces a stride before, from the
    row before. Edges along a row (stride 1) share faces without it.
    """
    ll = speed[first - stride - other_stride:first - stride - other_stride + n]
    lr = speed[first - other_stride:first - other_stride + n]
    rl = speed[first - stride:first - stride + n]
    rr = speed[first:first + n]
    half = 0.5 * sign
    if stride == 1:
        # neighbouring edges share a face
        both_edges_row(low, high, shares, b_face, stride, first - 1, n + 1)
        right = low[1:n + 1]
        for i in range(n):
            fastest = max(max(ll[i], lr[i]), max(rl[i], rr[i]))
            out[i] += half * fastest * (right[i] - high[i])
        return
    if not known:
        both_edges_row(low, below, shares, b_face, stride, first - stride, n)
    both_edges_row(low, high, shares, b_face, stride, first, n)
    for i in range(n):
        fastest = max(max(ll[i], lr[i]), max(rl[i], rr[i]))
        out[i] += half * fastest * (low[i] - below[i])
    copy_row(below, high, n)


@kernel
def interpolate_row(out, E, stride, first, n, near, far):
    """Values of cell-centred E at the lower faces along one axis."""
    a = E[first - 2 * stride:first - 2 * stride + n]
    b = E[first - stride:first - stride + n]
    c = E[first:first + n]
    d = E[first + stride:first + stride + n]
    for i in range(n):
        out[i] = near * (b[i] + c[i]) + far * (a[i] + d[i])


@kernel
def ground_row(out, c, grounded, shape, ghosts, k, j, n):
    """E_c = 0 on the edges of a row that lie in a conducting boundary."""
    for axis in range(3):
        for side in range(2):
            if axis == c or ghosts[axis] == 0 or not grounded[axis, side]:
                continue
            if axis == 0:
                out[0 if side == 0 else n - 1] = 0.0
            elif (j if axis == 1 else plane_of(shape, k, j)) == (ghosts[axis] if side == 0 else shape[axis] - ghosts[axis]):
                for i in range(n):
                    out[i] = 0.0


@kernel
def edge_field(edges, W, signals, scratch, grounded, v_field, a_field, shape, ghosts, near, far, k, j0, j1):
    """Electric field on the edges of a block of rows (upwind constrained transport).

    E_c on an edge is the interpolated cell field plus the dissipation of both face components that meet there,
    + a_B [B_b]_a/2 - a_B [B_a]_b/2 for the cyclic triple (c, a, b) (Londrillo & Del Zanna 2004, J. Comput. Phys.
    195, 17, eq. 44, with the screened a_B). Rows run over one more edge than cells on every axis that is not flat.
    ``grounded`` (3, 2) tells which boundaries are perfect conductors: the field along them is zero on their edges,
    also where normal B varies from face to face and would be smoothed. ``a_field`` is the first row of a_B in
    ``signals``. As many rows as the scratch space (``edge_scratch_cells``) holds are treated as one long row, ghosts between
    them included (those edges are never read), so that short rows cost no more per edge than long ones.
    """
    nx, ny = shape[0], shape[1]
    edges_in_row = nx - 2 * ghosts[0] + (1 if ghosts[0] > 0 else 0)
    width = (scratch.size - 3 * CHUNK) // EDGE_ROWS
    group = max(1, width // nx)
    shares = scratch[EDGE_ROWS * width:]
    row_of = scratch[:EDGE_ROWS * width].reshape(EDGE_ROWS, width)
    low, high = row_of[4], row_of[5]
    # the axis along which the rows of a block follow one another
    along = 1 if ghosts[1] > 0 else 2
    for j in range(j0, j1, group):
        rows = min(group, j1 - j)
        n = (rows - 1) * nx + edges_in_row
        first = (k * ny + j) * nx + ghosts[0]
        for c in range(3):
            a = (c + 1) % 3
            b = (c + 2) % 3
            stride_a = 1 if a == 0 else (nx if a == 1 else nx * ny)
            stride_b = 1 if b == 0 else (nx if b == 1 else nx * ny)
            if ghosts[a] == 0:
                stride_a = 0
            if ghosts[b] == 0:
                stride_b = 0
            E = W[v_field + c]
            out = edges[c, first:first + n]
            if stride_a == 0 and stride_b == 0:
                for i in range(n):
                    out[i] = E[first + i]
            elif stride_b == 0:
                interpolate_row(out, E, stride_a, first, n, near, far)
            elif stride_a == 0:
                interpolate_row(out, E, stride_b, first, n, near, far)
            else:
                for r in range(4):
                    interpolate_row(row_of[r], E, stride_a, first + (r - 2) * stride_b, n, near, far)
                p, q, r, s = row_of[0], row_of[1], row_of[2], row_of[3]
                for i in range(n):
                    out[i] = near * (q[i] + r[i]) + far * (p[i] + s[i])
            # two of the three components of E feel a jump along that axis: what a row leaves for the next is kept for each
            known = j > j0 and group == 1
            kept, spare = row_of[6 if c == 0 else 7], row_of[8]
            if stride_a > 0:
                dissipate_edge_row(out, W[v_field + 6 + b], signals[a_field + a], low, high, kept if a == along else spare,
                                   shares, known and a == along, stride_a, stride_b, first, n, 1.0)
            if stride_b > 0:
                dissipate_edge_row(out, W[v_field + 6 + a], signals[a_field + b], low, high, kept if b == along else spare,
                                   shares, known and b == along, stride_b, stride_a, first, n, -1.0)
            for row in range(rows):
                ground_row(out[row * nx:row * nx + edges_in_row], c, grounded, shape, ghosts, k, j + row, edges_in_row)


@kernel
def faraday(T, edges, u_b, shape, ghosts, inverse_dx, metric, weight, fresh, k, j0, j1):
    """T[B_d] -= weight (curl E)_d (T = if ``fresh``) on the faces of a block of rows: Stokes' theorem on each face, so that
    the divergence of B over a cell does not change.

    ``metric``: None, or radii of a cylindrical grid; then (curl E)_z = (1/r) d_r (r E_phi)."""
    nx, ny = shape[0], shape[1]
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for d in range(3):
            n = faces_in_row(d, shape, ghosts, k, j)
            a = (d + 1) % 3
            b = (d + 2) % 3
            out = T[u_b + d, first:first + n]
            if fresh:
                clear_row(out, n)
            if ghosts[a] > 0:
                stride = 1 if a == 0 else (nx if a == 1 else nx * ny)
                low = edges[b, first:first + n]
                high = edges[b, first + stride:first + stride + n]
                factor = weight * inverse_dx[a]
                curved = False
                if metric is not None:
                    curved = d == 2
                    if curved:
                        column = ghosts[0]
                        r_low, r_high = metric[0, column:column + n], metric[0, column + 1:column + n + 1]
                        inverse = metric[1, column:column + n]
                        for i in range(n):
                            out[i] -= factor * (r_high[i] * high[i] - r_low[i] * low[i]) * inverse[i]
                if not curved:
                    for i in range(n):
                        out[i] -= factor * (high[i] - low[i])
            if ghosts[b] > 0:
                stride = 1 if b == 0 else (nx if b == 1 else nx * ny)
                low = edges[a, first:first + n]
                high = edges[a, first + stride:first + stride + n]
                factor = weight * inverse_dx[b]
                for i in range(n):
                    out[i] += factor * (high[i] - low[i])


@kernel
def curl_row(out, W, v_b, component, shape, ghosts, inverse_dx, metric, near, far, factor, first, n):
    """out = factor (curl B)_component of cell-centred B on n cells.

    ``near``, ``far``: weights of the differences over two and over four cells, (1/2, 0) or (2/3, -1/12). On a
    cylindrical grid (``metric``; near = 1/2) (curl B)_z = (1/r) d_r (r B_phi), from B_phi at the faces."""
    nx, ny = shape[0], shape[1]
    a = (component + 1) % 3
    b = (component + 2) % 3
    for i in range(n):
        out[i] = 0.0
    for part in range(2):
        along = a if part == 0 else b
        which = b if part == 0 else a
        if ghosts[along] == 0:
            continue
        stride = 1 if along == 0 else (nx if along == 1 else nx * ny)
        scale = factor * inverse_dx[along] * (1.0 if part == 0 else -1.0)
        B = W[v_b + which]
        lo2 = B[first - 2 * stride:first - 2 * stride + n]
        lo1 = B[first - stride:first - stride + n]
        hi1 = B[first + stride:first + stride + n]
        hi2 = B[first + 2 * stride:first + 2 * stride + n]
        curved = False
        if metric is not None:
            curved = component == 2 and along == 0
            if curved:
                column = first % nx
                r_low, r_high = metric[0, column:column + n], metric[0, column + 1:column + n + 1]
                inverse = metric[1, column:column + n]
                here = B[first:first + n]
                for i in range(n):
                    out[i] += scale * near * (r_high[i] * (hi1[i] + here[i]) - r_low[i] * (here[i] + lo1[i])) * inverse[i]
        if not curved:
            for i in range(n):
                out[i] += scale * (near * (hi1[i] - lo1[i]) + far * (hi2[i] - lo2[i]))


@kernel
def ampere(T, W, scratch, v_field, u_field, c_light, shape, ghosts, inverse_dx, metric, near, far, weight, fresh, k, j0, j1):
    """T[E] += weight c^2 curl B (T = if ``fresh``) over a block of rows (for steppers that treat it explicitly)."""
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    row = scratch[:n]
    for j in range(j0, j1):
        first = (k * ny + j) * nx + ghosts[0]
        for e in range(3):
            curl_row(row, W, v_field + 3, e, shape, ghosts, inverse_dx, metric, near, far, weight * c_light * c_light, first,
                     n)
            out = T[u_field + e, first:first + n]
            if fresh:
                copy_row(out, row, n)
            else:
                for i in range(n):
                    out[i] += row[i]
