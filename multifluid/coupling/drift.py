"""How fast drag lets a field cross a cell, as a limit of the dissipation of B.

The screened speed that dissipates B takes drag to lock ions and neutrals for one step: a_B = (eta_A/dt)^(1/2) where the
field drifts through neutrals. In cells that diffusion crosses in more than a step, dx^2/eta_A > dt, this is more than
diffusion does over the same jump, eta_A/dx; at the foot of a front, where eta_A ~ B^2 vanishes, by any factor.
"""

import numpy as np


def _alpha(law, W, s, n):
    k0, k1, k2, k3, k4 = law
    if k1 == 0.0 and k3 == 0.0:
        return k0
    slip2 = ((W[s + 1:s + 4] - W[n + 1:n + 4]) ** 2).sum(axis=0)
    thermal = np.maximum(W[s + 4] / W[s], 0.0) + np.maximum(W[n + 4] / W[n], 0.0)
    return k0 + k1 * np.sqrt(thermal + k2 * slip2) + k3 * np.maximum(thermal + k4 * slip2, 1e-200) ** -1.5


def limit_dissipation(signals, W, qm, v_fluid, v_field, laws, mu0, inverse_dx):
    """Hold a_B, rows S..S+2 of ``signals`` (axes x, y, z), to at most

        |u| + (B^2/(mu0 rho) + 5 p/(3 rho))^(1/2) + eta_A/dx,     eta_A = B^2/(mu0 sum alpha_in rho_i rho_n)

    with the fastest |u| of all fluids, the density and the pressure of all together. The last two terms are what moves B
    over a cell with the neutrals locked to it, and with the neutrals at rest; ions are taken to be tied to the field.
    Nothing is held in cells without drag.

    Parameters
    ----------
    signals, W : ndarray, (S + 3, cells), (rows, cells)
        Speeds, changed in place, and primitives.
    qm : ndarray, (S,)
        Charge over mass.
    v_fluid, v_field : ndarray (S,), int
        First rows of the fluids and of the field in W.
    laws : ndarray, (S, S, 5)
        Coefficients of alpha (``kernels.rates``).
    mu0 : float
    inverse_dx : ndarray, (3,)
        0: flat axis, left as it is.
    """
    S = qm.size
    friction = np.zeros(W.shape[1])
    for s in np.flatnonzero(qm != 0.0):
        for n in np.flatnonzero(qm == 0.0):
            friction += _alpha(laws[s, n], W, v_fluid[s], v_fluid[n]) * W[v_fluid[s]] * W[v_fluid[n]]
    tension = (W[v_field + 3:v_field + 6] ** 2).sum(axis=0) / mu0
    eta = np.divide(tension, friction, out=np.full_like(tension, np.inf), where=friction > 0.0)
    rho, p = (sum(W[v + row] for v in v_fluid) for row in (0, 4))
    together = np.sqrt(np.maximum(tension + 5.0 / 3.0 * p, 0.0) / rho)
    for d in np.flatnonzero(inverse_dx):
        flow = np.max([np.abs(W[v + 1 + d]) for v in v_fluid], axis=0)
        np.minimum(signals[S + d], flow + together + inverse_dx[d] * eta, out=signals[S + d])
