"""Exact solutions of nonlinear (ambipolar) diffusion, d_t B = div(D |B|^(m-1) grad B).

Ambipolar diffusion of a straight field has eta = B^2/(mu0 alpha rho_i rho_n): m = 3 where ionisation balance keeps the ion
density, m = 2 where the ions are frozen in and only advected (rho_i ~ B). A pulse spreads self-similarly with a sharp
front (Barenblatt 1952; Vazquez 2007, The Porous Medium Equation, section 4.4.2), a sheet decays as a product and has
B ~ x^(1/m) at its null, and a sine steepens towards it (Brandenburg & Zweibel 1994, ApJ 427, L91).
"""

import numpy as np
from scipy.fft import dst
from scipy.integrate import solve_ivp
from scipy.special import beta, betaincinv, gamma

from multifluid.errors import InputError


def _barenblatt(m, dimension, flux, central):
    """Exponents and constants a, k, C."""
    if not m > 1:
        raise InputError(f"m = {m:g} has no front: take a value above 1")
    if dimension not in (1, 2, 3):
        raise InputError(f"dimension = {dimension!r} is not possible: take 1, 2 or 3")
    if (flux is None) == (central is None):
        raise InputError("give either flux or C, not both")
    d = dimension
    a = d / (d * (m - 1) + 2)
    k, power = (m - 1) * a / (2 * m * d), 1 / (m - 1)
    if central is None:
        # flux = |S^(d-1)|/2 k^(-d/2) C^(power + d/2) Beta(d/2, power + 1)
        shape = np.pi ** (d / 2) / gamma(d / 2) * k ** (-d / 2) * beta(d / 2, power + 1)
        central = (flux / shape) ** (1 / (power + d / 2))
    return a, k, central


def barenblatt(r, t, m, dimension=1, flux=None, D=1.0, C=None):
    """Self-similar spreading of a pulse that is a point at t = 0.

        B = tau^-a (C - k r^2 tau^(-2 a/d))_+^(1/(m-1)),  tau = D t/m,  a = d/(d (m-1) + 2),  k = (m-1) a/(2 m d)

    Parameters
    ----------
    r : array_like
        Distance from the centre.
    t : float
        Above 0.
    m, D : float
        eta = D B^(m-1), m > 1.
    dimension : {1, 2, 3}
        d: plane, cylinder (B along its axis), sphere.
    flux : float, optional
        Integral of B over space; this or C is given.
    C : float, optional

    Returns
    -------
    ndarray

    Raises
    ------
    InputError
        A parameter is out of its range.
    """
    a, k, C = _barenblatt(m, dimension, flux, C)
    tau = D * t / m
    return tau**-a * np.maximum(C - k * np.asarray(r, float) ** 2 * tau ** (-2 * a / dimension), 0) ** (1 / (m - 1))


def barenblatt_front(t, m, dimension=1, flux=None, D=1.0, C=None):
    """Radius of the front, (C/k)^(1/2) tau^(a/d); parameters and errors as in `barenblatt`."""
    a, k, C = _barenblatt(m, dimension, flux, C)
    return np.sqrt(C / k) * (D * t / m) ** (a / dimension)


def separable_sheet(x, t, m=3.0, amplitude=1.0, distance=1.0, D=1.0):
    """Current sheets between nulls: B = X(x) T(t) decays without change of shape.

        |X|/amplitude = I^-1(x/h; m/(m+1), 1/2)^(1/(m+1)),   h = distance/2,  I the regularised incomplete beta function
        T = (1 + (m-1) s t)^(-1/(m-1)),   s = D amplitude^(m-1) Beta(m/(m+1), 1/2)^2/(2 (m+1) h^2)

    From X^(m-1) X' = (2 s/(D (m+1)) (amplitude^(m+1) - X^(m+1)))^(1/2), the first integral of (X^(m-1) X')' = -(s/D) X.
    At the nulls X ~ x^(1/m), a current sheet without width.

    Parameters
    ----------
    x, t : array_like, float
    m, D : float
        eta = D |B|^(m-1), m > 1.
    amplitude : float
        Largest B at t = 0.
    distance : float
        Between nulls; they lie at its multiples, B > 0 in 0 < x < distance and odd about every null.

    Returns
    -------
    ndarray
    """
    _barenblatt(m, 1, 1.0, None)
    h = distance / 2
    turns = np.asarray(x, float) / distance
    cell = np.floor(turns)
    within = 1 - np.abs(1 - 2 * (turns - cell))
    shape = betaincinv(m / (m + 1), 0.5, np.clip(within, 0, 1)) ** (1 / (m + 1)) * np.where(cell % 2 == 0, 1, -1)
    rate = D * amplitude ** (m - 1) * beta(m / (m + 1), 0.5) ** 2 / (2 * (m + 1) * h * h)
    return amplitude * shape * (1 + (m - 1) * rate * t) ** (-1 / (m - 1))


def null_gradient(t, gradient=1.0, D=1.0):
    """dB/dx at a null for eta = D B^2 while B is smooth, s0/(1 - 4 D s0^2 t)^(1/2): infinite at t = 1/(4 D s0^2).

    Where B ~ s x, d_t B = D d_x(B^2 d_x B) says ds/dt = 2 D s^3.
    """
    left = 1 - 4 * D * gradient**2 * t
    if np.any(np.asarray(left) <= 0):
        raise InputError(f"t = {t} is too late: the gradient becomes infinite at {1 / (4 * D * gradient**2):g}")
    return gradient / np.sqrt(left)


def steepening_sine(x, t, amplitude=1.0, k=1.0, D=1.0, modes=256):
    """B that starts as amplitude sin(k x), for eta = D B^2, before its null becomes a sheet at t = 1/(4 D (amplitude k)^2).

    Collocation with odd sines, d_t B = (D/3) d_x^2 B^3, in time by `scipy.integrate.solve_ivp` (Radau).

    Parameters
    ----------
    x, t : array_like, float
    amplitude, k, D : float
    modes : int
        Number of sines, sin((2 j + 1) k x). The more the closer t is to the end.

    Returns
    -------
    ndarray

    Raises
    ------
    InputError
        t is too late, or so late that the sines do not reach: take more.
    """
    null_gradient(t, amplitude * k, D)
    wave = 2 * np.arange(modes) + 1
    start = np.sin(wave * np.pi / (4 * modes))

    def curvature(f):
        return dst(-(wave**2)[:, None] * dst(f, 4, axis=0, norm="ortho"), 4, axis=0, norm="ortho")

    linear = curvature(np.eye(modes))
    found = solve_ivp(
        lambda _, b: linear @ b**3 / 3, (0, D * (amplitude * k) ** 2 * t), start, "Radau", rtol=1e-11, atol=1e-13,
        jac=lambda _, b: linear * b**2,
    )  # fmt: skip
    sines = dst(found.y[:, -1], 4, norm="ortho") * np.sqrt(2 / modes)
    if np.abs(sines[-modes // 8 :]).max() > 1e-8:
        raise InputError(f"modes = {modes} are too few at t = {t:g}: take {2 * modes}")
    return amplitude * np.sin(np.multiply.outer(k * np.asarray(x, float), wave)) @ sines
