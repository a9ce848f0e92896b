"""Forces on every fluid in one stage of a step, and their means over the stages."""

from dataclasses import dataclass, fields

import numpy as np

from ..kernels.codes import SIX, SYMMETRIC, TEN


@dataclass
class Forces:
    """Forces per volume on interior cells, all by the code's own variables and centred differences.

    Attributes
    ----------
    rho : (S, z, y, x)
    momentum : (S, 3, z, y, x)
        rho u.
    electric, magnetic : (S, 3, z, y, x)
        rho E and rho u x B, still without q/m.
    friction : (S, S, z, y, x)
        alpha rho_s rho_r, at the temperatures and slips of the state.
    drag : (S, 3, z, y, x)
        sum_r alpha rho_s rho_r (u_r - u_s).
    transport, pressure : (S, 3, z, y, x)
        div(rho u u), div P.
    gravity, ionised : (S, 3, z, y, x)
        rho g, and momentum that ionisation and recombination bring.
    B : (3, z, y, x)
    plasma, neutral : (3, z, y, x)
        D u x B with u of all charged and of all neutral fluids (by mass), D = sum (q/m)^2 rho.
    """

    rho: np.ndarray
    momentum: np.ndarray
    electric: np.ndarray
    magnetic: np.ndarray
    friction: np.ndarray
    drag: np.ndarray
    transport: np.ndarray
    pressure: np.ndarray
    gravity: np.ndarray
    ionised: np.ndarray
    B: np.ndarray
    plasma: np.ndarray
    neutral: np.ndarray


def mean(samples):
    """The mean of `Forces`, each with the same weight."""
    return Forces(**{f.name: sum(getattr(s, f.name) for s in samples) / len(samples) for f in fields(Forces)})


def sample(solver):
    """Forces of the stage that the solver holds in W, ghost cells filled."""
    layout, W = solver.layout, solver.W
    inner = solver.interior
    rho = np.stack([inner(W[v]) for v in layout.v_fluid])
    p = np.stack([inner(W[v + 4]) for v in layout.v_fluid])
    u = np.stack([inner(W[v + 1:v + 4]) for v in layout.v_fluid])
    E, B = (inner(W[v:v + 3]) for v in (layout.v_field, layout.v_field + 3))
    friction = _friction(solver, rho, p, u)
    drag = np.stack([np.einsum("rzyx,rizyx->izyx", k, u - u[s]) for s, k in enumerate(friction)])
    momentum = rho[:, None] * u
    mobility = np.einsum("s,szyx->zyx", solver.qm**2, rho)

    def mobile(which):
        if not which.any():
            return np.zeros_like(B)
        return mobility * _cross(momentum[which].sum(axis=0) / rho[which].sum(axis=0), B)

    divergence = _Divergence(solver)
    stress = [_stress(fluid, W[layout.rows_of(s)[1]], W[layout.v_field + 3:layout.v_field + 6])
              for s, fluid in enumerate(layout.fluids)]
    flow = [[W[v] * W[v + 1 + i] * W[v + 1 + j] for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))]
            for v in layout.v_fluid]
    return Forces(rho, momentum, rho[:, None] * E, rho[:, None] * _cross(u, B), friction, drag,
                  np.stack([divergence(tensor) for tensor in flow]), np.stack([divergence(tensor) for tensor in stress]),
                  rho[:, None] * _acceleration(solver), _ionised(solver, rho, p, u), B.copy(),
                  mobile(solver.qm != 0), mobile(solver.qm == 0))


def _cross(a, b):
    """Cross product of vectors along the fourth axis from the end; b (3, z, y, x)."""
    ax, ay, az = (a[..., d, :, :, :] for d in range(3))
    return np.stack([ay * b[2] - az * b[1], az * b[0] - ax * b[2], ax * b[1] - ay * b[0]], axis=-4)


def _friction(solver, rho, p, u):
    """alpha rho_s rho_r of all pairs; alpha by the five numbers of each law (``coupling.laws``)."""
    S = len(rho)
    out = np.zeros((S, S, *rho.shape[1:]))
    spread = np.divide(p, rho, out=np.zeros_like(p), where=rho > 0)
    for s in range(S):
        for r in range(s):
            k0, k1, k2, k3, k4 = solver.laws[s, r]
            alpha = np.full(rho.shape[1:], k0)
            if k1 or k3:
                v2, slip = spread[s] + spread[r], np.square(u[s] - u[r]).sum(axis=0)
                if k1:
                    alpha += k1 * np.sqrt(v2 + k2 * slip)
                if k3:
                    alpha += k3 * (v2 + k4 * slip) ** -1.5
            out[s, r] = out[r, s] = alpha * rho[s] * rho[r]
    return out


def _acceleration(solver):
    """Prescribed acceleration and the pull of the fluids' own mass, (S, 3, z, y, x)."""
    shape = solver.grid.full_shape
    given = solver.acceleration
    full = given.reshape(*given.shape[:2], *(shape if given.shape[2] > 1 else (1, 1, 1)))
    g = solver.interior(np.broadcast_to(full, (*given.shape[:2], *shape)))
    if solver.gravity is not None:
        density = sum(solver.interior(solver.W[v]) for v in solver.layout.v_fluid)
        pull = np.zeros((3, *shape))
        solver.gravity.acceleration(density, pull)
        g = g + solver.interior(pull)
    return g


def _ionised(solver, rho, p, u):
    """Momentum that changes hands with mass: zeta n_n - alpha_rec n_i n_e (`coupling.Ionisation`)."""
    out = np.zeros_like(u)
    exchange = solver.exchange
    if not exchange.reacts:
        return out
    neutral, ion, electron = exchange.species
    zeta, a, T0, exponent = exchange.reaction
    n = [rho[s] / solver.mass[s] for s in exchange.species]
    rate = a * (p[electron] / (n[2] * T0)) ** exponent if exponent else a
    gain, loss = zeta * n[0], rate * n[1] * n[2]
    for s in (ion, electron):
        out[s] = solver.mass[s] * (gain * u[neutral] - loss * u[s])
        out[neutral] -= out[s]
    return out


def _stress(fluid, W, B):
    """P (xx, xy, xz, yy, yz, zz) of a fluid's primitive rows, ghost cells included."""
    if fluid.kind == TEN:
        return W[5:11]
    if fluid.kind == SIX:
        strength = np.square(B).sum(axis=0)
        excess = np.divide(W[5] - W[6], strength, out=np.zeros_like(strength), where=strength > 0)
        across = np.where(strength > 0, W[6], W[4])
        return [excess * B[i] * B[j] + (across if i == j else 0.0)
                for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))]
    zero = np.zeros_like(W[4])
    return [W[4], zero, zero, W[4], zero, W[4]]


class _Divergence:
    """Divergence of a symmetric tensor on interior cells, by the differences of the run's own curl; on a cylindrical grid
    with the terms of turning axes."""

    def __init__(self, solver):
        self.grid, (self.near, self.far) = solver.grid, solver.derivative

    def __call__(self, T):
        grid = self.grid
        out = np.zeros((3, *grid.shape))
        for d in range(3):
            if grid.ghosts[d]:
                for i in range(3):
                    out[i] += self._derivative(T[SYMMETRIC[3 * i + d]], d)
        if grid.cylindrical:
            rr, rphi, rz, phiphi = (T[k][grid.interior] for k in range(4))
            r = grid.centres(0)
            out += np.stack([rr - phiphi, 2.0 * rphi, rz]) / r
        return out

    def _derivative(self, array, d):
        near = self._shifted(array, d, 1) - self._shifted(array, d, -1)
        total = self.near * near
        if self.far:
            total += self.far * (self._shifted(array, d, 2) - self._shifted(array, d, -2))
        return total / self.grid.spacing[d]

    def _shifted(self, array, d, cells):
        place = list(self.grid.interior)
        place[2 - d] = slice(place[2 - d].start + cells, place[2 - d].stop + cells)
        return array[tuple(place)]
