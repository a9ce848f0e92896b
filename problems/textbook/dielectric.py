"""The low-frequency dielectric constant of a magnetised plasma."""

from functools import cached_property

import numpy as np
from scipy.signal.windows import blackmanharris

from multifluid import Check, Cold, Grid, InputError, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, pictures
from multifluid.problems.sources.records import records
from multifluid.problems.sources.steps import GivenSteps

# The box is so long that no signal crosses a cell.
ROOM = 1e4
# Fastest frequency times dt up to which `check` compares every record with the exact motion.
RESOLVED = 0.3
# Slowest frequency times dt from which on the implicit stages have damped all oscillations within some ten steps.
DAMPED = 10.0
# Periods that a Blackman-Harris window needs to take the mean of what oscillates, and what it leaves of an oscillation.
PERIODS, LEAKAGE = 4, 3e-5


class Dielectric(GivenSteps, Problem):
    """Low-frequency dielectric constant 1 + rho/(eps0 B^2) of a magnetised plasma, from a kicked or a driven field.

    A uniform plasma of cold ions and electrons, rho = 1, B = 1 along z, mu0 = 1 and Omega_i = 1, so that
    rho/(eps0 B^2) = c^2: ``ratio`` sets c. Per fluid and for E, all across B and written as x + i y,

        d_t u_s = (q_s/m_s)(E - i B u_s) + g,      eps0 d_t E = -sum_s q_s n_s u_s

    drive=kick: E = (1, 0, 0) at t = 0, matter at rest. Gyration and plasma oscillation go on about a mean field: momentum
    of matter and field, rho u + eps0 E x B, stays what it was, and u = E x B/B^2 in the mean, so that
    <E_x> = E_x(0)/eps_r exactly. Steps that resolve the oscillations (``step`` small) have to follow the matrix
    exponential; steps that do not have to damp them and keep the mean.
    drive=force: an acceleration g cos(omega t) along y of both fluids. It makes the drift current of a force
    J_f = rho g x B/B^2, a free current; the polarisation current is what the plasma answers, eps0 eps_r d_t E = -J_f.
    The run starts in the exact steady oscillation; eps_r from the amplitude of E_x is to be that of the two-fluid equations,
    and (5.4) up to terms (omega/Omega_i)^2.
    """

    reference = "Chen 2016, Introduction to Plasma Physics and Controlled Fusion, vol. 1, section 3.2: low-frequency eps"
    resolution = "steps"
    converge_fields = ("u", "E")

    ratio = Parameter(189.0, "rho/(eps0 B^2) = c^2/v_A^2; 189: hydrogen, 1e16 per m^3, 0.1 T", above=0.0)
    drive = Parameter("kick", "a field at t = 0, or an oscillating force", choices=("kick", "force"))
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    step = Parameter(30.0, "kick: time step times the slowest frequency of the plasma", above=0.0)
    omega = Parameter(0.05, "force: its frequency", unit="Omega_i", above=0.0)
    steps = Parameter(40, "number of steps; force: of one period", min=8)
    tolerance = Parameter(1e-12, "kick: relative error of eps_r that check allows where steps damp all oscillations",
                          above=0.0)

    def validate(self):
        """The driving frequency must not be one of the plasma's own; a mean over oscillations needs enough of them."""
        if self.drive == "kick" and self.step < DAMPED and self.step * self.steps < 2.0 * np.pi * PERIODS:
            raise InputError(f"parameter steps = {self.steps}: the mean needs {PERIODS} periods of the slowest oscillation, "
                             f"{2.0 * np.pi * PERIODS / self.step:.0f} steps, or steps that damp it (step >= {DAMPED:g})")
        if self.drive == "force" and np.abs(np.abs(self.frequencies) - self.omega).min() < 0.05 * self.omega:
            raise InputError(f"parameter omega = {self.omega}: within 5 % of a frequency of the plasma "
                             f"({', '.join(f'{w:.4g}' for w in np.abs(self.frequencies))}); choose another")

    # -- theory -------------------------------------------------------------------------------------------------

    @property
    def formula(self):
        """float: eps_r = 1 + rho/(eps0 B^2), eq. (5.4)."""
        return 1.0 + self.ratio

    @cached_property
    def _densities(self):
        return np.array(ion_electron.mass_shares(self.mass_ratio))

    @cached_property
    def matrix(self):
        """ndarray (3, 3): M of d_t (u_i, u_e, E) = M (u_i, u_e, E), components x + i y."""
        qm = np.array([fluid.charge_to_mass for fluid in self.fluids()])
        matrix = np.zeros((3, 3), complex)
        matrix[[0, 1], [0, 1]] = -1j * qm
        matrix[:2, 2] = qm
        matrix[2, :2] = -qm * self._densities / self.field().eps0
        return matrix

    @cached_property
    def _modes(self):
        """(frequencies (3,), columns (3, 3)) of the motion from (0, 0, 1), the smaller |omega| first: the mean, and
        two that turn; by the Hermitian matrix of energy coordinates sqrt(rho) u, sqrt(eps0) E."""
        scale = np.sqrt(np.append(self._densities, self.field().eps0))
        frequencies, vectors = np.linalg.eigh(-1j * scale[:, None] * self.matrix / scale)
        order = np.argsort(np.abs(frequencies))
        columns = vectors / scale[:, None] * vectors[2].conj() * scale[2]
        return frequencies[order], columns[:, order]

    @property
    def frequencies(self):
        """ndarray (2,): both frequencies that are not zero, the smaller |omega| first; the sign is the sense of turning."""
        return self._modes[0][1:]

    @cached_property
    def _response(self):
        """(3, 2): amplitudes of exp(+-i omega t) under the force i cos(omega t)."""
        force = np.array([0.5j, 0.5j, 0.0])
        return np.array([np.linalg.solve(s * 1j * self.omega * np.eye(3) - self.matrix, force) for s in (1, -1)]).T

    def motion(self, t):
        """Exact (u_i, u_e, E) at times t, components x + i y: the matrix exponential, or the steady answer to the force;
        ndarray (3, ...)."""
        t = np.asarray(t, float)
        frequencies, columns = self._modes if self.drive == "kick" else (self.omega * np.array([1.0, -1.0]), self._response)
        return np.tensordot(columns, np.exp(1j * np.multiply.outer(frequencies, t)), 1)

    @property
    def two_fluid(self):
        """float: eps_r that the two-fluid equations have: `formula` for a kick; for a force at its frequency."""
        if self.drive == "kick":
            return self.formula
        # E_x = Re(P exp(i omega t) + Q exp(-i omega t)) has Im(Q - P) sin(omega t)
        plus, minus = self._response[2]
        return self._eps_of((minus - plus).imag)

    def _eps_of(self, amplitude):
        """eps_r from the amplitude of sin(omega t) in E_x: eps0 eps_r d_t E_x = -rho g cos(omega t)/B."""
        return -1.0 / (self.field().eps0 * self.omega * amplitude)

    # -- set-up -------------------------------------------------------------------------------------------------

    def fluids(self):
        """Cold ions and electrons, Omega_i = 1."""
        return [Cold(f.name, f.mass, f.charge) for f in ion_electron.fluids(1.0, self.mass_ratio, 2.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.ratio**0.5)

    @property
    def _dt(self):
        if self.drive == "force":
            return 2.0 * np.pi / (self.omega * self.steps)
        return self.step / abs(self.frequencies[0])

    def grid(self):
        """Four cells that no signal crosses."""
        return Grid((0.0, 4.0 * ROOM * (1.0 + self.field().c) * self.t_end, 4))

    steady_acceleration = False

    def acceleration(self, t, x, y, z):
        """cos(omega t) along y, or none."""
        return (0.0, np.cos(self.omega * t), 0.0) if self.drive == "force" else None

    def exact(self, t, x, y, z):
        """The exact motion."""
        # at t = 0 to the last bit: momentum, rho u + eps0 E x B, is what keeps the mean
        values = (0j, 0j, 1.0 + 0j) if self.drive == "kick" and t == 0.0 else self.motion(t)
        ion, electron, E = ((v.real, v.imag, 0.0) for v in values)
        return {"ion": {"rho": self._densities[0], "u": ion}, "electron": {"rho": self._densities[1], "u": electron},
                "E": E, "B": (0.0, 0.0, 1.0)}

    def initial(self, x, y, z):
        """At rest with a field, or the steady oscillation under the force."""
        return self.exact(0.0, x, y, z)

    # -- measuring ----------------------------------------------------------------------------------------------

    @staticmethod
    def history(run):
        """(t, E_x + i E_y) of the records, in the first cell."""
        found = records(run)
        field = [complex(np.ravel(fields["Ex"])[0], np.ravel(fields["Ey"])[0]) for _, fields in found]
        return np.array([t for t, _ in found]), np.array(field)

    def measured(self, run):
        """eps_r of a run: E_x(0)/<E_x> of a kick, by the last record where steps damp the oscillations and else by a mean
        with a window; of a force by the amplitude of E_x."""
        t, E = self.history(run)
        if self.drive == "force":
            return float(self._eps_of(2.0 * np.mean(E[1:].real * np.sin(self.omega * t[1:]))))
        if self.step >= DAMPED:
            return float(E[0].real / E[-1].real)
        window = blackmanharris(len(E), sym=True)
        return float(E[0].real * window.sum() / (window @ E.real))

    def check(self, run):
        """eps_r against the two-fluid equations and (5.4); the field over time where steps resolve it."""
        found, (t, E) = self.measured(run), self.history(run)
        near = Check("eps_r against 1 + rho/(eps0 B^2), relative error", abs(found / self.formula - 1.0), self._limit)
        if self.drive == "force":
            error, limit = abs(found / self.two_fluid - 1.0), self._limit - 2.0 * self.omega**2
            return [Check("eps_r against the two-fluid equations, relative error", error, limit), near]
        if abs(self.frequencies[1]) * self._dt > RESOLVED:
            return [near]
        error = np.abs(E - self.motion(t)[2]).max()
        return [near, Check("E over time against the exact motion", float(error), self._lag)]

    @property
    def _limit(self):
        """Relative error of eps_r that the step, the window and the formula itself have."""
        if self.drive == "force":
            return 0.03 * (self.omega * self._dt) ** 2 + 2.0 * self.omega**2
        return self.tolerance if self.step >= DAMPED else LEAKAGE * self.formula

    @property
    def _lag(self):
        """Error of E at the end: a step turns a frequency omega off by (omega dt)^2/12 to (omega dt)^2/6."""
        frequencies, columns = self._modes
        return float(np.abs(columns[2]) @ np.abs(frequencies) ** 3 * self._dt**2 * self.t_end / 6.0)

    def plot(self, run, path):
        """E_x over time on the exact motion, and eps_r on (5.4)."""
        t, E = self.history(run)
        line = np.linspace(0.0, t[-1], 2000)
        figure, axes = pictures.subplots(1, 2, figsize=(10.0, 3.8))
        ax = axes[0, 0]
        if self.drive == "force" or self.step < 1.0:
            ax.plot(line, self.motion(line)[2].real, color="0.6", linewidth=1.0, label="exact motion")
        ax.plot(t, E.real, "C0o", markersize=3, label="run")
        if self.drive == "kick":
            ax.axhline(E[0].real / self.formula, color="C3", linewidth=1.0, label=r"$E_x(0)/(1+\rho/\epsilon_0B^2)$")
        ax.set(xlabel=r"$\Omega_i t$", ylabel=r"$E_x$", title="field")
        ax.legend(fontsize=8)
        ratios = np.geomspace(min(1e-2, self.ratio), max(1e6, self.ratio), 200)
        axes[0, 1].loglog(ratios, 1.0 + ratios, "C3", linewidth=1.0, label=r"$1+\rho/\epsilon_0B^2$")
        axes[0, 1].plot(self.ratio, self.measured(run), "ko", fillstyle="none", label="run")
        axes[0, 1].set(xlabel=r"$\rho/\epsilon_0B^2$", ylabel=r"$\epsilon_r$", title="dielectric constant")
        axes[0, 1].legend(fontsize=8)
        pictures.save(figure, path)
