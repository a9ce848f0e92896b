"""Conductivity tensor of a weakly ionised plasma, and Ohmic, Hall and ambipolar diffusivity.

In the frame of the neutrals, E' = E + u_n x B, with inertia and pressure of the charges left out, b = B/|B|:

    J  = sigma_par E'_par + sigma_H b x E'_perp + sigma_P E'_perp
    E' = mu0 [ eta_O J + eta_H J x b + eta_A J_perp ]

(Wardle & Ng 1999, MNRAS 303, 239; Wardle 2007, Astrophys. Space Sci. 311, 35, eqs. 25 to 31). Hall parameters carry the sign
of the charge. sigma_H and eta_H do not change sign with B where B is measured as |B| and b turns with it.
"""

from typing import NamedTuple

import numpy as np

from multifluid.errors import InputError

REGIMES = ("ideal", "ohmic", "hall", "ambipolar")
"""Names of the regime indices 0 to 3."""


class Conductivity(NamedTuple):
    """sigma along B, across B along E (Pedersen), across B and E (Hall)."""

    parallel: np.ndarray
    pedersen: np.ndarray
    hall: np.ndarray


class Diffusivities(NamedTuple):
    """eta_O, eta_H, eta_A, length^2/time; eta_H is negative where the heavier carriers of charge are the mobile ones."""

    ohmic: np.ndarray
    hall: np.ndarray
    ambipolar: np.ndarray


def hall_parameter(charge, mass, B, rate):
    """beta_s = q_s B/(m_s nu_s), nu_s = sum_n alpha_sn rho_n; above 1 in size the species is tied to the field."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(charge * np.asarray(B, float) / (mass * np.asarray(rate, float)))


def regime_of_hall_parameters(hall):
    """What the Hall parameters (N, ...) of the charged species mean: index into `REGIMES`.

    1 ohmic: none is tied to the field (all |beta| < 1); 3 ambipolar: all are; 2 hall: some are.
    """
    tied = np.abs(hall) >= 1.0
    return np.where(tied.all(axis=0), 3, np.where(tied.any(axis=0), 2, 1))


def conductivity(charge, number_density, hall, B):
    """Tensor of charges that collide with neutrals only, from their Hall parameters.

        sigma_par = (1/B) sum q n beta,  sigma_P = (1/B) sum q n beta/(1 + beta^2),  sigma_H = (1/B) sum q n/(1 + beta^2)

    The last sum is taken as -sum q n beta^2/(1 + beta^2), the same by charge neutrality, for those with |beta| <= 1, so
    that it keeps its digits when all are free of the field and when all are tied to it.

    Parameters
    ----------
    charge, number_density, hall : (N, ...)
    B : (...)
        Strength of the field, not zero.

    Returns
    -------
    Conductivity
    """
    qn, hall = charge * np.asarray(number_density, float), np.asarray(hall, float)
    tied = np.abs(hall) > 1.0
    square = np.square(hall)
    pedersen = np.where(tied, qn / (hall * (1.0 + 1.0 / np.where(tied, square, 1.0))), qn * hall / (1.0 + square))
    drifting = np.where(tied, qn / (1.0 + square), -qn * square / (1.0 + square))
    # the charge of those not tied; zero by neutrality where nobody is tied
    free = np.where(tied.any(axis=0), np.where(tied, 0.0, qn).sum(axis=0), 0.0)
    return Conductivity((qn * hall).sum(axis=0) / B, pedersen.sum(axis=0) / B, (drifting.sum(axis=0) + free) / B)


def diffusivities_of(sigma, mu0=1.0):
    """Diffusivities of a `Conductivity`: eta_O = 1/(mu0 sigma_par), eta_H = sigma_H/(mu0 sigma_perp^2),
    eta_A = sigma_P/(mu0 sigma_perp^2) - eta_O, sigma_perp^2 = sigma_P^2 + sigma_H^2 (Wardle 2007, eqs. 29 to 31)."""
    across = np.hypot(sigma.pedersen, sigma.hall)
    ohmic = 1.0 / sigma.parallel
    return Diffusivities(ohmic / mu0, sigma.hall / across / across / mu0,
                         (sigma.pedersen / across / across - ohmic) / mu0)


def conductivity_of(eta, mu0=1.0):
    """The `Conductivity` that belongs to `Diffusivities`; infinite along B without Ohmic diffusion."""
    across = eta.ohmic + eta.ambipolar
    size = np.hypot(across, eta.hall)
    with np.errstate(divide="ignore"):
        return Conductivity(1.0 / (mu0 * np.asarray(eta.ohmic)), across / size / size / mu0, eta.hall / size / size / mu0)


def diffusivities(charge_density, friction, exchange, B, mu0=1.0):
    """Ohmic, Hall and ambipolar diffusivity of any mixture, collisions among the charges included.

    Solves the momentum balance of the charges in the frame of the neutrals with J given, for E':

        0 = q_s n_s (E' + v_s x B) - friction_s v_s - sum_r exchange_sr (v_s - v_r),     sum_s q_s n_s v_s = J

    The unknowns are slips against the species that neutrals hold most, so that no digits are lost at large Hall
    parameters. With ions and electrons alone

        mu0 eta_O = (exchange + f_e (1 - f_e/f))/(n e)^2,   mu0 eta_H = B (1 - 2 f_e/f)/(n e),   mu0 eta_A = B^2/f

    with f_e the friction of electrons, f that of both (eta_A as of `ambipolar_diffusivity`, exactly).

    Parameters
    ----------
    charge_density : (N, ...)
        q_s n_s, of at least two charged species, adding up to zero (a small net charge is left out).
    friction : (N, ...)
        rho_s nu_s = rho_s sum_n alpha_sn rho_n against the neutrals; positive for one species at least.
    exchange : (N, N, ...)
        alpha_sr rho_s rho_r between the charges; the diagonal is not read.
    B : (...)
        Strength of the field; may be zero.

    Returns
    -------
    Diffusivities

    Raises
    ------
    InputError
        Fewer than two charged species, or no friction on neutrals.
    """
    N = len(charge_density)
    shape = np.broadcast_shapes(*(np.shape(a)[1:] for a in (charge_density, friction)), np.shape(exchange)[2:], np.shape(B))
    if N < 2:
        raise InputError("diffusivities: at least two charged species are needed to carry a current")
    g, f = (_cells_first(a, shape) for a in (charge_density, friction))
    k = _cells_first(exchange, shape, 2) * (1.0 - np.eye(N))
    total = f.sum(axis=1)
    if not np.all(total > 0):
        raise InputError("diffusivities: no charged species has drag on a neutral one, so there is no ambipolar diffusion")
    order = np.argsort(f, axis=1, kind="stable")                    # the one held most comes last
    g, f = np.take_along_axis(g, order, 1), np.take_along_axis(f, order, 1)
    k = np.take_along_axis(np.take_along_axis(k, order[:, :, None], 1), order[:, None, :], 2) / total[:, None, None]
    unit = np.abs(g).max(axis=1)
    g, f = g[:, :-1] / unit[:, None], f[:, :-1] / total[:, None]
    strength = np.broadcast_to(np.asarray(B, float), shape).reshape(-1) * unit / total
    eta = _scaled_field(g, f, k, strength)
    scale = total / unit / unit / mu0
    return Diffusivities(*((part * scale).reshape(shape) for part in eta))


def _scaled_field(g, f, k, strength):
    """Ohmic, Hall and ambipolar part of E' for J = 1, with frictions adding up to 1 and charges at most 1 in size.

    With w_s = v_s - v_N, v_N = -i beta - sum f w from the sum of all equations (components across B as complex numbers,
    beta the strength, J = 1) and e = E' - i beta v_N, the field in the frame of the last species,

        M w - g e = i beta (f - g w),   g.w = 1,   M_st = (f_s + sum_r k_sr) delta_st - k_st - f_s f_t

    M is symmetric, so that with w_0, eta_O from beta = 0 the ambipolar part is beta^2 + beta sum (f - g w_0) Im w: nothing
    cancels, neither where the charges are free of the field nor where they are tied to it.
    """
    cells, n = g.shape
    inner = np.arange(n)
    M = -k[:, :n, :n] - f[:, :, None] * f[:, None, :]
    M[:, inner, inner] = k[:, :n].sum(axis=2) + f * (1.0 - f)       # f <= 1/2: the largest is left out
    # Several species without any friction share a current along B in a way nobody can tell; E' is zero all the same.
    free = (f == 0) & (k[:, :n].sum(axis=2) == 0)
    several = free.sum(axis=1) > 1
    rest = _border(np.where(several[:, None, None], np.eye(n), M), g, np.zeros(g.shape))
    first = np.zeros(g.shape)
    first[np.arange(cells), free.argmax(axis=1)] = 1.0
    w0 = np.where(several[:, None], first / np.where(first > 0, g, 1.0), rest[:, :n])
    ohmic = np.where(free.any(axis=1), 0.0, rest[:, n])
    turning = np.zeros(M.shape)
    turning[:, inner, inner] = g
    damp = 1.0 / np.maximum(1.0, strength)[:, None]                  # rows and e, so that neither M nor beta swamps all
    solved = _border(damp[..., None] * (M + 1j * strength[:, None, None] * turning), g,
                     1j * damp * strength[:, None] * f)
    w, e = solved[:, :n], solved[:, n] / damp[:, 0]
    hall = strength * (f * w.real).sum(axis=1) - e.imag
    return ohmic, hall, strength**2 + strength * ((f - g * w0) * w.imag).sum(axis=1)


def _border(M, g, right):
    """Solve M w - g e = right, g.w = 1 in all cells: (w, e)."""
    cells, n = g.shape
    if n == 1:                                                      # two charged species: J alone tells the slip
        return np.concatenate([1.0 / g, (M[..., 0] / g - right) / g], axis=1)
    system = np.zeros((cells, n + 1, n + 1), M.dtype)
    system[:, :n, :n], system[:, :n, n], system[:, n, :n] = M, -g, g
    vector = np.concatenate([right, np.ones((cells, 1))], axis=1)
    return np.linalg.solve(system, vector[..., None])[..., 0]


def _cells_first(a, shape, axes=1):
    """(N, ...) or (N, N, ...) broadcast to cells and turned to (cells, N) or (cells, N, N)."""
    a = np.asarray(a, float)
    a = a.reshape(a.shape[:axes] + (1,) * (len(shape) + axes - a.ndim) + a.shape[axes:])
    full = np.broadcast_to(a, a.shape[:axes] + shape).reshape(*a.shape[:axes], -1)
    return np.moveaxis(full, -1, 0)


def dominant(eta, length=None, speed=None):
    """Regime index (`REGIMES`) by the largest diffusivity: 1 ohmic, 2 hall, 3 ambipolar.

    With a length and a speed it is 0, ideal, where the largest is below speed * length (magnetic Reynolds number above 1).
    """
    sizes = np.stack(np.broadcast_arrays(eta.ohmic, np.abs(eta.hall), eta.ambipolar))
    index = 1 + sizes.argmax(axis=0)
    if length is None or speed is None:
        return index
    return np.where(sizes.max(axis=0) < np.asarray(speed) * length, 0, index)
