"""How a Harris sheet of ions and electrons tears: the eigenmode that reconnects, of the linearised fluid equations."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import eig
from scipy.optimize import newton

from multifluid.errors import InputError

__all__ = ["TearingMode", "tearing_mode"]

# Symmetry of every variable under y -> -y about the sheet and about a perfectly conducting wall (mirror: +1, odd: -1) in
# a perturbation that reconnects: A_z is even. Axial vectors change sign against polar ones; a wall takes E_x, E_z, B_y.
FLUID = {"n": (1, 1), "ux": (1, 1), "uy": (-1, -1), "uz": (1, 1), "p": (1, 1)}
FIELD = {"Ex": (1, -1), "Ey": (-1, 1), "Ez": (1, -1), "Bx": (-1, 1), "By": (1, -1), "Bz": (-1, 1)}
CLUSTER = 0.85  # how much denser collocation points stand in the sheet: y = H (s - CLUSTER sin(pi s)/pi)
SYMMETRY = {**FLUID, **FIELD}
SPECIES = ("ion", "electron")
STEP = 1e-30  # of complex steps


@dataclass(frozen=True)
class TearingMode:
    """A perturbation Re[q(y) exp(i k x + growth t)] of a Harris sheet between conducting walls.

    Attributes
    ----------
    growth : complex
        Growth rate, Omega_i. Its real part is what grows; a reconnecting mode of a sheet at rest has no other.
    k : float
        Wavenumber along x, 1/d_i.
    half_height : float
        Distance H of the walls.
    y : ndarray (N,)
        Collocation points, 0 < y < H.
    values : dict of str to complex ndarray (N,)
        n_ion, ux_ion ... p_electron, Ex ... Bz; A_z of largest size 1.
    """

    growth: complex
    k: float
    half_height: float
    y: np.ndarray
    values: dict

    @cached_property
    def _coefficients(self):
        s, size = _positions(self.y.size), self.y.size
        return {name: np.linalg.solve(_waves(s, parity(name), size)[0], value) for name, value in self.values.items()}

    def profile(self, name, y):
        """Complex q(y) of one variable, or of "Az" = i B_y/k.

        Parameters
        ----------
        name : str
            Key of ``values``, or "Az".
        y : array_like
            Heights, |y| <= half_height; beyond it the wall's mirror image.

        Returns
        -------
        complex ndarray
        """
        if name == "Az":
            return 1j * self.profile("By", y) / self.k
        y = np.asarray(y, float)
        flat = np.abs(y).ravel()
        s = newton(lambda s: _height(s) - flat / self.half_height, flat / self.half_height, _stretch, tol=1e-14)
        value = (_waves(s, parity(name), self.y.size)[0] @ self._coefficients[name]).reshape(y.shape)
        return np.where(y < 0.0, parity(name)[0], 1) * value

    def evaluate(self, name, t, x, y):
        """Re[q(y) exp(i k x + growth t)]."""
        return np.real(self.profile(name, y) * np.exp(1j * self.k * x + self.growth * t))


def parity(name):
    """Symmetry of a variable (see FLUID) about the sheet and about the wall: (+-1, +-1)."""
    return SYMMETRY[name.split("_")[0]]


NAMES = [*(f"{variable}_{species}" for species in SPECIES for variable in FLUID), *FIELD]


def _fluid_rates(q, qx, qy, mass, charge, E, B, gamma):
    """Time derivatives of n, u and p of one fluid from the state and its x and y derivatives, point by point.

        d_t n = -div(n u),   m n (d_t + u.grad) u = -grad p + q n (E + u x B),   d_t p = -u.grad p - gamma p div u"""
    n, u, p = q[0], q[1:4], q[4]
    divergence = qx[1] + qy[2]
    rate = -(u[0] * qx + u[1] * qy)
    rate[0] -= n * divergence
    rate[1] -= qx[4] / (mass * n)
    rate[2] -= qy[4] / (mass * n)
    rate[1:4] += charge / mass * (E + np.cross(u, B, axis=0))
    rate[4] -= gamma * p * divergence
    return rate


def _rates(q, qx, qy, sheet, c, gamma):
    """Time derivatives of all variables (order of ``NAMES``) of ions, electrons and Maxwell's equations."""
    E, B = q[10:13], q[13:]
    Ex, Bx, Ey, By = qx[10:13], qx[13:], qy[10:13], qy[13:]
    fluids, current = [], 0.0
    for s, species in enumerate(SPECIES):
        charge, own = 1.0 - 2.0 * s, slice(5 * s, 5 * s + 5)
        fluids.append(_fluid_rates(q[own], qx[own], qy[own], sheet.mass(species), charge, E, B, gamma))
        current = current + charge * q[own][0] * q[own][1:4]
    curl_b = np.stack([By[2], -Bx[2], Bx[1] - By[0]])
    curl_e = np.stack([Ey[2], -Ex[2], Ex[1] - Ey[0]])
    return np.concatenate([*fluids, c * c * (curl_b - current), -curl_e])


def _height(s):
    return s - CLUSTER * np.sin(np.pi * s) / np.pi


def _stretch(s):
    return 1.0 - CLUSTER * np.cos(np.pi * s)


def _positions(points):
    return (np.arange(points) + 0.5) / points


def _waves(s, symmetry, count):
    """Trigonometric functions of a symmetry about s = 0 and 1 and their derivatives: two matrices (s, count)."""
    low, high = symmetry
    order = np.arange(count) + (0.5 if low != high else (0.0 if low > 0 else 1.0))
    angle = np.pi * np.multiply.outer(s, order)
    if low > 0:
        return np.cos(angle), -np.pi * order * np.sin(angle)
    return np.sin(angle), np.pi * order * np.cos(angle)


def _collocation(points, half_height):
    """Points 0 < y < H, clustered in the sheet, and the matrices d/dy for functions of any symmetry."""
    s = _positions(points)
    derivative = {}
    for symmetry in set(SYMMETRY.values()):
        wave, slope = _waves(s, symmetry, points)
        derivative[symmetry] = np.linalg.solve(wave.T, slope.T).T / (half_height * _stretch(s))[:, None]
    return half_height * _height(s), derivative


def tearing_mode(sheet, k, c, half_height, gamma=5.0 / 3.0, points=48):
    """The fastest reconnecting mode of a Harris sheet of five-moment ions and electrons, with Maxwell's equations.

    The equations are linearised about the sheet by complex steps and collocated on trigonometric functions of y that
    have each variable's symmetry about the sheet and about the wall; of all eigenvalues the one that grows fastest is
    taken. All of n, u, p, E and B vary: electron inertia, electron pressure, the Hall effect, compression and the
    displacement current are in it; nothing else breaks the freezing of B.

    Parameters
    ----------
    sheet : HarrisSheet
    k : float
        Wavenumber along x, 1/d_i.
    c : float
        Speed of light, v_A.
    half_height : float
        Distance H of the perfectly conducting walls from the sheet, d_i; five widths at least.
    gamma : float
        Ratio of specific heats of both fluids; 1 is isothermal.
    points : int
        Collocation points; the GEM sheet's growth rate has seven digits with 48.

    Returns
    -------
    TearingMode

    Raises
    ------
    InputError
        No mode grows, or the walls cut the sheet.
    """
    if not half_height >= 5.0 * sheet.width:
        raise InputError(f"tearing: half_height = {half_height:g} cuts the sheet of width {sheet.width:g}; take at least "
                         f"{5.0 * sheet.width:g}")
    y, derivative = _collocation(points, half_height)
    base = _state(sheet, y)
    state = (base, 0.0 * base, _state(sheet, y + STEP * 1j).imag / STEP)
    size = len(NAMES)
    matrix = np.zeros((size, points, size, points), complex)
    for column, name in enumerate(NAMES):
        own, along, across = (_rates(*_moved(state, part, column), sheet, c, gamma).imag / STEP for part in range(3))
        for row in range(size):
            if np.any(across[row]):
                matrix[row, :, column] = across[row][:, None] * derivative[parity(name)]
            matrix[row, range(points), column, range(points)] += own[row] + 1j * k * along[row]
    growth, vectors = eig(matrix.reshape(size * points, size * points), overwrite_a=True)
    best = np.argmax(growth.real)
    if growth[best].real <= 1e-6:
        raise InputError(f"tearing: no mode of wavenumber {k:g} grows; take a longer wave, below 1/width = "
                         f"{1.0 / sheet.width:g}")
    values = dict(zip(NAMES, vectors[:, best].reshape(size, points), strict=True))
    potential = 1j * values["By"] / k
    largest = potential[np.argmax(np.abs(potential))]
    return TearingMode(complex(growth[best]), k, half_height, y, {name: value / largest for name, value in values.items()})


def _moved(state, part, column):
    """State and derivatives with a complex step in one variable of one of them."""
    moved = [array.astype(complex) for array in state]
    moved[part][column] += STEP * 1j
    return moved


def _state(sheet, y):
    """Unperturbed state at heights y: (variables, N)."""
    out = np.zeros((len(NAMES), y.size), y.dtype)
    for species in SPECIES:
        out[NAMES.index(f"n_{species}")] = sheet.density(y)
        out[NAMES.index(f"uz_{species}")] = sheet.drift(species, y)
        out[NAMES.index(f"p_{species}")] = sheet.pressure(species, y)
    out[NAMES.index("Bx")] = np.tanh(y / sheet.width)
    return out
