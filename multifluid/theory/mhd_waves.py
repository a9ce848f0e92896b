"""Linear waves of single-fluid MHD with a generalised Ohm's law: ideal, resistive, Hall and ambipolar.

Perturbations ~ exp(i k.x - i omega t) of a uniform gas at rest, with b = B0/|B0| and J = i k x B/mu0:

    -i omega rho = -i rho0 k.u                     -i omega p = -i gamma p0 k.u
    -i omega u   = (-i k p + J x B0)/rho0          -i omega B = -i k x E
    E = -u x B0 + mu0 [ eta_O J + eta_H J x b + eta_A b x (J x b) ]

eta_O, eta_H and eta_A are diffusivities (length^2/time): eta_H = |B0|/(mu0 n e) = d_i v_A, and eta_A = B0^2/(mu0 alpha
rho_i rho_n) where ions of density rho_i drift through neutrals (Wardle & Ng 1999, MNRAS 303, 239, eq. 9, with eta =
c^2/(4 pi sigma) in Gaussian units). The gradient of the electron pressure has no curl in a uniform gas.
"""

import math

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.dispersion import Mode

__all__ = ["ambipolar_parallel", "hall_parallel", "ideal_speeds", "mhd_branches", "mhd_modes"]

BRANCHES = ("slow", "alfven", "fast")


def mhd_modes(rho, p, B, k, gamma=5.0 / 3.0, mu0=1.0, ohmic=0.0, hall=0.0, ambipolar=0.0):
    """All linear modes of a uniform gas at rest at one wavevector.

    Parameters
    ----------
    rho, p : float
        Density and pressure (p > 0).
    B, k : array_like (3,)
        Magnetic field and wavevector, both nonzero.
    gamma : float
        Adiabatic index; 1 for isothermal gas.
    mu0 : float
    ohmic, hall, ambipolar : float
        eta_O, eta_H, eta_A. eta_H < 0 where the mobile charge carrier is positive.

    Returns
    -------
    list of Mode
        In ascending order of Re omega, then Im omega: three pairs and, unless isothermal, the entropy mode omega = 0.
        Vectors hold 'rho', 'u' (3), 'p', 'B' (3), in the energy norm
        rho0 |u|^2 + |p|^2/(gamma p0) + |B|^2/mu0 = 1 (entropy: c_s^2 |rho|^2/rho0 = 1).

    Raises
    ------
    InputError
        A parameter is out of range.
    """
    B, k = _checked(rho, p, B, k, gamma, mu0, ohmic, hall, ambipolar)
    frame = _frame(B, k)
    size, number = np.linalg.norm(B), np.linalg.norm(k)
    across, along = frame @ B / size, 2
    # b = (b1, 0, b3) in the axes of the frame
    b1, b3 = across[0], across[along]
    alfven, sound = size / math.sqrt(mu0 * rho), math.sqrt(gamma * p / rho)
    # unknowns sqrt(rho0) u (3), p/sqrt(gamma p0), (B1, B2)/sqrt(mu0): d_t x = -i A x with A Hermitian but for damping
    A = np.zeros((6, 6), complex)
    A[2, 3] = A[3, 2] = number * sound
    # u1 and u2 feel the tension of B1, B2; u3 the pressure of B1
    for u, column, value in ((0, 4, -b3), (1, 5, -b3), (2, 4, b1)):
        A[u, column] = A[column, u] = number * alfven * value
    # J = i k (-B2, B1, 0)/mu0; curl E = i k (-E2, E1)
    e1, e2 = _ohm(b1, b3, ohmic, hall, ambipolar)
    A[4, 4:] += -1j * number**2 * e2
    A[5, 4:] += 1j * number**2 * e1
    omega, x = np.linalg.eigh(A) if ohmic == ambipolar == 0 else np.linalg.eig(A)
    x = x / np.linalg.norm(x, axis=0)
    modes = [Mode(complex(w), _vector(column, frame, rho, p, gamma, mu0)) for w, column in zip(omega, x.T)]
    if gamma > 1.0:
        still = np.zeros(3, complex)
        modes.append(Mode(0j, {"rho": complex(math.sqrt(rho) / sound), "u": still, "p": 0j, "B": still}))
    return sorted(modes, key=lambda mode: (mode.omega.real, mode.omega.imag))


def mhd_branches(rho, p, B, k, gamma=5.0 / 3.0, mu0=1.0, hall=0.0):
    """The propagating modes of ideal or Hall MHD by name; parameters as in `mhd_modes`.

    Returns
    -------
    dict of str to Mode
        'slow', 'alfven', 'fast': in the order of their frequencies, which at an oblique angle never cross. With the Hall
        term 'fast' becomes the whistler and 'alfven' or 'slow' the ion cyclotron wave.
    """
    modes = mhd_modes(rho, p, B, k, gamma, mu0, hall=hall)
    return dict(zip(BRANCHES, modes[-3:], strict=True))


def ideal_speeds(rho, p, B, direction, gamma=5.0 / 3.0, mu0=1.0):
    """Phase speeds (slow, Alfven, fast) of ideal MHD along a direction.

    v_A |cos theta|, and (v_f, v_s)^2 = (a^2 +- sqrt(a^4 - 4 c_s^2 v_A^2 cos^2 theta))/2 with a^2 = c_s^2 + v_A^2
    (Goedbloed & Poedts 2004, Principles of Magnetohydrodynamics, eq. 5.53).
    """
    B, k = _checked(rho, p, B, direction, gamma, mu0, 0.0, 0.0, 0.0)
    sound, alfven = gamma * p / rho, B @ B / (mu0 * rho)
    normal = (B @ k) ** 2 / (k @ k) / (mu0 * rho)
    total = sound + alfven
    # a^4 - 4 c_s^2 v_An^2 as a sum of squares, and v_s from the product of both: no cancellation
    split = math.sqrt((sound - alfven) ** 2 + 4.0 * sound * max(alfven - normal, 0.0))
    fast = 0.5 * (total + split)
    return math.sqrt(sound * normal / fast), math.sqrt(normal), math.sqrt(fast)


def hall_parallel(k, alfven_speed, hall):
    """Frequencies (ion cyclotron, whistler) of incompressible Hall-MHD waves along B.

    omega = sqrt(k^2 v_A^2 + (k^2 eta_H/2)^2) -+ k^2 eta_H/2, with eta_H = d_i v_A (Lighthill 1960, Phil. Trans. R. Soc. A
    252, 397); the first tends to the cyclotron frequency v_A^2/eta_H for large k.
    """
    half = 0.5 * k * k * abs(hall)
    whistler = half + np.hypot(k * alfven_speed, half)
    return (k * alfven_speed) ** 2 / whistler, whistler


def ambipolar_parallel(k, alfven_speed, diffusivity):
    """Frequencies of waves along B with ambipolar or Ohmic diffusion, omega^2 + i eta k^2 omega - k^2 v_A^2 = 0.

    Complex, the less damped one first where both are damped without propagating, k > 2 v_A/eta (Kulsrud & Pearce 1969,
    ApJ 156, 445; Balsara 1996, ApJ 465, 775).
    """
    half, wave = 0.5 * k * k * diffusivity, k * alfven_speed
    if half > wave:
        fast = half + math.sqrt((half - wave) * (half + wave))
        return complex(0.0, -wave * wave / fast), complex(0.0, -fast)
    turn = math.sqrt((wave - half) * (wave + half))
    return complex(turn, -half), complex(-turn, -half)


def _ohm(b1, b3, ohmic, hall, ambipolar):
    """Rows E1, E2 of mu0 [eta_O J + eta_H J x b + eta_A b x (J x b)] over B1, B2, divided by i k; b = (b1, 0, b3)."""
    j = np.array([[0.0, -1.0], [1.0, 0.0], [0.0, 0.0]])
    b = np.array([b1, 0.0, b3])
    # columns of j are vectors
    drift = np.cross(j, b, axisa=0, axisc=0)
    E = ohmic * j + hall * drift + ambipolar * np.cross(b, drift, axisb=0, axisc=0)
    return E[0], E[1]


def _frame(B, k):
    """Rows e1 (B across k), e2, e3 = k/|k|; with B along k, e1 comes from the axis farthest from k."""
    third = k / np.linalg.norm(k)
    across = B - (B @ third) * third
    if np.linalg.norm(across) < 1e-14 * np.linalg.norm(B):
        axis = np.eye(3)[int(np.argmin(np.abs(third)))]
        across = axis - (axis @ third) * third
    first = across / np.linalg.norm(across)
    return np.array([first, np.cross(third, first), third])


def _vector(x, frame, rho, p, gamma, mu0):
    """Amplitudes in the caller's axes from energy coordinates."""
    pressure = math.sqrt(gamma * p) * x[3]
    return {"rho": pressure * rho / (gamma * p), "u": x[:3] / math.sqrt(rho) @ frame, "p": pressure,
            "B": math.sqrt(mu0) * (x[4:] @ frame[:2])}


def _checked(rho, p, B, k, gamma, mu0, ohmic, hall, ambipolar):
    for name, value, least in (("rho", rho, 0.0), ("p", p, 0.0), ("mu0", mu0, 0.0)):
        if not (math.isfinite(value) and value > least):
            raise InputError(f"MHD waves: {name} must be a positive number, not {value!r}")
    if not (math.isfinite(gamma) and gamma >= 1.0):
        raise InputError(f"MHD waves: gamma must be at least 1 (isothermal), not {gamma!r}")
    for name, value in (("ohmic", ohmic), ("ambipolar", ambipolar)):
        if not (math.isfinite(value) and value >= 0.0):
            raise InputError(f"MHD waves: the {name} diffusivity must not be negative, not {value!r}")
    if not math.isfinite(hall):
        raise InputError(f"MHD waves: the hall diffusivity must be a finite number, not {hall!r}")
    vectors = []
    for name, value in (("B", B), ("k", k)):
        vector = np.asarray(value, float)
        if vector.shape != (3,) or not np.all(np.isfinite(vector)) or not vector.any():
            raise InputError(f"MHD waves: {name} must be three finite numbers that are not all zero, not {value!r}")
        vectors.append(vector)
    return vectors
