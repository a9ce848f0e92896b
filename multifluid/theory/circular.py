"""Circularly polarised waves along B0, exact at any amplitude, of Hall MHD with Ohmic and ambipolar diffusion.

Transverse vectors are complex, b = B_y + i B_z, and everything else is uniform:

    B = (B0, Re b, Im b),   b = b0 exp(i (k x - omega t)),   u = U b/B0,   rho, p, u_x uniform

|b| is the same everywhere, so no pressure gradient drives the gas along x and the nonlinear equations are met exactly:

    -i omega rho u = i k B0 b/mu0                                      U = -k v_A^2/omega
    -i omega b     = i k B0 u + i eta_H k^2 b - (eta_O + eta_A) k^2 b
    omega [omega + eta_H k^2 + i (eta_O + eta_A) k^2] = k^2 v_A^2,     v_A^2 = B0^2/(mu0 rho)

The diffusivities are those of the mean field, eta_H = B0/(mu0 n e) and eta_A = B0^2/(mu0 alpha rho_i rho_n): of E_A =
-(J x B) x B/(alpha rho_i rho_n), in which B^2 = B0^2 + |b|^2, only the share B0^2/B^2 of J is perpendicular to B, so that
the amplitude drops out. With diffusion |b| falls like exp(Im(omega) t) and the gas is heated uniformly. omega > 0 turns
like the ions (left-handed, for B0 > 0): the ion cyclotron wave; omega < 0 like the electrons: the whistler. In the ideal
limit this is the wave of Ferraro (1955, Proc. R. Soc. A 233, 310); for the Hall wave see Mahajan & Krishan (2005, MNRAS
359, L27).

A plasma of ions and electrons (n e the same for both) obeys the cold relation with every fluid's cyclotron frequency,

    omega^2 = c^2 k^2 + sum_s omega_ps^2 omega/(omega - Omega_s),     u_s = (q_s/m_s) omega b/(k (omega - Omega_s)),

which is that of Hall MHD (with rho = n m_i) but for terms of first order in m_e/m_i and v_A^2/c^2: see
`two_fluid_shift`.
"""

import cmath
import math
from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError

__all__ = ["BRANCHES", "CircularWave", "hall_circular_wave", "two_fluid_frequencies", "two_fluid_shift"]

BRANCHES = ("ion_cyclotron", "whistler")


@dataclass(frozen=True)
class CircularWave:
    """One exact wave.

    Parameters
    ----------
    k, omega : float, complex
        Wavenumber; frequency, Im omega <= 0.
    B0, b0 : float
        Mean field along x, and amplitude of the transverse field at t = 0.
    velocity : complex
        u_y + i u_z over B_y + i B_z.
    """

    k: float
    omega: complex
    B0: float
    b0: float
    velocity: complex

    def evaluate(self, t, x):
        """u (3, ...) in the frame where u_x = 0, and B (3, ...), at positions x."""
        b = self.b0 * np.exp(1j * (self.k * np.asarray(x, float) - self.omega * t))
        u, zero = self.velocity * b, np.zeros(b.shape)
        return np.array([zero, u.real, u.imag]), np.array([zero + self.B0, b.real, b.imag])

    @property
    def period(self):
        """2 pi/|Re omega|."""
        return 2.0 * math.pi / abs(self.omega.real)


def hall_circular_wave(k, B0, b0, rho, hall, ohmic=0.0, ambipolar=0.0, mu0=1.0, branch="ion_cyclotron"):
    """The exact wave of one branch.

    Parameters
    ----------
    k : float
        Wavenumber, positive.
    B0, b0 : float
        Mean field, nonzero; amplitude of the transverse field, of any size.
    rho : float
        Density.
    hall, ohmic, ambipolar : float
        eta_H (with the sign of B0), eta_O, eta_A of the mean field.
    mu0 : float
    branch : "ion_cyclotron" or "whistler"
        The root that is the positive, or the negative, one without diffusion.

    Returns
    -------
    CircularWave

    Raises
    ------
    InputError
        A parameter is out of range, or diffusion so strong that nothing propagates.
    """
    for name, value in (("k", k), ("rho", rho), ("mu0", mu0)):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"circular wave: {name} must be a positive number, not {value!r}")
    if not (math.isfinite(B0) and B0 != 0.0):
        raise InputError(f"circular wave: B0 must be a nonzero number, not {B0!r}")
    for name, value in (("ohmic", ohmic), ("ambipolar", ambipolar)):
        if not (math.isfinite(value) and value >= 0):
            raise InputError(f"circular wave: the {name} diffusivity must not be negative, not {value!r}")
    if branch not in BRANCHES:
        raise InputError(f"circular wave: branch {branch!r} is unknown; choose from {', '.join(BRANCHES)}")
    alfven2 = B0 * B0 / (mu0 * rho)
    half = 0.5 * k * k * complex(hall, ohmic + ambipolar)
    if half.real == 0.0 and half.imag >= k * math.sqrt(alfven2):
        raise InputError(f"circular wave: no wave propagates at k = {k:g} >= 2 v_A/eta; take a smaller k or diffusivity")
    # the square root with a positive real part: the branch cut is that of waves that do not propagate
    root = cmath.sqrt(half * half + k * k * alfven2)
    # the larger of -half +- root without cancellation, the other from their product
    large = -half - root if half.real >= 0.0 else -half + root
    roots = (large, -k * k * alfven2 / large)
    wanted = 1.0 if branch == "ion_cyclotron" else -1.0
    omega = roots[0] if roots[0].real * wanted > 0.0 else roots[1]
    return CircularWave(float(k), omega, float(B0), float(b0), -k * alfven2 / (omega * B0))


def two_fluid_frequencies(k, B0, n, charge, masses, c, mu0=1.0):
    """All four frequencies of circularly polarised waves along B0 in ions and electrons, at any amplitude.

    Parameters
    ----------
    k, B0 : float
    n, charge : float
        Number density and charge of the ions; electrons carry -charge.
    masses : (ion, electron)
    c, mu0 : float

    Returns
    -------
    ndarray (4,)
        Ascending: light (against the electrons' sense), whistler, ion cyclotron, light. Refined by Newton steps on the
        relation of the module, so that small roots keep their digits beside those of light.
    """
    omega_i, omega_e = charge * B0 / masses[0], -charge * B0 / masses[1]
    plasma = [mu0 * c * c * n * charge**2 / m for m in masses]

    def relation(w, slope=False):
        terms = zip(plasma, (omega_i, omega_e))
        if slope:
            return -2.0 * w - sum(p * o / (w - o) ** 2 for p, o in terms)
        return (c * k - w) * (c * k + w) + sum(p * w / (w - o) for p, o in terms)

    w = np.polynomial.Polynomial([0.0, 1.0])
    quartic = ((c * k) ** 2 - w * w) * (w - omega_i) * (w - omega_e)
    quartic += plasma[0] * w * (w - omega_e) + plasma[1] * w * (w - omega_i)
    roots = np.sort(quartic.roots().real)
    for _ in range(4):
        roots = roots - relation(roots) / relation(roots, slope=True)
    return np.sort(roots)


def two_fluid_shift(omega, ion_cyclotron, mass_ratio, alfven_over_c):
    """First-order change of a Hall-MHD frequency by electron inertia and the displacement current.

    delta omega = -(m_e/m_i + v_A^2/c^2) omega (omega - Omega_i)^2/(Omega_i (2 Omega_i - omega)), with v_A^2 =
    B0^2/(mu0 n m_i): the cold two-fluid relation times eps0, with omega_pe^2 omega/(omega - Omega_e) expanded in
    omega/Omega_e.

    Parameters
    ----------
    omega : float or array_like
        Hall-MHD frequency, signed as in the module.
    ion_cyclotron : float
        Omega_i = q_i B0/m_i.
    mass_ratio, alfven_over_c : float
        m_e/m_i, and v_A/c.
    """
    small = mass_ratio + alfven_over_c**2
    return -small * omega * (omega - ion_cyclotron) ** 2 / (ion_cyclotron * (2.0 * ion_cyclotron - omega))
