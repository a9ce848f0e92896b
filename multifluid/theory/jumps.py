"""Jump conditions of ideal MHD: every state that can follow a given one across a discontinuity with a flow through it.

x is the normal, the frame that of the discontinuity. With m = rho u_x and B_x the same on both sides, r = u_x2/u_x1 =
rho_1/rho_2 and [f] = f_2 - f_1,

    [p + m u_x + B_t^2/(2 mu0)] = 0        [m u_t - B_x B_t/mu0] = 0        [u_x B_t - B_x u_t] = 0
    [m (u^2/2 + gamma/(gamma - 1) p/rho) + u_x B_t^2/mu0 - B_x u_t.B_t/mu0] = 0,    or p/rho = const if isothermal

(Goedbloed & Poedts 2004, Principles of Magnetohydrodynamics, section 4.5). The second and third give B_t2 = B_t1 (1 -
kappa)/(r - kappa) with kappa = B_x^2/(mu0 m u_x1), the inverse square of the normal Alfven Mach number; momentum then
gives p_2, and what remains is a quartic in r with the root r = 1. The other three are shocks, or shocks run backwards,
which the entropy forbids. Where B_t1 = 0 there are also switch-on shocks, r = kappa, with B_t2 of any direction. (Left out
are what no matter crosses and rotations of B_t at the Alfven speed, r = 1.)
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial

from multifluid.errors import InputError

__all__ = ["State", "residual", "shock_jumps"]

# Nearer to r = 1 rounding cannot tell a weak shock from no jump at all.
_NO_JUMP = 1e-13


@dataclass(frozen=True, eq=False)
class State:
    """Gas on one side, seen from the discontinuity; x is the normal.

    Parameters
    ----------
    rho, p : float
    u, B : array_like (3,)
    """

    rho: float
    p: float
    u: tuple
    B: tuple

    def __post_init__(self):
        for name in ("rho", "p"):
            value = float(getattr(self, name))
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"shock jumps: {name} must be a positive number, not {value!r}")
            object.__setattr__(self, name, value)
        for name in ("u", "B"):
            value = np.asarray(getattr(self, name), float)
            if value.shape != (3,) or not np.all(np.isfinite(value)):
                raise InputError(f"shock jumps: {name} must be three finite numbers, not {getattr(self, name)!r}")
            object.__setattr__(self, name, value)

    def speeds(self, gamma, mu0=1.0):
        """Slow, Alfven and fast speed along the normal."""
        sound, square = gamma * self.p / self.rho, self.B @ self.B / (mu0 * self.rho)
        normal = self.B[0] ** 2 / (mu0 * self.rho)
        root = math.sqrt((sound - square) ** 2 + 4.0 * sound * max(square - normal, 0.0))
        fast = 0.5 * (sound + square + root)
        return math.sqrt(sound * normal / fast), math.sqrt(normal), math.sqrt(fast)

    def region(self, gamma, mu0=1.0):
        """1: faster than the fast wave; 2: than the Alfven wave; 3: than the slow wave; 4: slower than all."""
        return 1 + sum(abs(self.u[0]) < v for v in self.speeds(gamma, mu0))


def shock_jumps(upstream, gamma=5.0 / 3.0, mu0=1.0, expansion=False):
    """All states downstream of a given one.

    Parameters
    ----------
    upstream : State
        u_x nonzero.
    gamma : float
        Adiabatic index; 1 for isothermal gas.
    mu0 : float
    expansion : bool
        Also those that expand (r > 1), whose entropy falls (isothermal: whose energy rises).

    Returns
    -------
    list of State
        By falling u_x2 (the weakest compression first). ``upstream.region`` and that of the result tell their kind: 1-2
        fast, 3-4 slow, 1-3, 1-4, 2-3 and 2-4 intermediate. B_t2 of a switch-on shock lies along y, positive; any other
        direction is as good.

    Raises
    ------
    InputError
        A parameter is out of range, or no flow goes through.
    """
    if not (math.isfinite(gamma) and gamma >= 1.0):
        raise InputError(f"shock jumps: gamma must be at least 1 (isothermal), not {gamma!r}")
    if not (math.isfinite(mu0) and mu0 > 0.0):
        raise InputError(f"shock jumps: mu0 must be a positive number, not {mu0!r}")
    u, B = upstream.u, upstream.B
    if u[0] == 0.0:
        raise InputError("shock jumps: u_x must not be zero, for matter must flow through a shock")
    # pressures over the ram pressure m u_x1
    ram = upstream.rho * u[0] ** 2
    P, kappa, beta = upstream.p / ram, B[0] ** 2 / (mu0 * ram), B[1:] @ B[1:] / (2.0 * mu0 * ram)
    out = []
    for r in _ratios(P, kappa, beta, gamma):
        Bt = B[1:] * (1.0 - kappa) / (r - kappa)
        momentum = P + 1.0 - r - beta * (((1.0 - kappa) / (r - kappa)) ** 2 - 1.0)
        out.append((r, P / r if gamma == 1.0 else momentum, Bt))
    if beta == 0.0 and 0.0 < kappa != 1.0:
        share = _switched_on(P, kappa, gamma)
        if share > 0.0:
            out.append((kappa, P + 1.0 - kappa - share, np.array([math.sqrt(2.0 * mu0 * ram * share), 0.0])))
    out = [each for each in out if each[1] > 0.0 and (expansion or each[0] < 1.0)]
    states = []
    for r, p, Bt in sorted(out, key=lambda each: -each[0]):
        ut = u[1:] + B[0] * (Bt - B[1:]) / (mu0 * upstream.rho * u[0])
        states.append(State(upstream.rho / r, p * ram, (r * u[0], *ut), (B[0], *Bt)))
    return states


def residual(one, two, gamma=5.0 / 3.0, mu0=1.0):
    """Largest mismatch of the fluxes of two states, each over the largest of its terms on either side.

    Mass, momentum (3), induction (2), energy (isothermal: p/rho) and B_x.
    """
    terms = [_flux_terms(state, gamma, mu0) for state in (one, two)]
    worst = 0.0
    for first, second in zip(*terms, strict=True):
        # a vector's components share a scale: the size of its largest term
        scale = max(np.abs(first).max(), np.abs(second).max())
        gap = np.abs(np.sum(first, axis=0) - np.sum(second, axis=0)).max()
        worst = max(worst, gap / scale if scale > 0.0 else 0.0)
    return float(worst)


def _flux_terms(state, gamma, mu0):
    """Terms of every flux, arrays (terms, components)."""
    rho, p, u, B = state.rho, state.p, state.u, state.B
    normal = np.array([1.0, 0.0, 0.0])
    momentum = np.array([rho * u[0] * u, p * normal, B @ B / (2.0 * mu0) * normal, -B[0] * B / mu0])
    induction = np.array([u[0] * B[1:], -B[0] * u[1:]])
    if gamma == 1.0:
        energy = np.array([[p / rho]])
    else:
        energy = np.array([[0.5 * rho * u @ u * u[0]], [gamma / (gamma - 1.0) * p * u[0]], [u[0] * (B @ B) / mu0],
                           [-B[0] * (u @ B) / mu0]])
    return [np.array([[rho * u[0]]]), momentum, induction, energy, np.array([[B[0]]])]


def _ratios(P, kappa, beta, gamma):
    """Ratios r > 0 but for r = 1, which is divided out by hand: the strongest and the weakest keep their digits.

    With q = ((B_t2/B_t1)^2 - 1)/(1 - r) = (r + 1 - 2 kappa)/(r - kappa)^2, what is left is, if isothermal,

        P/r - 1 + beta q = 0,    else, h = gamma/(gamma - 1),

        h (r - P - beta r q) - (1 + r)/2 - beta kappa q + 2 beta (r q - 1) = 0
    """
    r = Polynomial([0.0, 1.0])
    D2, N = (r - kappa) ** 2, r + 1.0 - 2.0 * kappa
    if beta == 0.0:
        # gas dynamics, freed of the factor (r - kappa)^2
        D2 = Polynomial([1.0])
    h = gamma / (gamma - 1.0) if gamma > 1.0 else 0.0
    if gamma == 1.0:
        cubic = (P - r) * D2 + beta * r * N
    else:
        cubic = (h * (r - P) - 0.5 * (1.0 + r) - 2.0 * beta) * D2 + beta * ((2.0 - h) * r - kappa) * N

    def function(r):
        if beta == 0.0:
            q, slope = 0.0, 0.0
        else:
            q = (r + 1.0 - 2.0 * kappa) / (r - kappa) ** 2
            slope = 1.0 / (r - kappa) ** 2 - 2.0 * q / (r - kappa)
        if gamma == 1.0:
            return P / r - 1.0 + beta * q, beta * slope - P / (r * r)
        value = h * (r - P - beta * r * q) - 0.5 * (1.0 + r) - beta * kappa * q + 2.0 * beta * (r * q - 1.0)
        return value, h - 0.5 + beta * ((2.0 - h) * (q + r * slope) - kappa * slope)

    found = []
    for root in cubic.roots():
        x = float(root.real)
        if abs(root.imag) > 1e-7 * abs(root) or x <= 0.0 or beta > 0.0 and x == kappa:
            continue
        for _ in range(4):
            value, slope = function(x)
            x -= value / slope if slope else 0.0
        if x > 0.0 and abs(x - 1.0) > _NO_JUMP:
            found.append(x)
    return found


def _switched_on(P, kappa, gamma):
    """B_t2^2/(2 mu0 m u_x1) behind a switch-on shock (r = kappa); it exists if positive."""
    if gamma == 1.0:
        return P + 1.0 - kappa - P / kappa
    return (gamma * (kappa * (P + 1.0 - kappa) - P) + 0.5 * (gamma - 1.0) * (kappa * kappa - 1.0)) / kappa
