"""The linearised multifluid-Maxwell equations at one wavevector, in energy-scaled unknowns and extended precision.

Perturbations ~ exp(i k.x) of a uniform background obey (w = u_r0 - u_s0)

    d_t rho_s = -i k.u_s0 rho_s - i rho_s0 k.u_s
    d_t u_s   = -i k.u_s0 u_s + (q_s/m_s) (E + u_s x B0 + u_s0 x B) - i k p_s/rho_s0
                + sum_r alpha_sr [rho_r0 (u_r - u_s) + rho_r w]
    d_t p_s   = -i k.u_s0 p_s - i gamma p_s0 k.u_s + (gamma - 1) Q_s            (five-moment)
    d_t E     = i c^2 k x B - J/eps0,     J = sum_s (q_s/m_s)(rho_s0 u_s + rho_s u_s0)
    d_t B     = -i k x E

    Q_s = linear part of sum_r alpha_sr/(m_s + m_r) [m_r rho_s rho_r |u_r - u_s|^2 + ct rho_s rho_r (T_r - T_s)]
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.extended import ONE, ZERO, Matrix

CLOSURES = ("five-moment", "isothermal", "cold")
# Directions and net charges nearer to exact than this are rounding of the caller's numbers and taken as exact.
_ROUNDING = Decimal("1e-14")
_ROUNDING_CHARGE = Decimal("1e-12")


@dataclass(frozen=True)
class Background:
    """One fluid of the uniform background.

    Parameters
    ----------
    name : str
        Name used in the keys of a mode's vector.
    mass, charge : float
        Of one particle; the charge may be 0.
    rho, p : float
        Mass density and pressure.
    gamma : float
        Ratio of specific heats (five-moment closure).
    u : tuple of float
        Streaming velocity (3).
    closure : str
        'five-moment', 'isothermal' (p/rho constant in a perturbation) or 'cold' (no pressure; `p` is ignored).
    """

    name: str
    mass: float
    charge: float
    rho: float
    p: float
    gamma: float = 5.0 / 3.0
    u: tuple = (0.0, 0.0, 0.0)
    closure: str = "five-moment"

    @property
    def sound_speed_squared(self):
        """gamma p/rho, p/rho or 0 by closure."""
        return {"five-moment": self.gamma, "isothermal": 1.0, "cold": 0.0}[self.closure] * self.p / self.rho


class LinearSystem:
    """Linear operator of a background at one wavevector.

    Works in axes e1 (along the part of B0 across k), e2 = e3 x e1, e3 = k/|k|; with B0 along k or zero, e1 is the
    coordinate axis farthest from k, made perpendicular to it. Unknowns x have the energy norm

        |x|^2 = sum_s (rho_s |u_s|^2 + |p_s|^2/(gamma p_s)) + eps0 |E|^2 + |B|^2/mu0

    completed where the energy is blind by (c_s^2/rho) |rho - p/c_s^2|^2 (entropy of a five-moment fluid) and (v^2/rho)
    |rho|^2 (density of a cold fluid; v = largest sound or Alfven speed, else c); isothermal fluids have (c_s^2/rho)
    |rho|^2 for the pressure term. Factors i on rho, p and B make the operator real where nothing streams. Build it
    inside `extended.precision()`.

    Parameters
    ----------
    fluids, B, k, c, mu0, alpha, temperature_relaxation :
        As in `dispersion_modes`, already checked.

    Attributes
    ----------
    matrix : Matrix
        A of d_t x = A x, x over all unknowns, shape (n, n).
    gauss : Matrix
        Column g: Gauss's law is g^T x = 0. (div B = 0 is built in: B has no component along e3.)
    advection : list of (Decimal, Decimal)
        Different values of -i k.u_s0, and 0.
    frame : ndarray
        Rows e1, e2, e3.
    parallel : bool
        B0 is nonzero and along k.
    b0 : tuple of float
        B0 in these axes; the second is 0.
    charge_density, charge_is_neutral :
        q_s n_s of each fluid; whether they sum to zero (to rounding).
    """

    def __init__(self, fluids, B, k, c, mu0, alpha, temperature_relaxation):
        self.fluids = fluids
        self._set_frame(_decimals(k), _decimals(B))
        self.c, self.mu0 = Decimal(float(c)), Decimal(float(mu0))
        self.eps0 = 1 / (self.mu0 * self.c * self.c)
        self.rho = [Decimal(float(f.rho)) for f in fluids]
        self.p = [Decimal(float(f.p)) if f.closure != "cold" else ZERO for f in fluids]
        self.u = [
            [sum(e * v for e, v in zip(axis, _decimals(f.u), strict=True)) for axis in self._axes] for f in fluids
        ]
        self._set_charges()
        self._set_layout()
        shape = (self.size, self.size)
        self._re, self._im = np.full(shape, ZERO, dtype=object), np.full(shape, ZERO, dtype=object)
        self._gauss = np.full((1, self.size), ZERO, dtype=object)
        self._add_flow()
        self._add_maxwell()
        drag = [[Decimal(float(a)) for a in row] for row in alpha]
        self._add_drag(drag)
        self._add_heat(drag, Decimal(float(temperature_relaxation)))
        self._scale()
        self.matrix = Matrix(self._re, self._im)
        self.gauss = Matrix(self._gauss.T.copy())
        speeds = [ZERO, *(u[2] for u in self.u)]
        self.advection = [(ZERO, -self.k * speed) for speed in dict.fromkeys(speeds)]

    def _set_frame(self, k, b):
        self.k = _norm(k)
        e3 = [v / self.k for v in k]
        size = _norm(b)
        along = sum(x * y for x, y in zip(b, e3, strict=True))
        across = [x - along * y for x, y in zip(b, e3, strict=True)]
        if abs(along) <= _ROUNDING * size:
            along = ZERO
        if _norm(across) <= _ROUNDING * size:
            axis = min(range(3), key=lambda i: abs(e3[i]))
            e1 = [(ONE if i == axis else ZERO) - e3[axis] * e3[i] for i in range(3)]
            b_across = ZERO
        else:
            e1, b_across = across, _norm(across)
        length = _norm(e1)
        e1 = [v / length for v in e1]
        e2 = [e3[(i + 1) % 3] * e1[(i + 2) % 3] - e3[(i + 2) % 3] * e1[(i + 1) % 3] for i in range(3)]
        self._axes = [e1, e2, e3]
        self._b = (b_across, along)
        self.frame = np.array([[float(v) for v in axis] for axis in self._axes])
        self.b0 = float(b_across), 0.0, float(along)
        self.parallel = b_across == 0 and along != 0

    def _set_charges(self):
        z = [
            Decimal(float(f.charge)) * rho / Decimal(float(f.mass))
            for f, rho in zip(self.fluids, self.rho, strict=True)
        ]
        total, net = sum(map(abs, z)), sum(z)
        self.charge_is_neutral = abs(net) <= _ROUNDING_CHARGE * total
        if self.charge_is_neutral and total:
            # Rounded masses and densities leave a net charge that would bend waves with k d_i < 1e-8.
            z = [value - abs(value) * net / total for value in z]
        self.z = z
        self.charge_density = [float(value) for value in z]

    def _set_layout(self):
        self.first, self.labels = [], []
        for f in self.fluids:
            self.first.append(len(self.labels))
            names = ("rho", "u1", "u2", "u3") + (("p",) if f.closure == "five-moment" else ())
            self.labels += [(f.name, name) for name in names]
        self.e = len(self.labels)
        self.labels += [("field", name) for name in ("E1", "E2", "E3", "B1", "B2")]
        self.size = len(self.labels)

    def _add_flow(self):
        across, along = self._b
        for f, i, rho, p, u, z in zip(self.fluids, self.first, self.rho, self.p, self.u, self.z, strict=True):
            width = 5 if f.closure == "five-moment" else 4
            for j in range(width):
                self._im[i + j, i + j] -= self.k * u[2]
            self._re[i, i + 3] += self.k * rho
            if f.closure == "five-moment":
                self._re[i + 4, i + 3] += Decimal(float(f.gamma)) * self.k * p
                self._re[i + 3, i + 4] -= self.k / rho
            elif f.closure == "isothermal":
                self._re[i + 3, i] -= self.k * p / (rho * rho)
            a = z / rho
            for row, column, value in ((1, 2, along), (2, 1, -along), (2, 3, across), (3, 2, -across)):
                self._re[i + row, i + column] += a * value
            b1, b2 = self.e + 3, self.e + 4
            for row, column, value in ((1, b2, -u[2]), (2, b1, u[2]), (3, b2, u[0]), (3, b1, -u[1])):
                self._im[i + row, column] -= a * value
            for j in range(3):
                self._re[i + 1 + j, self.e + j] += a
                self._re[self.e + j, i + 1 + j] -= z / self.eps0
                self._im[self.e + j, i] += a * u[j] / self.eps0
            self._gauss[0, i] = a

    def _add_maxwell(self):
        e, b = self.e, self.e + 3
        curl = self.k * self.c * self.c
        self._re[e, b + 1] -= curl
        self._re[e + 1, b] += curl
        self._re[b, e + 1] -= self.k
        self._re[b + 1, e] += self.k
        self._gauss[0, e + 2] = self.k * self.eps0

    def _add_drag(self, alpha):
        for s, r in self._pairs(alpha):
            i, j = self.first[s], self.first[r]
            for a in range(3):
                self._re[i + 1 + a, i + 1 + a] -= alpha[s][r] * self.rho[r]
                self._re[i + 1 + a, j + 1 + a] += alpha[s][r] * self.rho[r]
                self._im[i + 1 + a, j] -= alpha[s][r] * (self.u[r][a] - self.u[s][a])

    def _add_heat(self, alpha, ct):
        mass = [Decimal(float(f.mass)) for f in self.fluids]
        for s, r in self._pairs(alpha):
            if self.fluids[s].closure != "five-moment":
                continue
            i, j = self.first[s], self.first[r]
            rate = (Decimal(float(self.fluids[s].gamma)) - 1) * alpha[s][r] / (mass[s] + mass[r])
            product = self.rho[s] * self.rho[r]
            slip = [b - a for a, b in zip(self.u[s], self.u[r], strict=True)]
            warmth = ct * (mass[r] * self.p[r] / self.rho[r] - mass[s] * self.p[s] / self.rho[s])
            per_density = rate * (mass[r] * sum(w * w for w in slip) + warmth)
            self._re[i + 4, i] += per_density * self.rho[r]
            self._re[i + 4, j] += per_density * self.rho[s]
            for a in range(3):
                work = rate * mass[r] * 2 * product * slip[a]
                self._im[i + 4, j + 1 + a] += work
                self._im[i + 4, i + 1 + a] -= work
            for fluid, sign in ((s, -1), (r, 1)):
                # Only five-moment fluids have a temperature perturbation m (p - p0 rho/rho0)/rho0.
                if self.fluids[fluid].closure == "five-moment":
                    slope = sign * rate * ct * product * mass[fluid] / self.rho[fluid]
                    first = self.first[fluid]
                    self._re[i + 4, first + 4] += slope
                    self._re[i + 4, first] -= slope * self.p[fluid] / self.rho[fluid]

    def _pairs(self, alpha):
        n = len(self.fluids)
        return [(s, r) for s in range(n) for r in range(n) if s != r and alpha[s][r]]

    def _scale(self):
        self.weights = np.full(self.size, ONE, dtype=object)
        self.cs2 = []
        for f, rho, p in zip(self.fluids, self.rho, self.p, strict=True):
            gamma = Decimal(float(f.gamma)) if f.closure == "five-moment" else ONE
            self.cs2.append(gamma * p / rho)
        loaded = sum((rho for rho, z in zip(self.rho, self.z, strict=True) if z), ZERO)
        alfven2 = (self._b[0] ** 2 + self._b[1] ** 2) / (self.mu0 * loaded) if loaded else ZERO
        reference = max(alfven2, *self.cs2) or self.c**2
        for f, i, rho, cs2 in zip(self.fluids, self.first, self.rho, self.cs2, strict=True):
            self.weights[i] = ((cs2 or reference) / rho).sqrt()
            self.weights[i + 1 : i + 4] = rho.sqrt()
            if f.closure == "five-moment":
                self.weights[i + 4] = 1 / (rho * cs2).sqrt()
                # Entropy rho - p/cs2 in place of rho.
                for part in (self._re, self._im):
                    part[i] -= part[i + 4] / cs2
                    part[:, i + 4] += part[:, i] / cs2
                self._gauss[:, i + 4] += self._gauss[:, i] / cs2
        self.weights[self.e : self.e + 3] = self.eps0.sqrt()
        self.weights[self.e + 3 :] = 1 / self.mu0.sqrt()
        for part in (self._re, self._im):
            part *= self.weights[:, None]
            part /= self.weights[None, :]
        self._gauss /= self.weights[None, :]

    def vector(self, x):
        """Perturbation of every physical variable, in the axes the user gave, from unknowns x (complex, shape (n,))."""
        x = x / self.weights.astype(float)
        vector = {}
        for f, i, cs2 in zip(self.fluids, self.first, self.cs2, strict=True):
            five = f.closure == "five-moment"
            p = x[i + 4] if five else float(cs2) * x[i]
            vector[f"rho_{f.name}"] = -1j * (x[i] + (p / float(cs2) if five else 0.0))
            vector[f"u_{f.name}"] = x[i + 1 : i + 4] @ self.frame
            vector[f"p_{f.name}"] = -1j * p
        vector["E"] = x[self.e : self.e + 3] @ self.frame
        vector["B"] = -1j * x[self.e + 3 :] @ self.frame[:2]
        return vector

    def coordinates(self, vector):
        """Unknowns x of a perturbation given as a dict of physical variables: the inverse of `vector`."""
        x = np.zeros(self.size, dtype=complex)
        for f, i, cs2 in zip(self.fluids, self.first, self.cs2, strict=True):
            rho, p = vector[f"rho_{f.name}"], vector[f"p_{f.name}"]
            x[i + 1 : i + 4] = self.frame @ vector[f"u_{f.name}"]
            x[i] = 1j * rho
            if f.closure == "five-moment":
                x[i], x[i + 4] = 1j * (rho - p / float(cs2)), 1j * p
        x[self.e : self.e + 3] = self.frame @ vector["E"]
        x[self.e + 3 :] = 1j * (self.frame[:2] @ vector["B"])
        return x * self.weights.astype(float)


def check_input(fluids, B, k, c, mu0, alpha, temperature_relaxation):
    """Checked copies (tuple of Background, B, k, c, mu0, alpha); InputError names what is wrong."""
    fluids = tuple(fluids)
    if not fluids:
        raise InputError("fluids: give at least one Background")
    names = [f.name for f in fluids]
    if len(set(names)) < len(names):
        raise InputError(f"fluids: names must differ, got {', '.join(names)}")
    for f in fluids:
        if f.closure not in CLOSURES:
            raise InputError(f"fluid {f.name}: closure '{f.closure}' is unknown, use one of {', '.join(CLOSURES)}")
        for name, value, low in (("mass", f.mass, 0), ("rho", f.rho, 0), ("gamma", f.gamma, 1)):
            if not (np.isfinite(value) and value > low):
                raise InputError(f"fluid {f.name}: {name} = {value} must be finite and greater than {low}")
        if not np.isfinite(f.charge):
            raise InputError(f"fluid {f.name}: charge = {f.charge} must be finite")
        if f.closure != "cold" and not (np.isfinite(f.p) and f.p > 0):
            raise InputError(f"fluid {f.name}: p = {f.p} must be positive; use closure='cold' for no pressure")
        _vector(f"fluid {f.name}: u", f.u)
    B, k = _vector("B", B), _vector("k", k)
    if not k.any():
        raise InputError("k: the wavevector must not be zero")
    for name, value in (("c", c), ("mu0", mu0)):
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} = {value} must be positive and finite")
    if not (np.isfinite(temperature_relaxation) and temperature_relaxation >= 0):
        raise InputError(f"temperature_relaxation = {temperature_relaxation} must not be negative")
    n = len(fluids)
    alpha = np.zeros((n, n)) if alpha is None else np.array(alpha, dtype=float)
    if alpha.shape != (n, n) or not np.isfinite(alpha).all() or (alpha < 0).any() or (alpha != alpha.T).any():
        raise InputError(f"alpha: needs a symmetric {n} x {n} matrix of drag coefficients >= 0, one row for each fluid")
    return fluids, B, k, float(c), float(mu0), alpha


def _vector(name, value):
    array = np.array(value, dtype=float)
    if array.shape != (3,) or not np.isfinite(array).all():
        raise InputError(f"{name}: needs three finite numbers, got {value}")
    return array


def _decimals(values):
    return [Decimal(float(v)) for v in values]


def _norm(values):
    return sum(v * v for v in values).sqrt()
