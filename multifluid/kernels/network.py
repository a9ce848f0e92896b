"""The local source solve where fluids exchange mass: a directed network (see ``local_solve`` for the plain one).

With D_sr the mass per volume that fluid s has taken from fluid r within h, by ionisation or recombination, backward
Euler for momentum reads

    rho_s u_s = rho*_s u*_s + h rho_s a_s + h (q_s/m_s) rho_s (E + u_s x B)
                + sum_r h alpha_sr rho_s rho_r (u_r - u_s) + sum_r (D_sr u_r - D_rs u_s)
    eps0 (E - E*) = - h sum_s (q_s/m_s) rho_s u_s

Flows c_sr = h alpha_sr rho_s rho_r + D_sr from r to s are no longer symmetric, but each column still sums to
rho_r (1 + i h Omega_r): momentum is conserved. Elimination works on flows and column sums, as in ``heat``:

    T_k = g_k + sum_s c_sk,  g_t += g_k c_kt/T_k,  c_st += c_sk c_kt/T_k,  f_t += f_k c_kt/T_k
    b_s += c_sk b_k/T_k,  e_s += c_sk e_k/T_k,  k_E += f_k e_k/T_k,  b_E -= f_k b_k/T_k

with e_s the column of E in the fluids' rows and f_s the row of E, both h q_s n_s to begin with. Nothing is subtracted.
"""

from ._jit import kernel


@kernel
def network_rows_needed(S):
    """Work rows of ``solve_network`` (one component: real and imaginary parts)."""
    return 2 * S * S + 12 * S + 9


@kernel
def solve_network(vr, vi, Er, Ei, br, bi, cr, ci, gr, gi, er, ei, fr, fi, tr, ti, k_r, k_i, second, size, eps0, active, n):
    """Solve one complex component on n cells (the parallel one with zero imaginary parts).

    Parameters
    ----------
    vr, vi : (S, >= n) velocities, out
    Er, Ei : (>= n) E*, overwritten with E
    br, bi : (S, >= n) right sides; cr, ci : (S, S, >= n) flows c[s, r] from r to s; gr, gi : (S, >= n) column sums;
    er, ei, fr, fi : (S, >= n) coupling to E; all overwritten
    tr, ti : (S, >= n) work (1/T); k_r, k_i : (>= n) work; second : (2 S + 5, >= n) work (the second form of k_E, see
        ``local_solve``); size : (>= n) |B|, zero for the parallel component
    active : (S, S) which flows are not zero, fill-in included
    """
    S = gr.shape[0]
    hr, hi = second[:S], second[S:2 * S]
    sum_r, sum_i, of_e, of_v, charge = (second[2 * S], second[2 * S + 1], second[2 * S + 2], second[2 * S + 3],
                                        second[2 * S + 4])
    for i in range(n):
        sum_r[i] = sum_i[i] = of_e[i] = of_v[i] = charge[i] = 0.0
    for s in range(S):
        for i in range(n):
            hr[s, i] = gr[s, i]
            hi[s, i] = 0.0
            charge[i] += er[s, i]
    for i in range(n):
        k_r[i] = eps0
        k_i[i] = 0.0
        Er[i] *= eps0
        Ei[i] *= eps0
    for k in range(S):
        pr, pi = tr[k], ti[k]
        for i in range(n):
            pr[i] = gr[k, i]
            pi[i] = gi[k, i]
        for s in range(k + 1, S):
            if active[s, k]:
                for i in range(n):
                    pr[i] += cr[s, k, i]
                    pi[i] += ci[s, k, i]
        for i in range(n):
            ratio = pi[i] / pr[i]
            inverse = 1.0 / (pr[i] + pi[i] * ratio)
            pr[i] = inverse
            pi[i] = -inverse * ratio
        for i in range(n):
            xr = fr[k, i] * pr[i] - fi[k, i] * pi[i]
            xi = fr[k, i] * pi[i] + fi[k, i] * pr[i]
            a = xr * er[k, i] - xi * ei[k, i]
            b = xr * ei[k, i] + xi * er[k, i]
            k_r[i] += a
            k_i[i] += b
            of_e[i] += abs(a) + abs(b)
            Er[i] -= xr * br[k, i] - xi * bi[k, i]
            Ei[i] -= xr * bi[k, i] + xi * br[k, i]
        for i in range(n):
            xr = er[k, i] * pr[i] - ei[k, i] * pi[i]
            xi = er[k, i] * pi[i] + ei[k, i] * pr[i]
            a = xr * hr[k, i] - xi * hi[k, i]
            b = xr * hi[k, i] + xi * hr[k, i]
            sum_r[i] += a
            sum_i[i] += b
            of_v[i] += abs(a) + abs(b)
        for t in range(k + 1, S):
            if active[k, t]:
                for i in range(n):
                    xr = cr[k, t, i] * pr[i] - ci[k, t, i] * pi[i]
                    xi = cr[k, t, i] * pi[i] + ci[k, t, i] * pr[i]
                    gr[t, i] += gr[k, i] * xr - gi[k, i] * xi
                    gi[t, i] += gr[k, i] * xi + gi[k, i] * xr
                    fr[t, i] += fr[k, i] * xr - fi[k, i] * xi
                    fi[t, i] += fr[k, i] * xi + fi[k, i] * xr
                    hr[t, i] += hr[k, i] * xr - hi[k, i] * xi
                    hi[t, i] += hr[k, i] * xi + hi[k, i] * xr
                for s in range(k + 1, S):
                    if s != t and active[s, k]:
                        for i in range(n):
                            xr = cr[k, t, i] * pr[i] - ci[k, t, i] * pi[i]
                            xi = cr[k, t, i] * pi[i] + ci[k, t, i] * pr[i]
                            cr[s, t, i] += cr[s, k, i] * xr - ci[s, k, i] * xi
                            ci[s, t, i] += cr[s, k, i] * xi + ci[s, k, i] * xr
        for s in range(k + 1, S):
            if active[s, k]:
                for i in range(n):
                    xr = cr[s, k, i] * pr[i] - ci[s, k, i] * pi[i]
                    xi = cr[s, k, i] * pi[i] + ci[s, k, i] * pr[i]
                    br[s, i] += xr * br[k, i] - xi * bi[k, i]
                    bi[s, i] += xr * bi[k, i] + xi * br[k, i]
                    er[s, i] += xr * er[k, i] - xi * ei[k, i]
                    ei[s, i] += xr * ei[k, i] + xi * er[k, i]
    for i in range(n):
        if of_v[i] + abs(charge[i]) < of_e[i] * size[i]:
            k_r[i] = eps0 - sum_i[i] / size[i]
            k_i[i] = (sum_r[i] - charge[i]) / size[i]
    for i in range(n):
        ratio = k_i[i] / k_r[i]
        inverse = 1.0 / (k_r[i] + k_i[i] * ratio)
        a = Er[i] * inverse
        b = Ei[i] * inverse
        Er[i] = a + b * ratio
        Ei[i] = b - a * ratio
    for back in range(S):
        k = S - 1 - back
        for i in range(n):
            br[k, i] += er[k, i] * Er[i] - ei[k, i] * Ei[i]
            bi[k, i] += er[k, i] * Ei[i] + ei[k, i] * Er[i]
        for t in range(k + 1, S):
            if active[k, t]:
                for i in range(n):
                    br[k, i] += cr[k, t, i] * vr[t, i] - ci[k, t, i] * vi[t, i]
                    bi[k, i] += cr[k, t, i] * vi[t, i] + ci[k, t, i] * vr[t, i]
        for i in range(n):
            vr[k, i] = br[k, i] * tr[k, i] - bi[k, i] * ti[k, i]
            vi[k, i] = br[k, i] * ti[k, i] + bi[k, i] * tr[k, i]
