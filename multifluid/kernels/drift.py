"""How fast drag lets a field cross a cell, as a limit of the dissipation of B.

The screened speed that dissipates B takes drag to lock ions and neutrals for one step: a_B = (eta_A/dt)^(1/2) where the
field drifts through neutrals. In cells that diffusion crosses in more than a step, dx^2/eta_A > dt, this is more than
diffusion does over the same jump, eta_A/dx; at the foot of a front, where eta_A ~ B^2 vanishes, by any factor. So a_B may
be held to

    |u| + (B^2/(mu0 rho) + 5 p/(3 rho))^(1/2) + eta_A/dx,     eta_A = B^2/(mu0 sum alpha_in rho_i rho_n)

with the fastest |u| of all fluids, the density and the pressure of all together. The last two terms are what moves B over
a cell with the neutrals locked to it, and with the neutrals at rest; ions are taken to be tied to the field. Nothing is
held in cells without drag.
"""

import math

from ._jit import kernel


@kernel
def add_friction(friction, alpha, rho_s, rho_n, n):
    """friction += alpha rho_s rho_n of a charged and a neutral fluid."""
    for i in range(n):
        friction[i] += alpha[i] * rho_s[i] * rho_n[i]


@kernel
def drift_speeds(together, eta, friction, b2, work, W, v_fluid, inverse_mu0, first, n):
    """The fast speed of all fluids together, and eta_A (infinite without drag); ``work``: two unused rows."""
    density, pressure = work[0], work[1]
    for i in range(n):
        density[i] = 0.0
        pressure[i] = 0.0
    for s in range(v_fluid.size):
        rho, p = W[v_fluid[s], first:first + n], W[v_fluid[s] + 4, first:first + n]
        for i in range(n):
            density[i] += rho[i]
            pressure[i] += p[i]
    for i in range(n):
        tension = b2[i] * inverse_mu0
        eta[i] = tension / friction[i] if friction[i] > 0.0 else math.inf
        # a stage under repair may hold a negative pressure for a moment
        together[i] = math.sqrt(max(tension + 5.0 / 3.0 * pressure[i], 0.0) / density[i])


@kernel
def hold(speed, fastest, together, eta, inverse_dx, n):
    """speed = min(speed, |u| + v_f + eta_A/dx)."""
    for i in range(n):
        speed[i] = min(speed[i], fastest[i] + together[i] + inverse_dx * eta[i])
