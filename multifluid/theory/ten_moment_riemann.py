"""Exact solution of the Riemann problem of a neutral ten-moment fluid.

With E_ij = rho u_i u_j + P_ij and nothing on the right-hand side, the equations along x are

    d_t rho + d_x(rho u_x) = 0,    d_t(rho u_i) + d_x(rho u_x u_i + P_ix) = 0
    d_t E_ij + d_x(u_x E_ij + u_i P_jx + u_j P_ix) = 0

rho, u_x and P_xx by themselves are a gas of gamma = 3: two outer waves, shock or rarefaction, and the contact (Toro 2009,
Riemann Solvers and Numerical Methods for Fluid Dynamics, chapter 4). Between an outer wave and the contact, a shear wave
of speed u_x -+ sqrt(P_xx/rho) changes only what has a transverse index; it is linearly degenerate (Brown 1996, PhD
thesis, University of Michigan, on the ten-moment system's waves). Everything but P_xx between the outer waves is in
closed form:

- Through a rarefaction r_i = P_ix/P_xx does not change, P_xx ~ rho^3, so u_i changes by r_i times the change of u_x and
  P_ij = r_i r_j P_xx + (P_ij0 - r_i r_j P_xx0) rho/rho0.
- Through a shock or a shear wave of speed s, with m = rho (u_x - s), the brackets for jumps:
  [m] = 0, m [u_i] = -[P_ix], m [u_i u_j + P_ij/rho] = -[u_i P_jx + u_j P_ix].
- u_i and P_ix are continuous at the contact.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq

from multifluid.errors import InputError

__all__ = ["TenMomentRiemann"]

GAMMA = 3.0
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class State:
    """rho, u (3,), P (3, 3) symmetric."""

    rho: float
    u: np.ndarray
    P: np.ndarray

    @classmethod
    def of(cls, row):
        """From rho, u_x, u_y, u_z, P_xx, P_xy, P_xz, P_yy, P_yz, P_zz."""
        row = np.array(row, float)
        if row.shape != (10,) or not np.all(np.isfinite(row)):
            raise InputError("ten-moment Riemann problem: a state is 10 finite numbers, rho, u (3), P_xx, P_xy, P_xz, P_yy, "
                             "P_yz, P_zz")
        P = np.empty((3, 3))
        for value, (i, j) in zip(row[4:], PAIRS, strict=True):
            P[i, j] = P[j, i] = value
        if not (row[0] > 0 and np.linalg.eigvalsh(P)[0] > 0):
            raise InputError("ten-moment Riemann problem: the density must be positive and P positive definite")
        return cls(row[0], row[1:4], P)

    @property
    def row(self):
        """The ten numbers of `of`."""
        return np.concatenate([[self.rho], self.u, [self.P[i, j] for i, j in PAIRS]])

    @property
    def sound(self):
        """sqrt(3 P_xx/rho)."""
        return np.sqrt(GAMMA * self.P[0, 0] / self.rho)


@dataclass(frozen=True)
class TenMomentRiemann:
    """Self-similar solution of two ten-moment states at rest against each other at x = 0, t = 0.

    Parameters
    ----------
    left, right : sequence of 10 float
        rho, u_x, u_y, u_z, P_xx, P_xy, P_xz, P_yy, P_yz, P_zz.

    Raises
    ------
    InputError
        A state is not positive, or the two part so fast that a vacuum opens.

    Examples
    --------
    >>> tube = TenMomentRiemann([1, 0, 0, 0, 2, 0.05, 0, 0.6, 0, 1], [0.125, 0, 0, 0, 0.2, 0.1, 0, 0.2, 0, 0.2])
    >>> tube.sample(0.3)[0]                                     # density at x/t = 0.3
    """

    left: tuple
    right: tuple

    def __post_init__(self):
        left, right = State.of(self.left), State.of(self.right)
        if not left.sound + right.sound > right.u[0] - left.u[0]:
            raise InputError("ten-moment Riemann problem: the states part so fast that a vacuum opens between them")

    @cached_property
    def _outer(self):
        """The two given states: (left, right)."""
        return State.of(self.left), State.of(self.right)

    @cached_property
    def star(self):
        """(P_xx, u_x) between the outer waves."""
        left, right = self._outer

        def mismatch(p):
            return _speed_change(left, p) + _speed_change(right, p) + right.u[0] - left.u[0]

        low, high = 0.0, max(left.P[0, 0], right.P[0, 0])
        while mismatch(high) < 0:
            low, high = high, 4.0 * high
        p = brentq(mismatch, low, high, xtol=1e-300, rtol=1e-15, maxiter=500)
        return p, 0.5 * (left.u[0] + right.u[0] + _speed_change(right, p) - _speed_change(left, p))

    @cached_property
    def states(self):
        """The constant states behind the outer waves and between shear waves and contact: four rows, left to right."""
        beyond = [_behind_outer_wave(state, *self.star, side) for state, side in zip(self._outer, (-1, 1), strict=True)]
        (a, b), p = beyond, self.star[0]
        # P_ix + m u_i passes through the left shear wave, P_ix - m u_i through the right one
        ma, mb = np.sqrt(a.rho * p), np.sqrt(b.rho * p)
        from_a, from_b = a.P[0] + ma * a.u, b.P[0] - mb * b.u
        u = (from_a - from_b) / (ma + mb)
        traction = (mb * from_a + ma * from_b) / (ma + mb)
        u[0], traction[0] = self.star[1], p
        return np.array([a.row, _after(a, ma, a.rho, u, traction).row, _after(b, -mb, b.rho, u, traction).row, b.row])

    @cached_property
    def speeds(self):
        """x/t of the waves, ascending: outer left (head, tail; equal for a shock), shear, contact, shear, outer right."""
        (left, right), (p, u), states = self._outer, self.star, self.states
        shear = [np.sqrt(p / states[k, 0]) for k in (0, 3)]
        return np.array([*_edges(left, states[0, 0], p, u, -1), u - shear[0], u, u + shear[1],
                         *_edges(right, states[3, 0], p, u, 1)])

    def sample(self, xi):
        """The solution at x/t = ``xi`` (any shape): shape (*xi.shape, 10), columns as of the states given."""
        xi = np.asarray(xi, float)
        out = np.empty((*xi.shape, 10))
        constant = np.array([State.row.fget(self._outer[0]), *self.states, State.row.fget(self._outer[1])])
        # 0: left state, 1: left fan, 2 ... 5: between, 6: right fan, 7: right state
        zone = np.searchsorted(self.speeds, xi, side="right")
        for k, row in zip((0, 2, 3, 4, 5, 7), constant, strict=True):
            out[zone == k] = row
        for k, state, side in ((1, self._outer[0], -1), (6, self._outer[1], 1)):
            out[zone == k] = _in_fan(state, xi[zone == k], side)
        return out


def _speed_change(state, p):
    """|u_x behind - u_x ahead| of an outer wave to P_xx = p, positive for compression."""
    p0 = state.P[0, 0]
    if p > p0:
        return (p - p0) * np.sqrt(2.0 / ((GAMMA + 1.0) * state.rho * (p + p0 * (GAMMA - 1.0) / (GAMMA + 1.0))))
    return 2.0 * state.sound / (GAMMA - 1.0) * ((p / p0) ** ((GAMMA - 1.0) / (2.0 * GAMMA)) - 1.0)


def _behind_outer_wave(state, p, u, side):
    """State behind the outer wave of ``side`` (-1 left, 1 right)."""
    p0 = state.P[0, 0]
    if p <= p0:
        return State.of(_in_rarefaction(state, np.array(state.rho * (p / p0) ** (1.0 / GAMMA)), np.array(u)))
    rho = state.rho * (2.0 * p + p0) / (p + 2.0 * p0)  # Hugoniot of gamma = 3
    m = -side * np.sqrt(state.rho * rho * (p - p0) / (rho - state.rho))
    # transverse u_i: from the jumps of momentum and of E_ix
    known = m * (state.u[0] * state.u + state.P[0] / state.rho) + state.u[0] * state.P[0] + state.u * p0
    velocity = (known - (m / rho + u) * (state.P[0] + m * state.u)) / (p - m * m / rho)
    velocity[0] = u
    traction = state.P[0] - m * (velocity - state.u)
    traction[0] = p
    return _after(state, m, rho, velocity, traction)


def _after(state, m, rho, u, traction):
    """State beyond a discontinuity of mass flux m, from its rho, u_i and P_ix: the jump of E_ij gives the rest."""
    before = np.outer(state.u, state.P[0])
    after = np.outer(u, traction)
    specific = np.outer(state.u, state.u) + state.P / state.rho + (before + before.T - after - after.T) / m
    P = rho * (specific - np.outer(u, u))
    P[0] = P[:, 0] = traction
    return State(rho, u, P)


def _in_rarefaction(state, rho, u):
    """Rows (..., 10) in a rarefaction from its density and u_x."""
    ratio = state.P[0] / state.P[0, 0]
    pxx = state.P[0, 0] * (rho / state.rho) ** 3
    rest = state.P - state.P[0, 0] * np.outer(ratio, ratio)
    columns = [rho, *(state.u[i] + ratio[i] * (u - state.u[0]) for i in range(3))]
    columns += [ratio[i] * ratio[j] * pxx + rest[i, j] * rho / state.rho for i, j in PAIRS]
    return np.stack(columns, axis=-1)


def _in_fan(state, xi, side):
    """Rows (..., 10) at x/t inside the rarefaction of ``side``; with gamma = 3, u_x - side c keeps its value."""
    constant = state.u[0] - side * state.sound
    sound = 0.5 * side * (xi - constant)
    return _in_rarefaction(state, state.rho * sound / state.sound, constant + side * sound)


def _edges(state, rho, p, u, side):
    """x/t where an outer wave begins and ends, ascending."""
    if p > state.P[0, 0]:
        speed = (rho * u - state.rho * state.u[0]) / (rho - state.rho)
        return speed, speed
    edges = (state.u[0] + side * state.sound, u + side * np.sqrt(GAMMA * p / rho))
    return edges if side < 0 else edges[::-1]
