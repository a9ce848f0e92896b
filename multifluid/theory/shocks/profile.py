"""What every shock model returns: a steady profile that can be asked at any x; and the orbits it is made of.

A steady shock is an orbit of an autonomous system dy/dx = f(y) from one rest point to another. Where one side has a
single direction along which orbits leave it, the orbit is found by integrating away from there (`leave`).
"""

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from multifluid.errors import InputError


class ShockProfile:
    """Steady profile of a shock in its own frame.

    Parameters
    ----------
    fluids : tuple of str
        Names, in the order of the arrays.
    orbit : callable
        x (N,) -> unknowns y (m, N) of the model, any x.
    fields : callable
        (y, x) -> dict of the arrays below.
    x : (N,)
        Where the orbit was computed.
    tangential : callable
        y -> By.
    upstream, downstream : (m,)
        The unknowns at rest.
    flow : +1 or -1
        Direction of the flow along x.

    Attributes
    ----------
    fluids : tuple of str
    x : (N,)
        Nodes of the computation, x = 0 where By is half-way between its two ends, for the last time
        along the flow. Outside of it the profile goes on
        as the exponential it has become.
    upstream, downstream : dict
        States at both ends, arrays as below without the last axis.
    flow : int
    """

    def __init__(self, fluids, orbit, fields, x, tangential, upstream, downstream, flow):
        self.fluids, self.flow = tuple(fluids), flow
        self._orbit, self._fields = orbit, fields
        middle = (tangential(upstream) + tangential(downstream)) / 2
        self._origin = _crossing(lambda x: tangential(orbit(x)) - middle, x, flow)
        self.x = x - self._origin
        ends = flow * np.array([-np.inf, np.inf])
        self.upstream, self.downstream = (
            {name: value[..., 0] for name, value in fields(np.asarray(y)[:, None], end[None]).items()}
            for y, end in zip((upstream, downstream), ends, strict=True)
        )

    def __call__(self, x):
        """State at x.

        Parameters
        ----------
        x : array_like
            Positions, any shape.

        Returns
        -------
        dict
            ``rho`` and ``p`` (S, ...), ``u`` (S, 3, ...), ``E`` and ``B`` (3, ...), the last axes those of x.
        """
        x = np.asarray(x, float)
        place = x.ravel() + self._origin
        found = self._fields(self._orbit(place), place)
        return {name: value.reshape(value.shape[:-1] + x.shape) for name, value in found.items()}

    def fluid(self, name, x):
        """State of one fluid at x: dict of ``rho``, ``u`` (3, ...), ``p``.

        Raises
        ------
        InputError
            There is no such fluid.
        """
        if name not in self.fluids:
            raise InputError(f"fluid {name!r} is not in this shock: take one of {', '.join(self.fluids)}")
        at, state = self.fluids.index(name), self(x)
        return {key: state[key][at] for key in ("rho", "u", "p")}


def _crossing(excess, x, flow):
    """Where By passes its half-way value for the last time along the flow."""
    nodes = x[::-flow]
    values = excess(nodes)
    at = int(np.argmax(np.sign(values) != np.sign(values[0])))
    return brentq(lambda s: float(excess(np.array([s]))[0]), *sorted(nodes[at - 1 : at + 1]), xtol=1e-14, rtol=1e-14)


def jacobian(rhs, y):
    """df/dy (m, m) to round-off, by a complex step; f must be analytic."""
    step = 1e-30
    columns = np.asarray(y, float)[:, None] + 1j * step * np.diag(np.maximum(np.abs(y), 1.0))
    return rhs(columns).imag / (step * np.maximum(np.abs(y), 1.0))


class Tail:
    """Linear motion about a rest point, kept to the modes that die away from the shock.

    Parameters
    ----------
    rhs : callable
        y (m, N) -> dy/dx (m, N).
    rest : (m,)
    side : +1 or -1
        Sign of x towards which the motion must die.
    """

    def __init__(self, rhs, rest, side):
        self.rest = np.asarray(rest, float)
        self.rates, self.modes = np.linalg.eig(jacobian(rhs, self.rest))
        self.dies = self.rates.real * side < 0
        self.inverse = np.linalg.inv(self.modes)

    def __call__(self, start, distance):
        """y (m, N) at `distance` (N,) from where it was `start` (m,)."""
        amplitudes = (self.inverse @ (start - self.rest))[self.dies]
        motion = amplitudes[:, None] * np.exp(self.rates[self.dies, None] * distance)
        return self.rest[:, None] + (self.modes[:, self.dies] @ motion).real

    @property
    def constraints(self):
        """Left eigenvectors, as real rows, of the modes that must be absent."""
        rows = []
        for rate, row in zip(self.rates[~self.dies], self.inverse[~self.dies], strict=True):
            if rate.imag == 0:
                rows.append(row.real)
            elif rate.imag > 0:
                rows.extend((row.real, row.imag))
        return np.array([row / np.linalg.norm(row) for row in rows])


def leave(rhs, start, goal, direction, method="DOP853", size=1e-7):
    """The orbit that leaves `start` along its only growing direction and ends at rest in `goal`.

    Parameters
    ----------
    rhs : callable
        y (m, N) -> dy/dx (m, N), analytic.
    start, goal : (m,)
        Rest points.
    direction : +1 or -1
        Sign of x in which the orbit leaves `start`.
    method : str
        Of `scipy.integrate.solve_ivp`.
    size : float
        Where the integration starts, as a part of the whole way; the orbit's curvature enters with its square.

    Returns
    -------
    orbit : callable
        x (N,) -> y (m, N), any x.
    x : (N,)
        Ascending nodes of the integration.

    Raises
    ------
    InputError
        There is not one such direction, or the orbit ends elsewhere.
    """
    start, goal = np.asarray(start, float), np.asarray(goal, float)
    first, way = Tail(rhs, start, -direction), goal - start
    if first.dies.sum() != 1:
        raise InputError(f"{first.dies.sum()} ways lead out of the state this shock starts from: change its parameters")
    mode = first.modes[:, first.dies][:, 0].real
    y0 = start + size * mode * np.sign(mode @ way) * np.linalg.norm(way) / np.linalg.norm(mode)
    length = -np.log(size) / abs(first.rates[first.dies][0].real)
    return follow(rhs, y0, goal, direction, lambda x: first(y0, x), length, method)


def follow(rhs, y0, goal, direction, before, length=0.0, method="DOP853"):
    """The orbit from y0 to rest in `goal`; `before` (x (N,) -> y (m, N)) is what lies on the other side of x = 0.

    Parameters
    ----------
    rhs, goal, direction, method
        As in `leave`.
    y0 : (m,)
        Where the orbit is at x = 0.
    before : callable
    length : float
        What the orbit needs to come away from y0.

    Returns
    -------
    orbit, x
        As in `leave`.

    Raises
    ------
    InputError
        The orbit ends elsewhere.
    """
    goal = np.asarray(goal, float)
    last, scale = Tail(rhs, goal, direction), np.linalg.norm(goal - y0)
    if not last.dies.all():
        raise InputError("the state this shock ends in is not approached from all sides: change its parameters")

    def arrived(_, y):
        return np.linalg.norm(y - goal) - 1e-8 * scale

    arrived.terminal, arrived.direction = True, -1
    span = direction * 40 * (length - np.log(1e-8) / np.abs(last.rates.real).min())
    options = {} if method == "DOP853" else {"jac": lambda _, y: jacobian(rhs, y)}
    with np.errstate(invalid="ignore"):
        found = solve_ivp(
            lambda _, y: rhs(y[:, None])[:, 0], (0, span), y0, method, dense_output=True, events=arrived, rtol=1e-12,
            atol=1e-13 * scale, **options,
        )  # fmt: skip
    if found.status != 1:
        raise InputError(f"no steady profile joins both sides ({found.message}): change the shock's parameters")
    end, y_end = found.t[-1], found.y[:, -1]

    def orbit(x):
        x = np.asarray(x, float)
        early, late = direction * x < 0, direction * (x - end) > 0
        y = found.sol(np.where(early, 0, np.where(late, end, x)))
        y[:, early] = before(x[early])
        y[:, late] = last(y_end, x[late] - end)
        return y

    return orbit, np.sort(found.t)
