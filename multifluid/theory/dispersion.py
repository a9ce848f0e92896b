"""Linear waves of any number of fluids coupled by the full Maxwell equations and by drag."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from multifluid.theory.background import Background, check_input
from multifluid.theory.eigen import eigenpairs
from multifluid.theory.extended import complement, precision
from multifluid.theory.linear import LinearSystem

__all__ = ["Background", "Mode", "dispersion_modes"]


@dataclass(frozen=True, eq=False)
class Mode:
    """One eigenpair: perturbations vector * exp(i k.x - i omega t).

    Parameters
    ----------
    omega : complex
        Frequency; Im omega < 0 is damped.
    vector : dict
        Complex amplitudes 'rho_<name>', 'u_<name>' (3), 'p_<name>' of every fluid, 'E' (3), 'B' (3). In place of 'p'
        six-moment fluids have 'ppar', 'pperp' and ten-moment ones 'pxx', 'pxy', 'pxz', 'pyy', 'pyz', 'pzz'.
    """

    omega: complex
    vector: dict

    def evaluate(self, k, t, x, y, z, amplitude=1.0):
        """Real perturbation Re[amplitude * vector * exp(i (k.x - omega t))].

        Parameters
        ----------
        k : array_like
            The wavevector (3) the mode was computed for.
        t : float
            Time.
        x, y, z : array_like
            Coordinates, broadcast against each other.
        amplitude : complex
            Common factor.

        Returns
        -------
        dict
            Keys of `vector`; arrays of the common shape of x, y, z, with a first axis of 3 for vectors.
        """
        k = np.asarray(k, dtype=float)
        phase = k[0] * np.asarray(x, float) + k[1] * np.asarray(y, float) + k[2] * np.asarray(z, float)
        wave = amplitude * np.exp(1j * (phase - self.omega * t))
        return {name: np.real(np.multiply.outer(value, wave)) for name, value in self.vector.items()}


@dataclass(frozen=True, eq=False)
class Spectrum:
    """All physical modes at one wavevector: frequencies (m,) and energy coordinates (n, m), each column of norm 1."""

    system: LinearSystem
    omega: np.ndarray
    x: np.ndarray

    def mode(self, i):
        """Mode number i."""
        return Mode(complex(self.omega[i]), self.system.vector(self.x[:, i]))


def dispersion_modes(fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0):
    """All linear modes of a uniform background at one wavevector.

    Solves -i omega W = M W for fluids of any closure and charge with mutual drag and the full Maxwell equations
    (equations in `multifluid.theory.linear` and, for pressures, `multifluid.theory.closures`), every root to nearly full
    relative accuracy however far the light, plasma, cyclotron, drag and slow frequencies lie apart. Perturbations that
    violate Gauss's law or div B = 0 are left out; non-propagating ones (entropy, vortices) are included with omega = k.u.

    A background that streams or carries a net charge is taken to be held in place by constant forces and by an immobile
    neutralising charge; neither a steady frictional heating nor the isotropisation of the background is followed.

    Parameters
    ----------
    fluids : sequence of Background
        The fluids.
    B, k : array_like
        Background magnetic field and wavevector, 3 components each.
    c : float
        Speed of light; eps0 = 1/(mu0 c^2).
    mu0 : float
        Permeability.
    alpha : array_like, optional
        Drag coefficients alpha_sr = alpha_rs (volume / mass / time), shape (fluids, fluids): the force density on s is
        sum_r alpha_sr rho_s rho_r (u_r - u_s), nu_sr = alpha_sr rho_r. Friction heats s with the share m_r/(m_s + m_r).
    temperature_relaxation : float
        Coefficient ct of the heat exchange alpha_sr rho_s rho_r ct (T_r - T_s)/(m_s + m_r), T = m p/rho: 3 for elastic
        collisions (Schunk 1977, Rev. Geophys. 15, 429). An isothermal or cold partner keeps its temperature, a polytropic
        one follows its density. Heat enters six- and ten-moment fluids isotropically: 2/3 of it in every P_ii.

    Returns
    -------
    list of Mode
        In ascending order of Re omega, then Im omega. Each vector has the energy norm 1, sum_s (rho_s |u_s|^2 +
        |p_s|^2/(gamma p_s)) + eps0 |E|^2 + |B|^2/mu0 (isothermal: rho' in place of p'; entropy, the density of cold
        fluids, six and ten moments see `LinearSystem`), its largest energy component has phase 0 (rho, p, B: -i), and
        equal frequencies have vectors orthogonal in this norm, as nearly linearly (with B along k: circularly) polarised
        as possible.

    Raises
    ------
    InputError
        A parameter is out of range.
    RunError
        An exactly defective eigenvalue.
    """
    spectrum = solve(fluids, B, k, c, mu0, alpha, temperature_relaxation)
    return [spectrum.mode(i) for i in range(len(spectrum.omega))]


def solve(fluids, B, k, c, mu0=1.0, alpha=None, temperature_relaxation=0.0):
    """The Spectrum behind `dispersion_modes`, same parameters."""
    fluids, B, k, c, mu0, alpha = check_input(fluids, B, k, c, mu0, alpha, temperature_relaxation)
    fluids = tuple(replace(f, u=tuple(f.u), axis=None if f.axis is None else tuple(f.axis)) for f in fluids)
    return _solve(fluids, tuple(B), tuple(k), c, mu0, tuple(map(tuple, alpha)), float(temperature_relaxation))


# Branches are looked up and followed by name one after another over the same points.
@lru_cache(maxsize=64)
def _solve(*parameters):
    with precision():
        system = LinearSystem(*parameters)
        allowed = complement(system.gauss)
        values, vectors, groups = eigenpairs(allowed.adjoint @ system.matrix @ allowed, system.advection)
        x = _unit_columns(allowed @ vectors)
        # omega = i lambda
        omega = np.array([complex(*_clean(-im, re)) for re, im in values])
    groups = np.array(groups)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        if len(members) > 1:
            omega[members] = omega[members[0]]
            x[:, members] = _polarised(x[:, members], system)
    x = _fix_phase(x)
    order = _order(omega, groups)
    return Spectrum(system, omega[order], x[:, order])


def _clean(re, im):
    """(re, im) as floats, with a part that is rounding of the extended precision set to zero."""
    small = (abs(re) + abs(im)) * Decimal("1e-30")
    return [float(v) if abs(v) > small else 0.0 for v in (re, im)]


def _unit_columns(vectors):
    """Columns scaled to norm 1, as floats; scaled before the conversion lest they underflow."""
    re, im = vectors.re, vectors.im
    norm = [(re[:, j] @ re[:, j] + im[:, j] @ im[:, j]).sqrt() for j in range(re.shape[1])]
    return (re / norm).astype(float) + 1j * (im / norm).astype(float)


def _polarised(x, system):
    """Energy-orthonormal basis of a degenerate eigenspace, chosen alike on every machine.

    Pivoted Gram-Schmidt of the projections of the coordinate directions; with B along k, vectors are first written in
    circular components, the shape into which any coupling to B splits them.
    """
    n, m = x.shape
    directions = np.eye(n, dtype=complex)
    if system.parallel:
        pairs = [(i + 1, i + 2) for i in system.first] + [(system.e, system.e + 1), (system.e + 3, system.e + 4)]
        for i, j in pairs:
            directions[np.ix_((i, j), (i, j))] = np.array([[1, 1], [1j, -1j]]) / np.sqrt(2)
    q = np.linalg.qr(x)[0]
    projected = q @ (q.conj().T @ directions)
    basis = np.empty((n, m), dtype=complex)
    # The slight preference for earlier coordinates decides ties between equal directions.
    preference = 1.0 - 1e-4 * np.arange(n) / n
    for j in range(m):
        pivot = int(np.argmax(np.linalg.norm(projected, axis=0) * preference))
        basis[:, j] = projected[:, pivot] / np.linalg.norm(projected[:, pivot])
        projected -= np.outer(basis[:, j], basis[:, j].conj() @ projected)
    return basis


def _fix_phase(x):
    size = np.abs(x)
    largest = np.argmax(size > (1.0 - 1e-6) * size.max(axis=0), axis=0)
    lead = x[largest, np.arange(x.shape[1])]
    return x * (np.abs(lead) / lead)


def _order(omega, groups):
    """Ascending Re, then Im; degenerate vectors keep their own order."""
    return np.lexsort((np.arange(len(omega)), groups, omega.imag, omega.real))
