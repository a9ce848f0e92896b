"""Electrostatic waves of Maxwellian particles, with Landau damping: what fluid closures are held against.

Longitudinal waves ~ exp(i k.x - i omega t), no magnetic field, v_s^2 = p_s/rho_s, lambda_s = v_s/omega_s (Landau 1946,
J. Phys. USSR 10, 25; Fried & Conte 1961, The Plasma Dispersion Function):

    1 + sum_s (1 + zeta_s Z(zeta_s))/(k lambda_s)^2 = 0,   zeta_s = (omega - k.u_s)/(sqrt(2) k v_s),
    Z(zeta) = i sqrt(pi) w(zeta), w the Faddeeva function
"""

import cmath
import math
from dataclasses import replace

import numpy as np
from scipy.special import wofz

from multifluid.errors import InputError, RunError
from multifluid.theory.background import check_input
from multifluid.theory.matching import isotropic

# Where 1 + zeta Z loses digits by cancellation the asymptotic series has full precision: its least term is e^-36.
_ASYMPTOTIC = 6.0
_LEAST_STEP = 1e-6
# Start of the paths: k lambda small enough for Bohm & Gross's formula, ions cold enough against the phase speed.
_START_LANGMUIR, _START_ION = 0.15, 0.02


def plasma_response(zeta):
    """1 + zeta Z(zeta) = -Z'(zeta)/2 of one complex number.

    scipy's Faddeeva function, and for |zeta| > 6 the asymptotic series - sum_n (2n - 1)!!/(2 zeta^2)^n with the
    residue i sigma sqrt(pi) zeta exp(-zeta^2), sigma = 0, 1, 2 above, near and below the real axis (Fried & Conte 1961).
    """
    zeta = complex(zeta)
    if abs(zeta) <= _ASYMPTOTIC:
        return 1.0 + zeta * 1j * math.sqrt(math.pi) * complex(wofz(zeta))
    term, total = 1.0 + 0.0j, 0.0j
    for n in range(1, 60):
        following = term * (2 * n - 1) / (2.0 * zeta * zeta)
        if abs(following) >= abs(term) or abs(following) < 1e-18 * abs(total):
            break
        term = following
        total -= term
    near = abs(zeta.imag) < min(abs(zeta.real), 1.0 / abs(zeta.real)) if zeta.real else False
    sigma = 1.0 if near else 0.0 if zeta.imag > 0.0 else 2.0
    return total + (sigma * 1j * math.sqrt(math.pi) * zeta * cmath.exp(-zeta * zeta) if sigma else 0.0)


def dielectric_function(omega, fluids, k, c, mu0=1.0):
    """Longitudinal dielectric function and its derivative.

    Parameters
    ----------
    omega : complex
    fluids : sequence of Background
        mass, charge, rho, p, u and 'cold' count, other closures do not: the particles are Maxwellian.
    k : array_like (3,)
    c, mu0 : float
        eps0 = 1/(mu0 c^2).

    Returns
    -------
    (complex, complex)
        epsilon and d epsilon/d omega.
    """
    size, eps, slope = float(np.linalg.norm(k)), 1.0 + 0.0j, 0.0j
    for f in fluids:
        if not f.charge:
            continue
        plasma2 = (f.charge / f.mass) ** 2 * f.rho * mu0 * c * c
        shifted = omega - float(np.dot(k, f.u))
        if f.closure == "cold":
            eps -= plasma2 / shifted**2
            slope += 2.0 * plasma2 / shifted**3
            continue
        scale = math.sqrt(2.0 * f.p / f.rho) * size
        zeta, strength = shifted / scale, 2.0 * plasma2 / scale**2
        response = plasma_response(zeta)
        eps += strength * response
        # d(1 + zeta Z)/d zeta = Z (1 - 2 zeta^2) - 2 zeta with Z = (response - 1)/zeta
        slope += strength / scale * ((response - 1.0) * (1.0 / zeta - 2.0 * zeta) - 2.0 * zeta)
    return eps, slope


def kinetic_frequency(name, fluids, k, c, mu0=1.0):
    """Complex frequency of the least damped wave of a kind.

    Langmuir waves are followed from where k lambda is small by warming all particles, ion-acoustic waves from cold ions
    by warming all but the fastest fluid; streaming is turned on last.

    Parameters
    ----------
    name : {'langmuir', 'ion_acoustic'}
    fluids, k, c, mu0 :
        As in `dielectric_function`. Ion-acoustic waves need a fluid of fast, warm particles and another charged one.

    Returns
    -------
    complex
        omega, with Re omega > 0 where nothing streams; Im omega < 0 is Landau damping.

    Raises
    ------
    InputError
        A parameter is out of range or the wave does not exist.
    RunError
        The path to the wave was lost.
    """
    maxwellian = [replace(isotropic(f), closure="cold" if f.closure == "cold" else "isothermal") for f in fluids]
    fluids, _, k, c, mu0, _ = check_input(maxwellian, (0, 0, 0), k, c, mu0, None, 0.0)
    rest = [replace(f, u=(0.0, 0.0, 0.0)) for f in fluids if f.charge]
    if name not in ("langmuir", "ion_acoustic"):
        raise InputError(f"name = '{name}' is unknown, use 'langmuir' or 'ion_acoustic'")
    if not rest:
        raise InputError("fluids: electrostatic waves need a charged fluid")
    k2 = float(np.dot(k, k))
    plasma2 = [(f.charge / f.mass) ** 2 * f.rho * mu0 * c * c for f in rest]
    thermal2 = [f.p / f.rho if f.closure != "cold" else 0.0 for f in rest]
    if name == "langmuir":
        total = sum(plasma2)
        mean = sum(w * v for w, v in zip(plasma2, thermal2, strict=True)) / total
        hottest = max(thermal2)
        warmed = set(range(len(rest)))
        start = _START_LANGMUIR**2 * total / (k2 * hottest) if hottest else 1.0
        guess = math.sqrt(total + 3.0 * k2 * mean * min(1.0, start))
    else:
        fast = max(range(len(rest)), key=lambda s: thermal2[s])
        warmed = set(range(len(rest))) - {fast}
        if not warmed or not thermal2[fast]:
            raise InputError("fluids: ion-acoustic waves need warm electrons and another charged fluid")
        guess2 = sum(plasma2[s] for s in warmed) / (1.0 + plasma2[fast] / (k2 * thermal2[fast]))
        hottest = max(thermal2[s] for s in warmed)
        start = _START_ION * guess2 / (k2 * hottest) if hottest else 1.0
        guess = math.sqrt(guess2)
    start = min(1.0, start)

    def warming(t):
        factor = start ** (1.0 - t)
        return [replace(f, p=f.p * factor) if s in warmed else f for s, f in enumerate(rest)]

    def streaming(t):
        return [replace(f, u=tuple(t * np.asarray(f.u, float))) for f in fluids]

    omega = _follow(warming, complex(guess), k, c, mu0)
    if any(np.any(f.u) for f in fluids):
        omega = _follow(streaming, omega, k, c, mu0)
    return omega


def _follow(fluids_at, omega, k, c, mu0):
    """Root at t = 1 of the branch that starts near omega at t = 0, by Newton's method behind a secant predictor."""
    omega = _newton(fluids_at(0.0), omega, k, c, mu0)
    if omega is None:
        raise RunError("kinetic dispersion relation: no root near the fluid's")
    t, step, before = 0.0, 0.05, None
    while t < 1.0:
        end = min(1.0, t + step)
        guess = omega if before is None else omega + (omega - before[1]) * (end - t) / (t - before[0])
        found = _newton(fluids_at(end), guess, k, c, mu0)
        # Roots of the dispersion function lie closer than this only to the left of heavily damped waves.
        if found is None or abs(found - guess) > 0.03 * abs(omega):
            step *= 0.5
            if step < _LEAST_STEP:
                raise RunError("kinetic dispersion relation: lost the branch on its way from weak damping")
            continue
        before, t, omega = (t, omega), end, found
        step *= 1.5
    return omega


def _newton(fluids, omega, k, c, mu0):
    for _ in range(20):
        eps, slope = dielectric_function(omega, fluids, k, c, mu0)
        if not slope or not cmath.isfinite(eps / slope):
            return None
        change = eps / slope
        omega -= change
        if abs(change) < 4e-16 * abs(omega):
            break
    return omega if abs(change) < 1e-10 * abs(omega) else None
