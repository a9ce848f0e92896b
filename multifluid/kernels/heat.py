"""Exchange of thermal energy between fluids, implicit, conservative and positive at any stiffness.

Backward Euler over h for the internal energies eps_s = rho_s w_s (w_s per mass, T_s = (gamma_s - 1) m_s w_s):

    eps_s = eps*_s + heat_s + sum_r X_sr (T_r - T_s) + sum_r (D_sr w_r - D_rs w_s)
    X_sr = h ct alpha_sr rho_s rho_r/(m_s + m_r)           (ct = 3: Schunk 1977, Rev. Geophys. 15, 429)

D_sr is the mass per volume that fluid s has taken from fluid r within h, with its thermal energy (ionisation,
recombination). Every column of the matrix sums to rho_s > 0 - that is conservation of energy - and its off-diagonal
entries are flows c_sr >= 0 from r to s. Elimination works on flows and column sums only:

    T_k = rho_k + sum_s c_sk,   c_st += c_sk c_kt/T_k,   g_t += g_k c_kt/T_k,   b_s += c_sk b_k/T_k

so nothing is subtracted (Grassmann, Taksar & Heyman 1985, Oper. Res. 33, 1107): all w are positive if the right
sides are, and energy is conserved to round-off.
"""

from ._jit import kernel


@kernel
def heat_rows_needed(S):
    """Work rows of ``exchange_heat``."""
    return S * S + 2 * S


@kernel
def exchange_heat(energy, rho, flows, work, active, n):
    """Solve for the internal energies of n cells.

    Parameters
    ----------
    energy : (S, >= n) internal energy densities eps* + heat, overwritten with eps
    rho : (S, >= n) densities
    flows : (S, S, >= n) c_sr, from r to s, for the w's; overwritten
    work : (2 S, >= n)
    active : (S, S) which flows are not zero, fill-in included
    """
    S = rho.shape[0]
    ground = work[:S]
    inverse = work[S:2 * S]
    for s in range(S):
        for i in range(n):
            ground[s, i] = rho[s, i]
    for k in range(S):
        total = inverse[k]
        for i in range(n):
            total[i] = ground[k, i]
        for s in range(k + 1, S):
            if active[s, k]:
                c = flows[s, k]
                for i in range(n):
                    total[i] += c[i]
        for i in range(n):
            total[i] = 1.0 / total[i]
        for t in range(k + 1, S):
            if not active[k, t]:
                continue
            into = flows[k, t]
            for i in range(n):
                ground[t, i] += ground[k, i] * into[i] * total[i]
            for s in range(k + 1, S):
                if s != t and active[s, k]:
                    c = flows[s, k]
                    out = flows[s, t]
                    for i in range(n):
                        out[i] += c[i] * into[i] * total[i]
        for s in range(k + 1, S):
            if active[s, k]:
                c = flows[s, k]
                for i in range(n):
                    energy[s, i] += c[i] * energy[k, i] * total[i]
    for back in range(S):
        k = S - 1 - back
        for t in range(k + 1, S):
            if active[k, t]:
                into = flows[k, t]
                for i in range(n):
                    energy[k, i] += into[i] * energy[t, i]
        for i in range(n):
            energy[k, i] *= inverse[k, i]
    for s in range(S):
        for i in range(n):
            energy[s, i] *= rho[s, i]
