"""Alfven waves of a charged fluid and neutrals in closed form, and the wavenumbers at which none propagates."""

import math

import numpy as np


def alfven_roots(k_v_a, nu_ni, ratio):
    """Frequencies of Alfven waves along B of a light charged fluid and neutrals without pressure or inertial lengths.

        omega^3 + i (1 + ratio) nu_ni omega^2 - (k v_A)^2 omega - i nu_ni (k v_A)^2 = 0

    Parameters
    ----------
    k_v_a : float
        Wavenumber times the Alfven speed of the charged fluid.
    nu_ni : float
        Collision frequency of a neutral, alpha rho_c.
    ratio : float
        rho_n/rho_c.

    Returns
    -------
    ndarray (3,), complex
        By descending real part (Kulsrud & Pearce 1969, ApJ 156, 445, eq. C5, in this code's alpha).
    """
    square = k_v_a**2
    # omega = i s has real coefficients, so that damped roots come out without a rounding error in Re omega
    roots = 1j * np.roots([1.0, (1.0 + ratio) * nu_ni, square, nu_ni * square])
    return roots[np.argsort(-roots.real, kind="stable")]


def alfven_gap(ratio):
    """Wavenumbers k v_A/nu_ni between which no Alfven wave propagates, or None where rho_n/rho_c = ``ratio`` <= 8.

    All roots of `alfven_roots` are purely damped where its discriminant says so, with b = 1 + ratio:

        4 K^4 - (b^2 + 18 b - 27) K^2 + 4 b^3 <= 0,    K = k v_A/nu_ni

    K from sqrt(4 b) (neutrals tied, damped critically) to b/2 (neutrals at rest, nu_in/2) where b is large.
    """
    b = 1.0 + ratio
    half = 0.5 * (b * b + 18.0 * b - 27.0)
    square = half * half - 16.0 * b**3
    if b <= 9.0 or square <= 0.0:
        return None
    large = half + math.sqrt(square)
    return math.sqrt(4.0 * b**3 / large), math.sqrt(large / 4.0)
