"""Flux divergence of the fluids over blocks of rows, in one, two or three dimensions by the same code.

A block is all rows (k, j0 <= j < j1) of one plane; blocks are independent of each other, so threads share them
and the bits do not depend on who computes what.
"""

from ._jit import kernel
from .fluid_rows import flux_row


@kernel
def difference_rows(T, u, F_low, F_high, start, shift, first, n, factor):
    """T[u:u+5] += factor (F_low - F_high) on n cells; their faces begin at ``start``, upper ones ``shift`` later."""
    for k in range(5):
        t = T[u + k, first:first + n]
        low = F_low[k, start:start + n]
        high = F_high[k, start + shift:start + shift + n]
        for i in range(n):
            t[i] += factor * (low[i] - high[i])


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
def correct_charge_row(F, charge, W, smooth, qm, v_fluid, mobile, gamma, first, stride, n, limit,
                       strict):
    """Add dF_e = (m_e/q_e)[J_face - sum_s (q_s/m_s) F_s] to the mass flux of the most mobile charged fluid.

    The correction carries the upwind cell's momentum and enthalpy. The corrected flux may carry off at most
    ``limit`` (a speed) times the upwind density, unless the Riemann solver's own flux does, which keeps nearly absent
    electrons positive; Gauss's law then holds to what was cut off. Next to troubled cells (``smooth`` = 0) the
    correction alone is held to ``strict``: there the Riemann solver's diffusion is what keeps them positive.
    """
    for s in range(qm.size):
        if qm[s] != 0.0:
            f = F[s, 0]
            ratio = qm[s]
            for i in range(n):
                charge[i] -= ratio * f[i]
    v = v_fluid[mobile]
    inverse = 1.0 / qm[mobile]
    enthalpy = gamma / (gamma - 1.0)
    trust_l = smooth[first - stride:first - stride + n]
    trust_r = smooth[first:first + n]
    l0 = W[v, first - stride:first - stride + n]
    r0 = W[v, first:first + n]
    lx = W[v + 1, first - stride:first - stride + n]
    rx = W[v + 1, first:first + n]
    ly = W[v + 2, first - stride:first - stride + n]
    ry = W[v + 2, first:first + n]
    lz = W[v + 3, first - stride:first - stride + n]
    rz = W[v + 3, first:first + n]
    lp = W[v + 4, first - stride:first - stride + n]
    rp = W[v + 4, first:first + n]
    f0, f1, f2, f3, f4 = F[mobile, 0], F[mobile, 1], F[mobile, 2], F[mobile, 3], F[mobile, 4]
    for i in range(n):
        mass = charge[i] * inverse
        trusted = trust_l[i] * trust_r[i] > 0.0
        base = f0[i] if trusted else 0.0
        most = limit if trusted else strict
        mass = min(max(base + mass, min(-most * r0[i], base)), max(most * l0[i], base)) - base
        left = mass > 0.0
        ux = lx[i] if left else rx[i]
        uy = ly[i] if left else ry[i]
        uz = lz[i] if left else rz[i]
        h = enthalpy * (lp[i] / l0[i] if left else rp[i] / r0[i]) + 0.5 * (ux * ux + uy * uy + uz * uz)
        f0[i] += mass
        f1[i] += mass * ux
        f2[i] += mass * uy
        f3[i] += mass * uz
        f4[i] += mass * h


@kernel
def all_fluxes_row(F, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, axis, first, stride, n,
                   reconstruction, near, far, limit, strict):
    """Fluxes of every fluid through one row of faces, the charge flux corrected: F (S, 5, >= n)."""
    for s in range(qm.size):
        flux_row(F[s], states, W, signals[s], smooth, v_fluid[s], 1.0 / (gamma[s] - 1.0), axis, first, stride, n,
                 reconstruction, solver[s])
    if mobile >= 0:
        charge_flux_row(charge, W, qm, v_fluid, axis, first, stride, n, near, far)
        correct_charge_row(F, charge, W, smooth, qm, v_fluid, mobile, gamma[mobile], first, stride, n, limit, strict)


@kernel
def fluid_divergence(T, W, signals, smooth, scratch, qm, v_fluid, u_fluid, gamma, solver, mobile, shape, ghosts,
                     inverse_dx, weight, reconstruction, near, far, limit, strict, k, j0, j1):
    """T += -weight div F for every fluid, over the block of rows (k, j0 <= j < j1).

    As many rows as the scratch space holds are treated as one long row of faces, ghosts between them
    included, so that short rows cost no more per face than long ones.

    Parameters
    ----------
    T : (variables, cells) conserved target; W : primitive variables; signals : (>= S, cells) signal speeds
    scratch : (``10 S + 11``, >= nx + 1) work space of this thread
    shape, ghosts : full extents and ghost widths (x, y, z); an axis with one cell and no ghosts is flat
    near, far : weights of the charge flux; limit, strict : bounds of its correction, shares per step
    """
    nx, ny = shape[0], shape[1]
    n = nx - 2 * ghosts[0]
    S = qm.size
    width = scratch.shape[1]
    F = scratch[:5 * S].reshape(S, 5, width)
    G = scratch[5 * S:10 * S].reshape(S, 5, width)
    states = scratch[10 * S:10 * S + 10].reshape(5, 2, width)
    charge = scratch[10 * S + 10]
    group = max(1, width // nx)
    if ghosts[0] > 0:
        for j in range(j0, j1, group):
            rows = min(group, j1 - j)
            first = (k * ny + j) * nx + ghosts[0]
            all_fluxes_row(F, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, 0, first, 1,
                           (rows - 1) * nx + n + 1, reconstruction, near, far, limit / inverse_dx[0], strict / inverse_dx[0])
            for s in range(S):
                for r in range(rows):
                    difference_rows(T, u_fluid[s], F[s], F[s], r * nx, 1, first + r * nx, n, weight * inverse_dx[0])
    if ghosts[1] > 0:
        # F: lower faces of the first row of a group; G: upper faces of all its rows
        first = (k * ny + j0) * nx + ghosts[0]
        all_fluxes_row(F, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, 1, first, nx, n,
                       reconstruction, near, far, limit / inverse_dx[1], strict / inverse_dx[1])
        for j in range(j0, j1, group):
            rows = min(group, j1 - j)
            first = (k * ny + j) * nx + ghosts[0]
            all_fluxes_row(G, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, 1, first + nx,
                           nx, (rows - 1) * nx + n, reconstruction, near, far, limit / inverse_dx[1], strict / inverse_dx[1])
            for s in range(S):
                factor = weight * inverse_dx[1]
                difference_rows(T, u_fluid[s], F[s], G[s], 0, 0, first, n, factor)
                for r in range(1, rows):
                    difference_rows(T, u_fluid[s], G[s], G[s], (r - 1) * nx, nx, first + r * nx, n, factor)
            if rows == 1:
                F, G = G, F
            else:
                last = (rows - 1) * nx
                for s in range(S):
                    for v in range(5):
                        low = F[s, v]
                        high = G[s, v, last:last + n]
                        for i in range(n):
                            low[i] = high[i]
    if ghosts[2] > 0:
        stride = nx * ny
        for j in range(j0, j1, group):
            rows = min(group, j1 - j)
            cells = (rows - 1) * nx + n
            first = (k * ny + j) * nx + ghosts[0]
            all_fluxes_row(F, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, 2, first, stride,
                           cells, reconstruction, near, far, limit / inverse_dx[2], strict / inverse_dx[2])
            all_fluxes_row(G, charge, states, W, signals, smooth, qm, v_fluid, gamma, solver, mobile, 2,
                           first + stride, stride, cells, reconstruction, near, far, limit / inverse_dx[2],
                           strict / inverse_dx[2])
            for s in range(S):
                for r in range(rows):
                    difference_rows(T, u_fluid[s], F[s], G[s], r * nx, 0, first + r * nx, n, weight * inverse_dx[2])
