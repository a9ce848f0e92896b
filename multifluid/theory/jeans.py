"""Growth rates of magnetised, self-gravitating isothermal gas: plane waves exp(i k x + g t) with k across B.

Flux-frozen:    g^2 = 4 pi G rho - k^2 (cs^2 + vA^2)          (Chandrasekhar & Fermi 1953, ApJ 118, 116)

Ambipolar diffusion of the one-fluid gas lets the field slip through at eta k^2, a cubic,

    (g + eta k^2) (g^2 + k^2 cs^2 - 4 pi G rho) + g k^2 vA^2 = 0,    eta = (rho_n/rho)^2 B^2/(mu0 alpha rho_i rho_n)

(Langer 1978, ApJ 225, 95): what is stable when frozen grows, slowly, if k^2 cs^2 < 4 pi G rho. With ions i that carry
the field and neutrals n, each with its inertia, dragging each other (d_t v_i = alpha rho_n (v_n - v_i) + ...), and
gravity from both, a quartic,

    (g^2 + k^2 (ci^2 + vAi^2) - 4 pi G rho_i + alpha rho_n g) (g^2 + k^2 cn^2 - 4 pi G rho_n + alpha rho_i g)
        = (4 pi G rho_n + alpha rho_n g) (4 pi G rho_i + alpha rho_i g),    vAi^2 = B^2/(mu0 rho_i)

The swindle of Jeans holds throughout: the uniform gas does not attract itself.
"""

import numpy as np
from numpy.polynomial import Polynomial


def frozen_growth(k, rho, cs, B, G, mu0=1.0):
    """Growth rate of flux-frozen gas.

    Parameters
    ----------
    k : float
        Wavenumber across B.
    rho, cs : float
        Density and isothermal sound speed.
    B : float
    G, mu0 : float
        Constant of gravity.

    Returns
    -------
    complex
        Real where it grows, imaginary where it oscillates.
    """
    return complex(np.emath.sqrt(4 * np.pi * G * rho - k * k * (cs * cs + B * B / (mu0 * rho))))


def ambipolar_roots(k, rho, cs, B, G, eta, mu0=1.0):
    """The three rates g of the cubic of the module; the first has the largest real part.

    Parameters
    ----------
    k, rho, cs, B, G, mu0
        As in `frozen_growth`.
    eta : float
        Ambipolar diffusivity.

    Returns
    -------
    ndarray (3,) complex
    """
    g = Polynomial([0.0, 1.0])
    cubic = (g + eta * k * k) * (g**2 + k * k * cs * cs - 4 * np.pi * G * rho) + g * (k * k * B * B / (mu0 * rho))
    return _sorted_roots(cubic)


def ion_neutral_roots(k, rho, cs, B, G, alpha, mu0=1.0):
    """The four rates g of the quartic of the module; the first has the largest real part.

    Parameters
    ----------
    k, B, G, mu0
        As in `frozen_growth`.
    rho, cs : (2,)
        Densities and isothermal sound speeds of ions (with their electrons) and neutrals.
    alpha : float
        Drag coefficient.

    Returns
    -------
    ndarray (4,) complex
    """
    (ri, rn), (ci, cn) = rho, cs
    g, pull = Polynomial([0.0, 1.0]), 4 * np.pi * G
    ions = g**2 + (k * k * (ci * ci + B * B / (mu0 * ri)) - pull * ri) + alpha * rn * g
    neutrals = g**2 + (k * k * cn * cn - pull * rn) + alpha * ri * g
    return _sorted_roots(ions * neutrals - (pull * rn + alpha * rn * g) * (pull * ri + alpha * ri * g))


def _sorted_roots(polynomial):
    """Roots, polished by two Newton steps where those are safe, by falling real part."""
    roots, slope = polynomial.roots().astype(complex), polynomial.deriv()
    for _ in range(2):
        step = np.divide(polynomial(roots), slope(roots), out=np.zeros_like(roots), where=slope(roots) != 0)
        roots = np.where(np.abs(step) < 1e-6 * np.abs(roots), roots - step, roots)
    return roots[np.argsort(-roots.real)]
