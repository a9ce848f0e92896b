"""Flux divergence of the fluids over blocks of rows, in one, two or three dimensions by the same code.

A block is rows (k, j0 <= j < j1) of one plane, or, where y is flat, of planes that follow one another
(``multifluid.parallel.rows``); blocks are independent of each other, so threads share them and the bits do not depend on
who computes what.
"""

from ._jit import kernel
from .closures import conserved_rows
from .codes import BAROTROPIC, FIVE, GAMMA, KIND, SIX, TEN
from .fluid_rows import flux_row
from .rows import clear_row, copy_row
from .tensor_rows import carry_tensor_row, parallel_compression, side_cells, six_flux_row, ten_flux_row


@kernel
def sweep_scratch_cells(models, width):
    """Work space of ``fluid_divergence``, in floats, for rows of faces of the given width."""
    return (3 * flux_rows(models) + 6) * width + 3 * models.shape[0] * side_cells(width)


@kernel
def flux_rows(models):
    """Rows of a flux array: the fluids' conserved variables, then three face velocities of each six-moment fluid."""
    rows = 0
    for s in range(models.shape[0]):
        rows += conserved_rows(models[s, KIND]) + (3 if models[s, KIND] == SIX else 0)
    return rows


@kernel
def all_conserved_rows(models):
    """Conserved variables of all fluids together."""
    rows = 0
    for s in range(models.shape[0]):
        rows += conserved_rows(models[s, KIND])
    return rows


@kernel
def radial_rows(T, W, models, v_fluid, u_fluid, F, metric, column, start, first, n, factor, weight):
    """Flux divergence along r of n cells of a row and what curvature adds, in cylindrical axes (r, phi, z).

        d_t q = -(1/r) d_r (r F),   d_t m_phi = -(1/r^2) d_r (r^2 F),   d_t m_r = ... + (rho u_phi^2 + p)/r

    The flux of m_phi is that of angular momentum, which the sum over cells keeps; a uniform pressure at rest stays as it
    is to round-off. ``metric``: see ``multifluid.grid``; ``column`` is the first cell's place in it."""
    r_low, r_high = metric[0, column:column + n], metric[0, column + 1:column + n + 1]
    inverse = metric[1, column:column + n]
    for s in range(models.shape[0]):
        u, v = u_fluid[s], v_fluid[s]
        for k in range(conserved_rows(models[s, KIND])):
            t = T[u + k, first:first + n]
            low, high = F[u + k, start:start + n], F[u + k, start + 1:start + 1 + n]
            if k == 2:
                for i in range(n):
                    t[i] += factor * (r_low[i] * r_low[i] * low[i] - r_high[i] * r_high[i] * high[i]) * (
                        inverse[i] * inverse[i])
            else:
                for i in range(n):
                    t[i] += factor * (r_low[i] * low[i] - r_high[i] * high[i]) * inverse[i]
        t = T[u + 1, first:first + n]
        rho, turn, p = W[v, first:first + n], W[v + 2, first:first + n], W[v + 4, first:first + n]
        for i in range(n):
            t[i] += weight * (rho[i] * turn[i] * turn[i] + p[i]) * inverse[i]


@kernel
def difference_both_rows(T, rows, X, x_start, x_factor, F_low, low_start, F_high, high_start, factor, first, n, fresh):
    """T (0 if ``fresh``) += x_factor (X_low - X_high) + factor (F_low - F_high) on n cells: two axes in one pass over T.

    Of ``rows`` variables; faces along x begin at ``x_start`` of X, others at ``low_start`` and ``high_start``."""
    for k in range(rows):
        t = T[k, first:first + n]
        left, right = X[k, x_start:x_start + n], X[k, x_start + 1:x_start + 1 + n]
        low, high = F_low[k, low_start:low_start + n], F_high[k, high_start:high_start + n]
        if fresh:
            for i in range(n):
                t[i] = x_factor * (left[i] - right[i]) + factor * (low[i] - high[i])
        else:
            for i in range(n):
                t[i] = (t[i] + x_factor * (left[i] - right[i])) + factor * (low[i] - high[i])


@kernel
def difference_rows(T, W, models, v_fluid, u_fluid, v_field, F_low, F_high, buffer, axis, start, shift, first, n, factor):
    """T += factor (F_low - F_high) on n cells for every fluid; faces begin at ``start``, upper ones ``shift`` later."""
    for k in range(all_conserved_rows(models)):
        t = T[k, first:first + n]
        low = F_low[k, start:start + n]
        high = F_high[k, start + shift:start + shift + n]
        for i in range(n):
            t[i] += factor * (low[i] - high[i])
    compress_rows(T, W, models, v_fluid, u_fluid, v_field, F_low, F_high, buffer, axis, start, shift, first, n, factor)


@kernel
def compress_rows(T, W, models, v_fluid, u_fluid, v_field, F_low, F_high, buffer, axis, start, shift, first, n, factor):
    """What compression adds to p_par of every six-moment fluid (``tensor_rows.parallel_compression``)."""
    if buffer is not None:
        rows = all_conserved_rows(models)
        for s in range(models.shape[0]):
            if models[s, KIND] == SIX:
                parallel_compression(T, u_fluid[s] + 5, W, v_fluid[s], v_field, F_low[rows:rows + 3],
                                     F_high[rows:rows + 3], axis, start, shift, first, n, factor)
                rows += 3


@kernel
def correct_gyrotropic_row(F, velocity, W, v, v_field, mass, axis, first, stride, n):
    """The correction of a six-moment fluid's mass flux carries its energy with the work of P_nn, and p_par/rho; it is part
    of the normal face velocity (``velocity``) too."""
    for i in range(n):
        c = first + i - stride if mass[i] > 0.0 else first + i
        bx, by, bz = W[v_field + 3, c], W[v_field + 4, c], W[v_field + 5, c]
        size2 = bx * bx + by * by + bz * bz
        normal = W[v_field + 3 + axis, c]
        share = normal * normal / size2 if size2 > 0.0 else 1.0 / 3.0
        rho, par, perp = W[v, c], W[v + 5, c], W[v + 6, c]
        kinetic = 0.5 * (W[v + 1, c] * W[v + 1, c] + W[v + 2, c] * W[v + 2, c] + W[v + 3, c] * W[v + 3, c])
        F[4, i] += mass[i] * (kinetic + (0.5 * par + perp + perp + (par - perp) * share) / rho)
        F[5, i] += mass[i] * par / rho
        velocity[i] += mass[i] / rho


@kernel
def charge_flux_row(charge, W, qm, v_fluid, axis, first, stride, n, near, far):
    """Charge flux through n faces, interpolated from cell currents J = sum_s (q_s/m_s) rho_s u_s.

    ``near`` and ``far`` are the weights of the two cells beside the face and of the next two; they are those of
    the centred derivative that acts on E, so that div E - rho_c/eps0 stays what it was (DESIGN: Gauss's law)."""
    out = charge[:n]
    for i in range(n):
        out[i] = 0.0
    for s in range(qm.size):
        ratio = qm[s]
        if ratio == 0.0:
            continue
        rho = W[v_fluid[s]]
        u = W[v_fluid[s] + 1 + axis]
        ra = rho[first - 2 * stride:first - 2 * stride + n]
        rb = rho[first - stride:first - stride + n]
        rc = rho[first:first + n]
        rd = rho[first + stride:first + stride + n]
        ua = u[first - 2 * stride:first - 2 * stride + n]
        ub = u[first - stride:first - stride + n]
        uc = u[first:first + n]
        ud = u[first + stride:first + stride + n]
        for i in range(n):
            out[i] += ratio * (near * (rb[i] * ub[i] + rc[i] * uc[i]) + far * (ra[i] * ua[i] + rd[i] * ud[i]))


@kernel
def carry_row(f, mass, q, first, stride, n):
    """f += mass q of the upwind cell: what a mass flux through n faces carries of a quantity per mass."""
    low, high = q[first - stride:first - stride + n], q[first:first + n]
    for i in range(n):
        # both are read: a choice of numbers is one instruction, a choice of what to read is a branch
        a, b = low[i], high[i]
        f[i] += mass[i] * (a if mass[i] > 0.0 else b)


@kernel
def carry_energy_row(f, mass, W, v, enthalpy, first, stride, n):
    """f += mass (enthalpy p/rho + u^2/2) of the upwind cell."""
    for d in range(3):
        low, high = W[v + 1 + d, first - stride:first - stride + n], W[v + 1 + d, first:first + n]
        for i in range(n):
            a, b = low[i], high[i]
            u = a if mass[i] > 0.0 else b
            f[i] += mass[i] * (0.5 * u * u)
    low, high = W[v + 4, first - stride:first - stride + n], W[v + 4, first:first + n]
    rho_low, rho_high = W[v, first - stride:first - stride + n], W[v, first:first + n]
    for i in range(n):
        a, b, rho_a, rho_b = low[i], high[i], rho_low[i], rho_high[i]
        p = a if mass[i] > 0.0 else b
        f[i] += mass[i] * enthalpy * (p / (rho_a if mass[i] > 0.0 else rho_b))


@kernel
def correct_charge_row(F, extra, buffer, charge, W, smooth, qm, v_fluid, u_fluid, v_field, mobile, model, axis, first,
                       stride, n, limit, strict):
    """Add dF_e = (m_e/q_e)[J_face - sum_s (q_s/m_s) F_s] to the mass flux of the most mobile charged fluid.

    The correction carries the upwind cell's momentum and enthalpy. The corrected flux may carry off at most
    ``limit`` (a speed) times the upwind density, unless the Riemann solver's own flux does, which keeps nearly absent
    electrons positive; Gauss's law then holds to what was cut off. Next to troubled cells (``smooth`` = 0) the
    correction alone is held to ``strict``: there the Riemann solver's diffusion is what keeps them positive.
    ``extra`` is the first row of face velocities in F, if the mobile fluid has six moments.
    """
    for s in range(qm.size):
        if qm[s] != 0.0:
            f = F[u_fluid[s]]
            ratio = qm[s]
            for i in range(n):
                charge[i] -= ratio * f[i]
    v = v_fluid[mobile]
    u = u_fluid[mobile]
    kind = model[KIND]
    inverse = 1.0 / qm[mobile]
    trust_l = smooth[first - stride:first - stride + n]
    trust_r = smooth[first:first + n]
    l0 = W[v, first - stride:first - stride + n]
    r0 = W[v, first:first + n]
    f0 = F[u]
    for i in range(n):
        mass = charge[i] * inverse
        trusted = trust_l[i] * trust_r[i] > 0.0
        base = f0[i] if trusted else 0.0
        most = limit if trusted else strict
        mass = min(max(base + mass, min(-most * r0[i], base)), max(most * l0[i], base)) - base
        charge[i] = mass
        f0[i] += mass
    if kind != TEN:
        for d in range(3):
            carry_row(F[u + 1 + d], charge, W[v + 1 + d], first, stride, n)
    if buffer is not None:
        if kind == TEN:
            carry_tensor_row(F[u:u + 10], buffer, W, v, charge, axis, first, stride, n)
        elif kind == SIX:
            correct_gyrotropic_row(F[u:u + 6], F[extra + axis], W, v, v_field, charge, axis, first, stride, n)
    if kind == FIVE:
        carry_energy_row(F[u + 4], charge, W, v, model[GAMMA] / (model[GAMMA] - 1.0), first, stride, n)


@kernel
def all_fluxes_row(F, charge, left, above, known, right, buffer, W, signals, smooth, qm, models, v_fluid, u_fluid, v_field,
                   solver, mobile, axis, first, stride, n, reconstruction, near, far, limit, strict):
    """Fluxes of every fluid through one row of faces, the charge flux corrected: F (``flux_rows``, >= n).

    ``left``, ``above`` (fluids, ``side_cells(n)``) hold the states left of these faces and of the faces beyond
    (``fluid_rows.plm_row``), ``right`` (5, >= n) and ``buffer`` those right of them."""
    extra = 0
    for s in range(qm.size):
        extra += conserved_rows(models[s, KIND])
    of_mobile = extra
    for s in range(qm.size):
        u, v, kind = u_fluid[s], v_fluid[s], models[s, KIND]
        if kind == FIVE or kind == BAROTROPIC:
            energy = F[u + 4] if kind == FIVE else charge
            size = right.size
            flux_row(F[u:u + 4], energy, left[s, :size].reshape(right.shape), right, above[s, :size].reshape(right.shape), W,
                     signals[s], smooth, v, models[s], axis, first, stride, n, reconstruction, solver[s], known)
        # without space for tensors there are none, and the compiler need not see what they take
        if buffer is not None:
            if kind == TEN:
                ten_flux_row(F[u:u + 10], left[s], above[s], buffer, W, signals[s], smooth, v, axis, first, stride, n,
                             reconstruction, known)
            elif kind == SIX:
                six_flux_row(F[u:u + 6], F[extra:extra + 3], left[s], above[s], buffer, W, signals[s], smooth, v, v_field,
                             axis, first, stride, n, reconstruction, known)
                if s == mobile:
                    of_mobile = extra
                extra += 3
    if mobile >= 0:
        charge_flux_row(charge, W, qm, v_fluid, axis, first, stride, n, near, far)
        correct_charge_row(F, of_mobile, buffer, charge, W, smooth, qm, v_fluid, u_fluid, v_field, mobile, models[mobile],
                           axis, first, stride, n, limit, strict)


@kernel
def fluid_divergence(T, W, signals, smooth, scratch, buffer, width, qm, models, v_fluid, u_fluid, v_field, solver, mobile,
                     shape, ghosts, inverse_dx, metric, weight, fresh, reconstruction, near, far, limit, strict, k, j0, j1):
    """T += -weight div F (T = if ``fresh``) for every fluid, over the block of rows (k, j0 <= j < j1).

    As many rows as the scratch space holds are treated as one long row of faces, ghosts between them
    included, so that short rows cost no more per face than long ones.

    Parameters
    ----------
    T : (variables, cells) conserved target; W : primitive variables; signals : (>= S, cells) signal speeds
    scratch : (``sweep_scratch_cells(models, width)``,) work space of this thread; width >= nx + 1 faces
    buffer : (BUFFER,) work space for tensors, None if no fluid has six or ten moments
    shape, ghosts : full extents and ghost widths (x, y, z); an axis with one cell and no ghosts is flat
    metric : None, or radii of a cylindrical grid (``multifluid.grid``)
    near, far : weights of the charge flux; limit, strict : bounds of its correction, shares per step
    """
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    rows_of_flux = flux_rows(models)
    conserved = all_conserved_rows(models)
    size = rows_of_flux * width
    F = scratch[:size].reshape(rows_of_flux, width)
    G = scratch[size:2 * size].reshape(rows_of_flux, width)
    X = scratch[2 * size:3 * size].reshape(rows_of_flux, width)
    right = scratch[3 * size:3 * size + 5 * width].reshape(5, width)
    charge = scratch[3 * size + 5 * width:3 * size + 6 * width]
    S, side = models.shape[0], side_cells(width)
    sides = scratch[3 * size + 6 * width:3 * size + 6 * width + 3 * S * side].reshape(3, S, side)
    left, above, spare = sides[0], sides[1], sides[2]
    group = max(1, width // nx)
    # the axis along which the rows of a block follow one another
    along = 1 if ghosts[1] > 0 else 2
    if ghosts[along] > 0:
        # F: lower faces of the first row of a group; G: upper faces of all its rows
        first = (k * ny + j0) * nx + ghosts[0]
        all_fluxes_row(F, charge, above, left, False, right, buffer, W, signals, smooth, qm, models, v_fluid, u_fluid,
                       v_field, solver, mobile, along, first, nx, n, reconstruction, near, far, limit / inverse_dx[along],
                       strict / inverse_dx[along])
    together = ghosts[0] > 0 and ghosts[along] > 0 and metric is None
    x_factor, factor = weight * inverse_dx[0], weight * inverse_dx[along]
    # both axes of a row together, while its cells and its sums are in the cache
    for j in range(j0, j1, group):
        rows = min(group, j1 - j)
        first = (k * ny + j) * nx + ghosts[0]
        if fresh and not together:
            # cleared here, just before they are added to, sums do not cross the memory bus once more
            for v in range(conserved):
                for r in range(rows):
                    clear_row(T[v, first + r * nx:first + r * nx + n], n)
        if ghosts[0] > 0:
            all_fluxes_row(X, charge, above, spare, False, right, buffer, W, signals, smooth, qm, models, v_fluid, u_fluid,
                           v_field, solver, mobile, 0, first, 1, (rows - 1) * nx + n + 1, reconstruction, near, far,
                           limit / inverse_dx[0], strict / inverse_dx[0])
            for r in range(rows):
                if metric is not None:
                    radial_rows(T, W, models, v_fluid, u_fluid, X, metric, ghosts[0], r * nx, first + r * nx, n, x_factor,
                                weight)
                elif not together:
                    difference_rows(T, W, models, v_fluid, u_fluid, v_field, X, X, buffer, 0, r * nx, 1, first + r * nx, n,
                                    x_factor)
        if ghosts[along] > 0:
            all_fluxes_row(G, charge, left, above, group == 1, right, buffer, W, signals, smooth, qm, models, v_fluid,
                           u_fluid, v_field, solver, mobile, along, first + nx, nx, (rows - 1) * nx + n, reconstruction,
                           near, far, limit / inverse_dx[along], strict / inverse_dx[along])
            left, above = above, left
            for r in range(rows):
                low, low_start, shift = (F, 0, 0) if r == 0 else (G, (r - 1) * nx, nx)
                at = first + r * nx
                if together:
                    difference_both_rows(T, conserved, X, r * nx, x_factor, low, low_start, G, r * nx, factor, at, n, fresh)
                    compress_rows(T, W, models, v_fluid, u_fluid, v_field, X, X, buffer, 0, r * nx, 1, at, n, x_factor)
                    compress_rows(T, W, models, v_fluid, u_fluid, v_field, low, G, buffer, along, low_start, shift, at, n,
                                  factor)
                else:
                    difference_rows(T, W, models, v_fluid, u_fluid, v_field, low, G, buffer, along, low_start, shift, at, n,
                                    factor)
            if rows == 1:
                F, G = G, F
            else:
                last = (rows - 1) * nx
                for v in range(rows_of_flux):
                    copy_row(F[v], G[v, last:last + n], n)
    if along == 1 and ghosts[2] > 0:
        stride = nx * ny
        for j in range(j0, j1, group):
            rows = min(group, j1 - j)
            cells = (rows - 1) * nx + n
            first = (k * ny + j) * nx + ghosts[0]
            all_fluxes_row(F, charge, above, left, False, right, buffer, W, signals, smooth, qm, models, v_fluid, u_fluid,
                           v_field, solver, mobile, 2, first, stride, cells, reconstruction, near, far,
                           limit / inverse_dx[2], strict / inverse_dx[2])
            all_fluxes_row(G, charge, left, above, True, right, buffer, W, signals, smooth, qm, models, v_fluid, u_fluid,
                           v_field, solver, mobile, 2, first + stride, stride, cells, reconstruction, near, far,
                           limit / inverse_dx[2], strict / inverse_dx[2])
            for r in range(rows):
                difference_rows(T, W, models, v_fluid, u_fluid, v_field, F, G, buffer, 2, r * nx, 0, first + r * nx, n,
                                weight * inverse_dx[2])
