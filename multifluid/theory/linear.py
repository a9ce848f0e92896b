"""The linearised multifluid-Maxwell equations at one wavevector, in energy-scaled unknowns and extended precision.

Perturbations ~ exp(i k.x) of a uniform background obey (w = u_r0 - u_s0)

    d_t rho_s = -i k.u_s0 rho_s - i rho_s0 k.u_s
    d_t u_s   = -i k.u_s0 u_s + (q_s/m_s) (E + u_s x B0 + u_s0 x B) - i k.P_s/rho_s0
                + sum_r alpha_sr [rho_r0 (u_r - u_s) + rho_r w]
    d_t P_s   = -i k.u_s0 P_s + (by closure, see `closures`) + (gamma - 1) Q_s
    d_t E     = i c^2 k x B - J/eps0,     J = sum_s (q_s/m_s)(rho_s0 u_s + rho_s u_s0)
    d_t B     = -i k x E

    Q_s = linear part of sum_r alpha_sr/(m_s + m_r) [m_r rho_s rho_r |u_r - u_s|^2 + ct rho_s rho_r (T_r - T_s)]
"""

from decimal import Decimal
from types import SimpleNamespace

import numpy as np

from multifluid.theory.closures import BLOCKS
from multifluid.theory.extended import ONE, ZERO, Matrix

# Directions and net charges nearer to exact than this are rounding of the caller's numbers and taken as exact.
_ROUNDING = Decimal("1e-14")
_ROUNDING_CHARGE = Decimal("1e-12")


class LinearSystem:
    """Linear operator of a background at one wavevector.

    Works in axes e1 (along the part of B0 across k), e2 = e3 x e1, e3 = k/|k|; with B0 along k or zero, e1 is the
    coordinate axis farthest from k, made perpendicular to it. Unknowns x have the energy norm

        |x|^2 = sum_s (rho_s |u_s|^2 + |p_s|^2/(gamma p_s)) + eps0 |E|^2 + |B|^2/mu0

    completed where the energy is blind by (c_s^2/rho) |rho - p/c_s^2|^2 (entropy of a five-moment fluid) and (v^2/rho)
    |rho|^2 (density of a cold fluid; v = largest sound or Alfven speed, else c); isothermal fluids have (c_s^2/rho)
    |rho|^2 for the pressure term, and six- and ten-moment fluids, with theta_ij = p_ij - p_ij0 rho/rho_0, p |rho/rho_0|^2
    + sum_ij |theta_ij|^2/(2 p) (the energy where p_ij0 is isotropic). Factors i on rho, p and B make the operator real
    where nothing streams. Build it inside `extended.precision()`.

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
        self.blocks = [BLOCKS[f.closure](f, self._site(s)) for s, f in enumerate(fluids)]
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

    def _site(self, s):
        """What the closure of fluid s needs to know, in these axes."""
        f = self.fluids[s]
        B = (self._b[0], ZERO, self._b[1])
        axis = B
        if f.axis is not None and not (f.charge and any(B)) and f.closure != "six-moment":
            axis = [sum(e * v for e, v in zip(row, _decimals(f.axis), strict=True)) for row in self._axes]
        size = _norm(axis)
        p_par = 3 * self.p[s] / (1 + 2 * Decimal(float(f.anisotropy)))
        return SimpleNamespace(
            k=self.k, rho=self.rho[s], p=self.p[s], gamma=Decimal(float(f.gamma)), p_par=p_par, B=B,
            p_perp=Decimal(float(f.anisotropy)) * p_par, charge_to_mass=self.z[s] / self.rho[s],
            axis=[v / size for v in axis] if size else [ZERO, ZERO, ONE],
        )  # fmt: skip

    def _set_layout(self):
        self.first, self.labels = [], []
        for f, block in zip(self.fluids, self.blocks, strict=True):
            self.first.append(len(self.labels))
            self.labels += [(f.name, name) for name in ("rho", "u1", "u2", "u3", *block.names)]
        self.e = len(self.labels)
        self.labels += [("field", name) for name in ("E1", "E2", "E3", "B1", "B2")]
        self.size = len(self.labels)

    def _add_flow(self):
        across, along = self._b
        for block, i, rho, u, z in zip(self.blocks, self.first, self.rho, self.u, self.z, strict=True):
            for j in range(4 + len(block.names)):
                self._im[i + j, i + j] -= self.k * u[2]
            self._re[i, i + 3] += self.k * rho
            # Columns from 4 + len(names) on are the field's B.
            for row, column, value in block.entries(self.e + 3 - i):
                self._re[i + row, i + column] += value
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
            rate = alpha[s][r] / (mass[s] + mass[r])
            product = self.rho[s] * self.rho[r]
            slip = [b - a for a, b in zip(self.u[s], self.u[r], strict=True)]
            warmth = ct * (mass[r] * self.p[r] / self.rho[r] - mass[s] * self.p[s] / self.rho[s])
            per_density = rate * (mass[r] * sum(w * w for w in slip) + warmth)
            re = {self.first[s]: per_density * self.rho[r], self.first[r]: per_density * self.rho[s]}
            for fluid, sign in ((s, -1), (r, 1)):
                # Temperature perturbation m (p - p0 rho/rho0)/rho0; it vanishes for isothermal and cold fluids.
                slope, first = sign * rate * ct * product * mass[fluid] / self.rho[fluid], self.first[fluid]
                re[first] -= slope * self.p[fluid] / self.rho[fluid]
                for offset, weight in self.blocks[fluid].mean:
                    re[first + offset] = re.get(first + offset, ZERO) + slope * weight
            for offset, share in self.blocks[s].heating:
                row = self.first[s] + offset
                for column, value in re.items():
                    self._re[row, column] += share * value
                for a in range(3):
                    work = share * rate * mass[r] * 2 * product * slip[a]
                    self._im[row, self.first[r] + 1 + a] += work
                    self._im[row, self.first[s] + 1 + a] -= work

    def _pairs(self, alpha):
        n = len(self.fluids)
        return [(s, r) for s in range(n) for r in range(n) if s != r and alpha[s][r]]

    def _scale(self):
        self.weights = np.full(self.size, ONE, dtype=object)
        loaded = sum((rho for rho, z in zip(self.rho, self.z, strict=True) if z), ZERO)
        alfven2 = (self._b[0] ** 2 + self._b[1] ** 2) / (self.mu0 * loaded) if loaded else ZERO
        reference = max(alfven2, *(block.stiffness for block in self.blocks)) or self.c**2
        for block, i, rho in zip(self.blocks, self.first, self.rho, strict=True):
            self.weights[i], own = block.weights(reference)
            self.weights[i + 1 : i + 4] = rho.sqrt()
            self.weights[i + 4 : i + 4 + len(own)] = own
            for target, source, factor in block.shifts:
                for part in (self._re, self._im):
                    part[i + target] -= factor * part[i + source]
                    part[:, i + source] += factor * part[:, i + target]
                self._gauss[:, i + source] += factor * self._gauss[:, i + target]
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
        for f, i, block in zip(self.fluids, self.first, self.blocks, strict=True):
            values = x[i : i + 4 + len(block.names)].copy()
            for target, source, factor in reversed(block.shifts):
                values[target] += float(factor) * values[source]
            vector[f"rho_{f.name}"] = -1j * values[0]
            vector[f"u_{f.name}"] = values[1:4] @ self.frame
            pressure = block.perturbation(values, f.name, self.frame)
            vector.update({name: -1j * value for name, value in pressure.items()})
        vector["E"] = x[self.e : self.e + 3] @ self.frame
        vector["B"] = -1j * x[self.e + 3 :] @ self.frame[:2]
        return vector

    def coordinates(self, vector):
        """Unknowns x of a perturbation given as a dict of physical variables: the inverse of `vector`."""
        x = np.zeros(self.size, dtype=complex)
        for f, i, block in zip(self.fluids, self.first, self.blocks, strict=True):
            x[i] = 1j * vector[f"rho_{f.name}"]
            x[i + 1 : i + 4] = self.frame @ vector[f"u_{f.name}"]
            end = i + 4 + len(block.names)
            x[i + 4 : end] = 1j * np.array(block.unknowns(vector, f.name, self.frame), dtype=complex)
            for target, source, factor in block.shifts:
                x[i + target] -= float(factor) * x[i + source]
        x[self.e : self.e + 3] = self.frame @ vector["E"]
        x[self.e + 3 :] = 1j * (self.frame[:2] @ vector["B"])
        return x * self.weights.astype(float)


def _decimals(values):
    return [Decimal(float(v)) for v in values]


def _norm(values):
    return sum(v * v for v in values).sqrt()
