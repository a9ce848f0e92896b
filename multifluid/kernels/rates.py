"""Drag coefficients that depend on temperature and slip, on rows of cells.

    alpha = k0 + k1 sqrt(v2 + k2 w^2) + k3 (v2 + k4 w^2)^(-3/2)

with v2 = T_s/m_s + T_r/m_r = p_s/rho_s + p_r/rho_r and w = |u_s - u_r|. ``multifluid.coupling.laws`` says which
physics gives which coefficients.
"""

import math

from ._jit import kernel

COEFFICIENTS = 5


@kernel
def is_constant(law):
    """Whether alpha is k0 alone."""
    return law[1] == 0.0 and law[3] == 0.0


@kernel
def alpha_row(out, law, thermal_s, thermal_r, us, vs, ws, ur, vr, wr, n):
    """alpha of one pair in n cells; ``thermal`` rows are p/rho, then the velocity components of both fluids."""
    k0, k1, k2, k3, k4 = law[0], law[1], law[2], law[3], law[4]
    if k1 == 0.0 and k3 == 0.0:
        for i in range(n):
            out[i] = k0
        return
    for i in range(n):
        a = us[i] - ur[i]
        b = vs[i] - vr[i]
        c = ws[i] - wr[i]
        slip2 = a * a + b * b + c * c
        # a stage under repair may hold a negative pressure for a moment
        v2 = max(thermal_s[i], 0.0) + max(thermal_r[i], 0.0)
        out[i] = k0 + k1 * math.sqrt(v2 + k2 * slip2)
        if k3 != 0.0:
            # cold and without slip: large, but finite
            x = max(v2 + k4 * slip2, 1.0e-200)
            out[i] += k3 / (x * math.sqrt(x))
