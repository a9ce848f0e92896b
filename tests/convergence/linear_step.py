"""The step without limiters, linearised about a uniform plasma at rest, as a matrix for one wavenumber.

One Fourier mode exp(i theta j) on cells j of a one-dimensional grid along x, B0 in the x, z plane. The matrices are
written from the equations of the scheme, not from its code; ``test_stability`` holds both together. Variables: rho,
u (3), p of each fluid, then E (3) and By, Bz.
"""

import itertools
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from multifluid import FiveMoment
from multifluid.kernels import screen
from multifluid.kernels.reconstruct import PPM_LINEAR_SHARE
from multifluid.solver import screening_share

EXPLICIT = np.array([[0, 0, 0], [0.5, 0, 0], [0.5, 0.5, 0]])
IMPLICIT = np.array([[0.25, 0, 0], [0, 0.25, 0], [1 / 3, 1 / 3, 1 / 3]])


@dataclass(frozen=True)
class Fluid:
    """Charge to mass ratio, density, pressure; gamma = 5/3."""

    qm: float
    rho: float
    p: float
    gamma: float = 5.0 / 3.0


@dataclass(frozen=True)
class Plasma:
    """A uniform plasma at rest with v_A = d_i = 1 for the ions.

    Parameters
    ----------
    mass_ratio, c, beta : as in the problem ``wave``
    theta : angle between B0 and x
    neutral_ratio : neutral over ion mass density; 0 leaves the fluid out
    nu_in, nu_en : drag of ions and electrons on neutrals, alpha rho_n
    courant, scheme : Courant number and reconstruction, which fix the part of the step that screens
    """

    mass_ratio: float
    c: float
    beta: float
    theta: float = 0.0
    neutral_ratio: float = 0.0
    nu_in: float = 0.0
    nu_en: float = 0.0
    courant: float = 0.4
    scheme: str = "plm"
    fluids: tuple = field(init=False)

    def __post_init__(self):
        p = 0.25 * self.beta
        fluids = [Fluid(1.0, 1.0, p), Fluid(-self.mass_ratio, 1.0 / self.mass_ratio, p)]
        if self.neutral_ratio:
            fluids.append(Fluid(0.0, self.neutral_ratio, p * self.neutral_ratio))
        object.__setattr__(self, "fluids", tuple(fluids))

    @cached_property
    def field(self):
        """B0 (x, y, z)."""
        return np.array([np.cos(self.theta), 0.0, np.sin(self.theta)])

    @cached_property
    def alpha(self):
        """Drag coefficients (S, S)."""
        alpha = np.zeros((len(self.fluids),) * 2)
        if self.neutral_ratio:
            alpha[0, 2] = alpha[2, 0] = self.nu_in / self.neutral_ratio
            alpha[1, 2] = alpha[2, 1] = self.nu_en / self.neutral_ratio
        return alpha

    @cached_property
    def _arrays(self):
        S = len(self.fluids)
        W = np.zeros((5 * S + 9, 1))
        for s, f in enumerate(self.fluids):
            W[5 * s, 0], W[5 * s + 4, 0] = f.rho, f.p
        W[5 * S + 3:5 * S + 6, 0] = self.field
        laws = np.zeros((S, S, 5))
        laws[..., 0] = self.alpha
        return (np.zeros((S + 3, 1)), W, np.zeros((S + 12, 1)), np.array([f.qm for f in self.fluids]),
                np.arange(S) * 5, np.array([FiveMoment("gas", 1.0, gamma=f.gamma).model for f in self.fluids]), laws,
                5 * S, self.c, self.c**-2)

    def speeds(self, dt):
        """Screened signal speeds for the step dt: those of the fluids, then of B (``multifluid.kernels.screen``)."""
        signals = self._arrays[0]
        screen.signal_speeds(*self._arrays, dt, screening_share(self.courant, self.scheme), np.array([3, 0, 0]), False,
                             np.array([1.0, 0.0, 0.0]), 1, 0, 1)
        return signals[:-2, 0].copy()

    def largest_step(self, dx):
        """The largest dt with dt max a(dt) <= C dx."""
        courant = self.courant
        low = high = 0.5 * courant * dx / max(self.c, *self.speeds(0.0))
        while high * self.speeds(high).max() <= courant * dx:
            low, high = high, 4.0 * high
        for _ in range(50):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if middle * self.speeds(middle).max() <= courant * dx else (low, middle)
        return low

    @cached_property
    def weights(self):
        """Square roots of the energy of unit perturbations; density counts by its acoustic energy."""
        fluids = [[np.sqrt(f.gamma * f.p) / f.rho, *[np.sqrt(f.rho)] * 3, 1.0 / np.sqrt(f.gamma * f.p)]
                  for f in self.fluids]
        return np.array([*itertools.chain(*fluids), *[1.0 / self.c] * 3, 1.0, 1.0])

    @cached_property
    def local_sources(self):
        """S of W' = S W: Lorentz force, current, drag."""
        n = 5 * len(self.fluids) + 5
        e = n - 5
        S = np.zeros((n, n))
        bx, by, bz = self.field
        turn = np.array([[0, bz, -by], [-bz, 0, bx], [by, -bx, 0]])
        for s, f in enumerate(self.fluids):
            u = slice(5 * s + 1, 5 * s + 4)
            S[u, u] += f.qm * turn
            S[u, e:e + 3] += f.qm * np.eye(3)
            S[e:e + 3, u] -= self.c**2 * f.qm * f.rho * np.eye(3)
            for r, g in enumerate(self.fluids):
                v = slice(5 * r + 1, 5 * r + 4)
                S[u, v] += self.alpha[s, r] * g.rho * np.eye(3)
                S[u, u] -= self.alpha[s, r] * g.rho * np.eye(3)
        return S


def face_states(z, scheme):
    """Factors of the left and right state at the face between cells 0 and 1."""
    d = (z - 1 / z) / 2
    left, right = 1 + d / 2, z * (1 - d / 2)
    if scheme == "plm":
        return left, right
    centred = (7 * (1 + z) - (1 / z + z**2)) / 12
    share = PPM_LINEAR_SHARE
    return (1 - share) * centred + share * left, (1 - share) * centred + share * right


def flux_divergence(plasma, dx, dt, z, scheme):
    """H of W' = H W: fluxes of the fluids with the charge-flux correction, and -curl E; z = exp(i theta), any shape."""
    z = np.asarray(z)
    S = len(plasma.fluids)
    n, e = 5 * S + 5, 5 * S
    speeds = plasma.speeds(dt)
    F = np.zeros((*z.shape, n, n), complex)
    left, right = face_states(z, scheme)
    mean, jump = (left + right) / 2, right - left
    for s, f in enumerate(plasma.fluids):
        i, a = 5 * s, speeds[s]
        if f.qm == 0:  # HLLC: both sound waves upwind with a, what the contact carries not at all
            F[..., i, i + 1] = f.rho * mean
            F[..., i, i + 4] = -jump / (2 * a)
            F[..., i + 1, i + 1] = -a * jump / 2
            F[..., i + 1, i + 4] = mean / f.rho
            F[..., i + 4, i + 1] = f.gamma * f.p * mean
            F[..., i + 4, i + 4] = -f.gamma * f.p / f.rho * jump / (2 * a)
            continue
        for k in range(5):
            F[..., i + k, i + k] = -a * jump / 2
        F[..., i, i + 1] = f.rho * mean
        F[..., i + 1, i + 4] = mean / f.rho
        F[..., i + 4, i + 1] = f.gamma * f.p * mean
    order4 = scheme == "ppm"
    current = (7 * (1 + z) - (1 / z + z**2)) / 12 if order4 else (1 + z) / 2
    mobile = max(range(S), key=lambda s: abs(plasma.fluids[s].qm))
    row = np.zeros((*z.shape, n), complex)
    for s, f in enumerate(plasma.fluids):
        row[..., 5 * s + 1] += f.qm * f.rho * current
        row -= f.qm * F[..., 5 * s, :]
    m = plasma.fluids[mobile]
    F[..., 5 * mobile, :] += row / m.qm
    F[..., 5 * mobile + 4, :] += row / m.qm * m.gamma * m.p / m.rho
    interpolated = (7 * (1 + z) - (1 / z + z**2)) / 12 if order4 else (5 * (1 + z) - (1 / z + z**2)) / 8
    upwind = (2 / z**2 - 13 / z + 47 + 27 * z - 3 * z**2) / 60
    downwind = (-3 / z + 27 + 47 * z - 13 * z**2 + 2 * z**3) / 60
    by, bz = n - 2, n - 1
    F[..., by, e + 2] = -interpolated
    F[..., bz, e + 1] = interpolated
    for b in (by, bz):
        F[..., b, b] = -speeds[S] * (downwind - upwind) / 2
    return -F * ((1 - 1 / z) / dx)[..., None, None]


def sources(plasma, dx, z, scheme):
    """What each stage solves: local sources, and c^2 curl B as it stands in the stage."""
    z = np.asarray(z)
    S = np.broadcast_to(plasma.local_sources, (*z.shape, *plasma.local_sources.shape)).astype(complex)
    e = S.shape[-1] - 5
    near, far = (2 / 3, -1 / 12) if scheme == "ppm" else (1 / 2, 0)
    derivative = (near * (z - 1 / z) + far * (z**2 - 1 / z**2)) / dx
    S[..., e + 1, e + 4] = -plasma.c**2 * derivative
    S[..., e + 2, e + 3] = plasma.c**2 * derivative
    return S


def amplification(plasma, dx, dt, angles, scheme="plm"):
    """The step's matrix for each theta of ``angles``, in energy-scaled variables: (angles, n, n)."""
    z = np.exp(1j * np.asarray(angles, float))
    plasma = replace(plasma, scheme=scheme)
    H, L = flux_divergence(plasma, dx, dt, z, scheme), sources(plasma, dx, z, scheme)
    scale = plasma.weights[:, None] / plasma.weights
    H, L = H * scale, L * scale
    one = np.broadcast_to(np.eye(H.shape[-1], dtype=complex), H.shape)
    fluxes, forces = [], []
    for i in range(3):
        start = one + dt * sum((EXPLICIT[i, j] * fluxes[j] + IMPLICIT[i, j] * forces[j] for j in range(i)), 0.0 * one)
        stage = np.linalg.solve(one - dt * IMPLICIT[i, i] * L, start)
        fluxes.append(H @ stage)
        forces.append(L @ stage)
    return one + dt / 3 * (sum(fluxes) + sum(forces))


def radius(plasma, dx, scheme="plm", wavenumbers=24):
    """Spectral radius over theta = pi/n ... pi of the step that the CFL rule allows."""
    plasma = replace(plasma, scheme=scheme)
    dt = plasma.largest_step(dx)
    angles = np.linspace(np.pi / wavenumbers, np.pi, wavenumbers)
    return float(np.abs(np.linalg.eigvals(amplification(plasma, dx, dt, angles, scheme))).max())
