"""Relaxation of anisotropic pressures in one uniform cell."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, FiveMoment, Grid, Maxwell, Parameter, Problem, SixMoment, TenMoment
from multifluid.fluids import COMPONENTS
from multifluid.problems import pictures
from multifluid.problems.sources.records import records
from multifluid.problems.waves.closures import ANISOTROPIC
from multifluid.theory.local_sources import LocalSources, LocalState

# The box is so long that no signal crosses a cell.
ROOM = 1e4
# A step resolves a rate if rate times dt is at most this.
RESOLVED = 0.3
INDICES = tuple(("xyz".index(c[0]), "xyz".index(c[1])) for c in COMPONENTS)


class AnisotropyRelaxation(Problem):
    """Pressure tensors in a box: isotropisation, rotation about B, frictional and exchanged heat, against the exact answer.

    Ions and electrons with pressures that differ along and across B, and, with ten moments, along both directions across
    it, drift through neutrals of another temperature. Nothing depends on place, so that exactly

        P(t) = p(t) I + exp(-nu t) R(Omega t) [P(0) - p(0) I] R(Omega t)^T,

    R the turn about B by which the fluid's gyrating velocity turns; p(t), with frictional and exchanged heat, follows from
    the ordinary differential equations of the sources (`multifluid.theory.local_sources`). Heat is isotropic.

    Units: m_i = q_i = n_i = 1, |B| = 1, so that Omega_i = 1. ``rate_step`` is Omega_i dt. The default implicit source
    damps what gyrates where Omega dt is large and keeps what does not; ``stepper=strang light=resolve source=exact``
    follows all at any step. P must stay positive definite always.
    """

    reference = "theory: closed form; Hakim 2008, J. Fusion Energy 27, 36, for the equations"
    resolution = "steps"
    converge_fields = ("rho", "u", "p")

    closure = Parameter("ten-moment", "closure of ions and electrons", choices=ANISOTROPIC)
    anisotropy = Parameter(5.0, "p_perp/p_par at the start", above=0.0)
    agyrotropy = Parameter(0.5, "(P_11 - P_22)/(P_11 + P_22) across B at the start, of ten moments", min=0.0, max=0.99)
    isotropisation = Parameter(0.3, "rate nu at which P - p I decays", unit="Omega_i", min=0.0)
    nu_in = Parameter(0.2, "ion-neutral collision frequency alpha rho_n", unit="Omega_i", min=0.0)
    nu_en = Parameter(0.5, "electron-neutral collision frequency alpha rho_n", unit="Omega_i", min=0.0)
    drift = Parameter(1.5, "velocity of ions and electrons against the neutrals, oblique to B", min=0.0)
    mass_ratio = Parameter(4.0, "ion to electron mass", above=0.0)
    c = Parameter(1.0, "speed of light; eps0 = 1/c^2", above=0.0)
    rate_step = Parameter(0.01, "Omega_i dt", above=0.0)
    steps = Parameter(400, "number of time steps", min=1)
    tolerance = Parameter(3e-3, "error against the exact answer that check allows where dt resolves it", above=0.0)

    def fluids(self):
        """Ions, electrons, neutrals."""
        model = SixMoment if self.closure == "six-moment" else TenMoment
        electron = 1.0 / self.mass_ratio
        return [model("ion", 1.0, 1.0, isotropisation=self.isotropisation),
                model("electron", electron, -1.0, isotropisation=self.isotropisation), FiveMoment("neutral", 1.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """nu_sn = alpha rho_n, rho_n = 1."""
        drags = (("ion", self.nu_in), ("electron", self.nu_en))
        return [Drag(name, "neutral", nu) for name, nu in drags if nu > 0.0]

    @property
    def t_end(self):
        """All steps."""
        return self.steps * self.rate_step

    @property
    def largest_step(self):
        """A rounding above t_end/steps, so that no sliver of a step is left."""
        return self.rate_step * (1.0 + 1e-12)

    @property
    def output_interval(self):
        """Records at whole steps, at most a hundred."""
        stride = next(n for n in range(max(1, self.steps // 100), self.steps + 1) if self.steps % n == 0)
        return self.rate_step * stride

    def grid(self):
        """Four cells that no signal crosses."""
        return Grid((0.0, 4.0 * ROOM * (self.c + 10.0) * self.t_end, 4))

    B = np.array([2.0, -1.0, 2.0]) / 3.0

    @cached_property
    def _start(self):
        """(LocalState, tensors (3, 3) of ions and electrons)."""
        a, p = self.anisotropy, np.array([1.0, 1.5, 0.5])
        skew = self.agyrotropy if self.closure == "ten-moment" else 0.0
        # across B
        first = np.cross(self.B, [0.0, 0.0, 1.0])
        first /= np.linalg.norm(first)
        axes = np.array([first, np.cross(self.B, first), self.B])
        shape = axes.T @ np.diag([a * (1.0 + skew), a * (1.0 - skew), 1.0]) @ axes * 3.0 / (1.0 + 2.0 * a)
        u = self.drift * np.array([[0.8, 0.6, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 0.0]])
        return LocalState(np.array([1.0, 1.0 / self.mass_ratio, 1.0]), u, p, np.zeros(3)), [p[0] * shape, p[1] * shape]

    @cached_property
    def sources(self):
        """theory.local_sources.LocalSources of this box: what rho, u, p and E obey."""
        fluids = self.fluids()
        index = {fluid.name: s for s, fluid in enumerate(fluids)}
        laws = np.zeros((3, 3, 5))
        for drag in self.interactions():
            s, r = index[drag.first], index[drag.second]
            laws[s, r] = laws[r, s] = drag.law.coefficients(fluids[s], fluids[r])
        return LocalSources([f.mass for f in fluids], [f.charge for f in fluids], [5.0 / 3.0] * 3, laws,
                            self.temperature_relaxation, None, self.B, self.field().eps0, ((0.0, 0.0, 0.0),))

    def solve(self, times):
        """Exact states: list of (LocalState, tensors of ions and electrons)."""
        start, tensors = self._start
        turn = np.array([[0.0, self.B[2], -self.B[1]], [-self.B[2], 0.0, self.B[0]], [self.B[1], -self.B[0], 0.0]])
        found = []
        for t, state in zip(times, self.sources.solve(start, times), strict=True):
            exact = []
            for fluid, P, p in zip(self.fluids(), tensors, state.p, strict=False):
                # du/dt = (q/m) u x B turns by R = exp(turn Omega t), turn u = u x B, turn^3 = -turn
                angle = fluid.charge_to_mass * t
                R = np.eye(3) + math.sin(angle) * turn + (1.0 - math.cos(angle)) * turn @ turn
                deviator = P - np.trace(P) / 3.0 * np.eye(3)
                exact.append(p * np.eye(3) + math.exp(-self.isotropisation * t) * R @ deviator @ R.T)
            found.append((state, exact))
        return found

    def initial(self, x, y, z):
        """The same everywhere."""
        return self._as_dict(*self._start)

    def exact(self, t, x, y, z):
        """Closed form of the tensors on the solution for p."""
        return self._as_dict(*self.solve([t])[0])

    def _as_dict(self, state, tensors):
        fluids = {}
        for s, name in enumerate(("ion", "electron", "neutral")):
            fluids[name] = {"rho": state.rho[s], "u": tuple(state.u[s])}
            if name == "neutral":
                fluids[name]["p"] = state.p[s]
            elif self.closure == "ten-moment":
                fluids[name]["P"] = tuple(tensors[s][ij] for ij in INDICES)
            else:
                par = self.B @ tensors[s] @ self.B
                fluids[name] |= {"ppar": par, "pperp": 0.5 * (np.trace(tensors[s]) - par)}
        return {**fluids, "E": tuple(state.E), "B": tuple(self.B)}

    # -- measuring ----------------------------------------------------------------------------------------------

    def tensors_of(self, fields):
        """[P of ions, P of electrons], (3, 3) each, from the first cell of a record."""
        found = []
        for name in ("ion", "electron"):
            if self.closure == "ten-moment":
                P = np.empty((3, 3))
                for (i, j), c in zip(INDICES, COMPONENTS, strict=True):
                    P[i, j] = P[j, i] = np.ravel(fields[f"p{c}_{name}"])[0]
            else:
                par, perp = (np.ravel(fields[f"{key}_{name}"])[0] for key in ("ppar", "pperp"))
                P = perp * np.eye(3) + (par - perp) * np.outer(self.B, self.B)
            found.append(P)
        return found

    def errors(self, t, fields):
        """Largest error of P, of p_par - p_perp and of p, relative to p, of ions and electrons: dict of str to float."""
        found, (state, exact) = self.tensors_of(fields), self.solve([t])[0]
        errors = {"P": 0.0, "p_par - p_perp": 0.0, "p": 0.0}
        for P, wanted, p in zip(found, exact, state.p, strict=False):
            wrong = (P - wanted) / p
            par = self.B @ wrong @ self.B
            sizes = (np.abs(wrong).max(), abs(1.5 * par - 0.5 * np.trace(wrong)), abs(np.trace(wrong)) / 3.0)
            errors = {key: max(old, float(size)) for (key, old), size in zip(errors.items(), sizes, strict=True)}
        return errors

    def check(self, run):
        """Positive definite always; of what the step resolves (with the exact source: of all) the error at the end."""
        found = records(run)
        least = min(np.linalg.eigvalsh(P)[0] / np.trace(P) for _, fields in found for P in self.tensors_of(fields))
        checks = [Check("smallest eigenvalue of P over its trace", float(least), 0.0, kind="min")]
        errors, dt = self.errors(*found[-1]), self.rate_step
        exact = self.source == "exact"
        plasma = self.c * math.sqrt(1.0 + self.mass_ratio)
        if exact or max(self.isotropisation, self.nu_in, self.nu_en, 2.0, 2.0 * self.mass_ratio, plasma) * dt <= RESOLVED:
            limit = 1e-9 if exact else self.tolerance
            checks += [Check(f"{key}, error over p", error, limit) for key, error in errors.items()]
        elif self.isotropisation * dt <= RESOLVED:
            # neither gyration nor the heat of oscillations that the step damps: what decays by nu alone
            checks.append(Check("p_par - p_perp, error over p", errors["p_par - p_perp"], self.tolerance))
        return checks

    def plot(self, run, path):
        """Every component of both tensors over time, points of the run on the exact answer."""
        from multifluid.plotting import COLOURS

        found = records(run)
        times = np.array([t for t, _ in found])
        line = np.linspace(0.0, times[-1], 401)
        curves = np.array([tensors for _, tensors in self.solve(line)])
        points = np.array([self.tensors_of(fields) for _, fields in found])
        figure, axes = pictures.subplots(2, 1, figsize=(8.0, 7.0), sharex=True)
        for s, (ax, name) in enumerate(zip(axes[:, 0], ("ions", "electrons"), strict=True)):
            for k, ((i, j), label) in enumerate(zip(INDICES, COMPONENTS, strict=True)):
                colour = COLOURS[k % len(COLOURS)]
                ax.plot(line, curves[:, s, i, j], color=colour, linewidth=1.0, label=f"$P_{{{label}}}$")
                ax.plot(times, points[:, s, i, j], "o", color=colour, markersize=2.5)
            ax.set(ylabel=f"pressure of {name}", xlim=(0.0, times[-1]))
        axes[0, 0].legend(fontsize=8, ncols=3)
        axes[1, 0].set(xlabel=r"time  $\times\,\Omega_i$")
        title = f"Relaxation of the pressure tensor, $\\Omega_i$ dt = {self.rate_step:g} (lines: exact)"
        figure.suptitle(title, fontsize=11)
        pictures.save(figure, path)
