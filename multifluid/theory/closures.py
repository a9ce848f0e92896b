"""Linearised pressure of one fluid by closure, in the unknowns and axes of `linear.LinearSystem`.

Perturbations ~ exp(i k.x), k along e3; p = (p_par + 2 p_perp)/3, b = B/|B|, b' its perturbation:

barotropic (isothermal, polytropic, cold)
    p' = c_s^2 rho',   c_s^2 = p/rho, gamma p/rho, 0
five-moment
    d_t p' = -i k gamma p u_3
six-moment (Chew, Goldberger & Low 1956, Proc. R. Soc. A 236, 112, with the species' own u)
    P'_ij = p_perp' delta_ij + (p_par' - p_perp') b_i b_j + (p_par - p_perp)(b'_i b_j + b_i b'_j)
    d_t p_par'  = -i k [p_par u_3 + 2 p_par b_3 (b.u)]      - nu (p_par' - p')
    d_t p_perp' = -i k [2 p_perp u_3 - p_perp b_3 (b.u)]    - nu (p_perp' - p')
ten-moment
    d_t P'_ij = -i k [P_ij u_3 + P_i3 u_j + P_j3 u_i] + (q/m) [eps_iml (P_mj B_l)' + eps_jml (P_mi B_l)']
                - nu (P'_ij - p' delta_ij) - i k q'_ij3

Every block also says what heat does to its unknowns and which of them make the mean pressure. The unknowns rho, p, B are
i times the physical ones, which leaves all these terms real.
"""

from decimal import Decimal

import numpy as np

from multifluid.theory.extended import ONE, ZERO, precision

with precision():
    _THIRD = ONE / 3
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
_CYCLES = ((0, 1, 2), (1, 2, 0), (2, 0, 1))


class Barotropic:
    """Pressure that follows the density."""

    names = ()
    heating = ()
    shifts = ()

    def __init__(self, fluid, site):
        gamma = {"isothermal": ONE, "cold": ZERO}.get(fluid.closure, site.gamma)
        self.site, self.stiffness = site, gamma * site.p / site.rho
        self.mean = ((0, self.stiffness),)

    def entries(self, field):
        """(row, column, value) of the operator; rows count from the fluid's rho, columns too, or from `field` + j."""
        return [(3, 0, -self.site.k * self.stiffness / self.site.rho)]

    def weights(self, reference):
        """Energy weights of rho (reference: speed squared where there is no pressure) and of the block's own unknowns."""
        return ((self.stiffness or reference) / self.site.rho).sqrt(), []

    def perturbation(self, values, name, frame):
        """Physical variables from this fluid's (rho, u, ...)."""
        return {f"p_{name}": float(self.stiffness) * values[0]}

    def unknowns(self, vector, name, frame):
        """The block's own unknowns from physical variables."""
        return []


class FiveMoment:
    """Scalar pressure with an energy equation; its entropy stands for the density."""

    names = ("p",)
    mean = ((4, ONE),)

    def __init__(self, fluid, site):
        self.site, self.stiffness = site, site.gamma * site.p / site.rho
        self.heating = ((4, site.gamma - 1),)
        self.shifts = ((0, 4, 1 / self.stiffness),)

    def entries(self, field):
        s = self.site
        return [(4, 3, s.gamma * s.k * s.p), (3, 4, -s.k / s.rho)]

    def weights(self, reference):
        rho = self.site.rho
        return (self.stiffness / rho).sqrt(), [1 / (rho * self.stiffness).sqrt()]

    def perturbation(self, values, name, frame):
        return {f"p_{name}": values[4]}

    def unknowns(self, vector, name, frame):
        return [vector[f"p_{name}"]]


class SixMoment:
    """Pressures along and across B; p'_par - p_par rho'/rho and the like stand for them."""

    names = ("ppar", "pperp")
    mean = ((4, _THIRD), (5, 2 * _THIRD))
    heating = ((4, 2 * _THIRD), (5, 2 * _THIRD))

    def __init__(self, fluid, site):
        self.site, self.nu = site, Decimal(float(fluid.isotropisation))
        self.stiffness = 5 * _THIRD * site.p / site.rho
        self.shifts = ((4, 0, site.p_par / site.rho), (5, 0, site.p_perp / site.rho))

    def entries(self, field):
        s, (b1, b2, b3) = self.site, self.site.axis
        b = (b1, b2, b3)
        found = [(4, 3, s.k * s.p_par), (5, 3, 2 * s.k * s.p_perp)]
        for j in range(3):
            found += [(4, 1 + j, 2 * s.k * s.p_par * b3 * b[j]), (5, 1 + j, -s.k * s.p_perp * b3 * b[j])]
            across = (ONE if j == 2 else ZERO) - b3 * b[j]
            found += [(1 + j, 4, -s.k / s.rho * b3 * b[j]), (1 + j, 5, -s.k / s.rho * across)]
        # b' = (B' - b (b.B'))/B with B'_3 = 0, and b_2 = 0
        size = (s.B[0] ** 2 + s.B[2] ** 2).sqrt()
        turned = {0: (b3 * b3, ZERO, -b3 * b1), 1: (ZERO, ONE, ZERO)}
        for m, t in turned.items():
            for j in range(3):
                found.append((1 + j, field + m, -s.k / s.rho * (s.p_par - s.p_perp) * (t[2] * b[j] + b3 * t[j]) / size))
        return found + [(4, 4, -2 * self.nu * _THIRD), (4, 5, 2 * self.nu * _THIRD),
                        (5, 4, self.nu * _THIRD), (5, 5, -self.nu * _THIRD)]

    def weights(self, reference):
        s = self.site
        return s.p.sqrt() / s.rho, [1 / (2 * s.p).sqrt(), 1 / s.p.sqrt()]

    def perturbation(self, values, name, frame):
        return {f"ppar_{name}": values[4], f"pperp_{name}": values[5]}

    def unknowns(self, vector, name, frame):
        return [vector[f"ppar_{name}"], vector[f"pperp_{name}"]]


class TenMoment:
    """The pressure tensor P_11, P_12, P_13, P_22, P_23, P_33; P' - P rho'/rho stands for it."""

    names = tuple(f"p{i + 1}{j + 1}" for i, j in _PAIRS)
    mean = tuple((4 + n, _THIRD) for n, (i, j) in enumerate(_PAIRS) if i == j)
    heating = tuple((4 + n, 2 * _THIRD) for n, (i, j) in enumerate(_PAIRS) if i == j)

    def __init__(self, fluid, site):
        self.site, self.flux = site, fluid.heat_flux
        self.stiffness = 5 * _THIRD * site.p / site.rho
        delta = site.p_par - site.p_perp
        self.P = [[delta * a * b + (site.p_perp if i == j else ZERO) for j, b in enumerate(site.axis)]
                  for i, a in enumerate(site.axis)]
        self.nu = Decimal(float(fluid.isotropisation))
        self.shifts = tuple((4 + n, 0, self.P[i][j] / site.rho) for n, (i, j) in enumerate(_PAIRS))

    def entries(self, field):
        k, rho, P = self.site.k, self.site.rho, self.P
        found = [(1 + j, _at(j, 2), -k / rho) for j in range(3)]
        for i, j in _PAIRS:
            row = _at(i, j)
            found += [(row, 3, k * P[i][j]), (row, 1 + j, k * P[i][2]), (row, 1 + i, k * P[j][2])]
            found += self._turning(row, i, j, field) + self._turning(row, j, i, field)
        found += self._isotropisation(self.nu)
        if self.flux is None:
            return found
        return found + (self._local_flux() if self.flux.kind == "local" else self._gradient_flux())

    def _turning(self, row, i, j, field):
        """(q/m) eps_imn (P_mj B_n)'; B' has no third component."""
        found = []
        for cycle in _CYCLES + tuple((a, c, b) for a, b, c in _CYCLES):
            first, m, n = cycle
            if first != i:
                continue
            sign = self.site.charge_to_mass if cycle in _CYCLES else -self.site.charge_to_mass
            found.append((row, _at(m, j), sign * self.site.B[n]))
            if n < 2:
                found.append((row, field + n, sign * self.P[m][j]))
        return found

    def _isotropisation(self, rate):
        found = []
        for n, (i, j) in enumerate(_PAIRS):
            found.append((4 + n, 4 + n, -rate))
            if i == j:
                found += [(4 + n, column, rate * weight) for column, weight in self.mean]
        return found

    def _local_flux(self):
        """- k0 v_t (P_ij - p delta_ij), v_t = sqrt(p/rho): with the perturbed rate where the background is anisotropic."""
        p, rho = self.site.p, self.site.rho
        rate = Decimal(float(self.flux.k0)) * (p / rho).sqrt()
        found = self._isotropisation(rate)
        for n, (i, j) in enumerate(_PAIRS):
            slope = -rate / 2 * (self.P[i][j] - (p if i == j else ZERO))
            found += [(4 + n, column, slope * weight / p) for column, weight in self.mean]
            found.append((4 + n, 0, -slope / rho))
        return found

    def _gradient_flux(self):
        """- i k q_ij3 = - chi v_t k^2/k0 [theta_ij + delta_i3 theta_j3 + delta_j3 theta_i3], theta = P' - P rho'/rho."""
        s, flux = self.site, self.flux
        rate = Decimal(flux.coefficient) * (s.p / s.rho).sqrt() * s.k**2 / Decimal(float(flux.k0))
        found = []
        for i, j in _PAIRS:
            for a, b in [(i, j)] + [(j, 2)] * (i == 2) + [(i, 2)] * (j == 2):
                found += [(_at(i, j), _at(a, b), -rate), (_at(i, j), 0, rate * self.P[a][b] / s.rho)]
        return found

    def weights(self, reference):
        s = self.site
        own = [1 / (2 * s.p if i == j else s.p).sqrt() for i, j in _PAIRS]
        return s.p.sqrt() / s.rho, own

    def perturbation(self, values, name, frame):
        tensor = np.array([[values[_at(i, j)] for j in range(3)] for i in range(3)])
        tensor = frame.T @ tensor @ frame
        return {f"p{'xyz'[i]}{'xyz'[j]}_{name}": tensor[i, j] for i, j in _PAIRS}

    def unknowns(self, vector, name, frame):
        tensor = np.empty((3, 3), dtype=complex)
        for i, j in _PAIRS:
            tensor[i, j] = tensor[j, i] = vector[f"p{'xyz'[i]}{'xyz'[j]}_{name}"]
        tensor = frame @ tensor @ frame.T
        return [tensor[i, j] for i, j in _PAIRS]


BLOCKS = {
    "five-moment": FiveMoment, "isothermal": Barotropic, "polytropic": Barotropic, "cold": Barotropic,
    "six-moment": SixMoment, "ten-moment": TenMoment,
}  # fmt: skip


def _at(i, j):
    """Place of P_ij among a fluid's unknowns."""
    return 4 + _PAIRS.index((min(i, j), max(i, j)))
