"""Exact nonlinear waves of ions, electrons and neutrals whose transverse vectors turn with x."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, Grid, Maxwell, Parameter, Problem
from multifluid.fluids import COMPONENTS, Cold, FiveMoment, Isothermal, Polytropic, SixMoment, TenMoment
from multifluid.maxwell import DERIVATIVE
from multifluid.problems import measures, pictures
from multifluid.problems.sources.records import records
from multifluid.theory.helical import HelicalFluid, HelicalState

CLOSURES = ("cold", "isothermal", "polytropic", "five-moment", "six-moment", "ten-moment")
TENSORS = {"six-moment": SixMoment, "ten-moment": TenMoment}
NAMES = ("ion", "electron", "neutral")
GAMMA = 5.0 / 3.0


class Helical(Problem):
    """Exact nonlinear ion-electron-neutral wave of any amplitude, with drag, friction's heat and heat exchange.

    Density, pressure, u_x and E_x are uniform and all transverse vectors turn with x, a_y + i a_z ~ exp(i k x): nothing is
    compressed, and the full equations of the fluids and of Maxwell become ordinary differential equations in time, which
    scipy integrates beside the run (`multifluid.theory.helical`). No shock, no linearisation, every source at work.

    At t = 0 all fluids stream with ``velocity`` and the field is ``twist`` B0 across x; what follows holds
    Alfven, whistler, electron cyclotron, plasma and light waves at once, all resolved: the fastest decide the error
    (a ten-moment electron's P turns at 2 Omega_e), hence ppm and cfl = 0.1. The strongest, a whistler of omega = 6.3,
    turns once in the default ``t_end``. Units: B0 = 1, ions of mass and charge 1, mu0 = 1. In two dimensions the wave
    runs obliquely over the grid, once around each side of a 2:1 box. Cells hold point values.
    """

    reference = "theory: multifluid.theory.helical; derived there from the full equations"
    resolution = "n"
    converge_fields = ("rho", "u", "p", "E", "B")
    reconstruction = "ppm"
    cfl = 0.1

    n = Parameter(64, "cells per wavelength", min=8)
    closure = Parameter("ten-moment", "closure of ions and electrons", choices=CLOSURES)
    neutral_closure = Parameter("five-moment", "closure of the neutrals", choices=CLOSURES)
    dim = Parameter(1, "dimensions of the grid", choices=(1, 2))
    k = Parameter(1.0, "wavenumber", above=0.0)
    twist = Parameter(0.8, "transverse field at the start", unit="B0")
    velocity = Parameter(-0.5, "transverse velocity of all fluids at the start", unit="B0/sqrt(mu0)")
    electric = Parameter(0.5, "transverse E, across velocity and twist, at the start", unit="B0^2/sqrt(mu0)")
    c = Parameter(10.0, "speed of light", unit="B0/sqrt(mu0)", above=1.0)
    mass_ratio = Parameter(25.0, "ion to electron mass", above=1.0)
    rho_ion = Parameter(0.1, "mass density of the ions", above=0.0)
    rho_neutral = Parameter(1.0, "mass density of the neutrals", above=0.0)
    neutral_mass = Parameter(2.0, "mass of a neutral", unit="ion mass", above=0.0)
    temperature = Parameter(0.2, "temperature of all fluids at the start; cold ones have none", above=0.0)
    alpha_in = Parameter(0.3, "drag coefficient of ions and neutrals", min=0.0)
    alpha_en = Parameter(0.05, "drag coefficient of electrons and neutrals", min=0.0)
    alpha_ie = Parameter(0.02, "drag coefficient of ions and electrons", min=0.0)
    exchange = Parameter(3.0, "coefficient of heat exchange, 3 for elastic collisions", min=0.0)
    nu_ion = Parameter(0.2, "rate at which the ions' pressure becomes isotropic (six and ten moments)", min=0.0)
    nu_electron = Parameter(1.0, "the same of the electrons", min=0.0)
    t_end = Parameter(1.0, "length of the run", above=0.0)
    tolerance = Parameter(1e-3, "relative L2 error of every variable that check allows", above=0.0)

    def validate(self):
        """The exact state must reach t_end."""
        self.state  # noqa: B018  (raises InputError)

    @property
    def temperature_relaxation(self):
        """``exchange``."""
        return self.exchange

    # -- geometry -----------------------------------------------------------------------------------------------

    @cached_property
    def axes(self):
        """ndarray (3, 3): columns are the wave's own axes, the first along k."""
        if self.dim == 1:
            return np.eye(3)
        cos, sin = np.array([1.0, 2.0]) / math.sqrt(5.0)  # once around each side of a box of 2:1
        return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])

    def grid(self):
        """One wavelength along x, or a box of 2:1 with square cells."""
        wavelength = 2.0 * math.pi / self.k
        if self.dim == 1:
            return Grid((0.0, wavelength, self.n))
        side = wavelength * math.sqrt(5.0) / 2.0
        cells = math.ceil(self.n * math.sqrt(5.0) / 2.0)
        return Grid((0.0, 2.0 * side, 2 * cells), (0.0, side, cells))

    def _along(self, x, y, z):
        """Coordinate along k."""
        return self.axes[0, 0] * x + self.axes[1, 0] * y + self.axes[2, 0] * z

    # -- physics ------------------------------------------------------------------------------------------------

    @cached_property
    def _rows(self):
        """(name, mass, charge, density, closure, isotropisation) of each fluid."""
        mass = 1.0 / self.mass_ratio
        return [("ion", 1.0, 1.0, self.rho_ion, self.closure, self.nu_ion),
                ("electron", mass, -1.0, self.rho_ion * mass, self.closure, self.nu_electron),
                ("neutral", self.neutral_mass, 0.0, self.rho_neutral, self.neutral_closure, 0.0)]

    def fluids(self):
        """Ions, electrons, neutrals."""
        return [self._fluid(*row) for row in self._rows]

    def _fluid(self, name, mass, charge, rho, closure, nu):
        common = (name, mass, charge)
        if closure == "cold":
            return Cold(*common)
        if closure == "isothermal":
            return Isothermal(*common, temperature=self.temperature)
        if closure == "polytropic":
            return Polytropic(*common, constant=self.temperature / mass * rho ** (1.0 - GAMMA), gamma=GAMMA)
        return FiveMoment(*common, GAMMA) if closure == "five-moment" else TENSORS[closure](*common, isotropisation=nu)

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag between all pairs."""
        pairs = (("ion", "neutral", self.alpha_in), ("electron", "neutral", self.alpha_en),
                 ("ion", "electron", self.alpha_ie))
        return [Drag(*pair) for pair in pairs if pair[2] > 0.0]

    @cached_property
    def state(self):
        """theory.helical.HelicalState that the run follows."""
        u, fluids = (0.0, self.velocity, 0.0), []
        for _, mass, charge, rho, closure, nu in self._rows:
            p = 0.0 if closure == "cold" else rho * self.temperature / mass
            law = "isothermal" if closure == "polytropic" else closure  # rho is uniform, so is p
            fluids.append(HelicalFluid(mass, charge, rho, law, p, u, GAMMA, nu if closure in TENSORS else 0.0))
        B = np.array([1.0, self.twist, 0.0])
        alpha = np.zeros((3, 3))
        for drag in self.interactions():
            pair = NAMES.index(drag.first), NAMES.index(drag.second)
            alpha[pair] = alpha[pair[::-1]] = drag.alpha
        E = (0.0, 0.0, self.electric)
        return HelicalState(fluids, self.k, B, self.t_end * (1.0 + 1e-9), E, self.c, alpha=alpha, ct=self.exchange)

    def _turned(self, vector):
        """Components on the grid's axes of a vector on the wave's."""
        return tuple(np.tensordot(self.axes, vector, 1))

    def exact(self, t, x, y, z):
        """The exact state at time t; six- and ten-moment fluids have their mean pressure ``p`` beside their own."""
        state, out = self.state(min(t, self.state.t_end), self._along(x, y, z)), {}
        for s, (name, closure) in enumerate((row[0], row[4]) for row in self._rows):
            out[name] = {"rho": state["rho"][s], "u": self._turned(state["u"][s])}
            if closure == "ten-moment":
                P = np.einsum("ia,ab...,jb->ij...", self.axes, state["P"][s], self.axes)
                out[name]["P"] = tuple(P["xyz".index(a), "xyz".index(b)] for a, b in COMPONENTS)
            if closure == "six-moment":
                along = np.einsum("i...,ij...,j...", state["B"], state["P"][s], state["B"]) / (state["B"] ** 2).sum(axis=0)
                out[name] |= {"ppar": along, "pperp": 0.5 * (3.0 * state["p"][s] - along)}
            if closure in ("five-moment", *TENSORS):
                out[name]["p"] = state["p"][s]
        return out | {name: self._turned(state[name]) for name in "EB"}

    def initial(self, x, y, z):
        """The exact state at t = 0, with the field along k (the rest comes from the vector potential), and electrons such
        that Gauss's law holds for the centred divergence of the grid, which sees one where k is oblique."""
        state = self.exact(0.0, x, y, z) | {"B": tuple(self.axes[:, 0])}
        for name in NAMES:
            if state[name].keys() & {"P", "ppar"}:
                del state[name]["p"]
        charge = self._divergence(x, y, z) / self.c**2
        electron = self.fluids()[1]
        state["electron"]["rho"] = state["electron"]["rho"] + charge / electron.charge_to_mass
        return state

    def _divergence(self, x, y, z):
        """Divergence of E at t = 0 as the grid has it."""
        out, grid = 0.0, self.grid()
        for d in range(self.dim):
            for reach, weight in enumerate(DERIVATIVE[2 if self.reconstruction == "plm" else 4], 1):
                step = reach * grid.spacing[d] * self.axes[d, 0]
                ahead, behind = (self.state(0.0, self._along(x, y, z) + side * step)["E"] for side in (1.0, -1.0))
                out = out + weight * (self._turned(ahead)[d] - self._turned(behind)[d]) / grid.spacing[d]
        return out

    def vector_potential(self, x, y, z):
        """A = -B/k across k, for curl B = -k B there; as much larger as the curl over a cell's faces lowers it, so that
        cells hold point values of B as they do of the rest."""
        B = self.state(0.0, self._along(x, y, z))["B"]
        cos = self.axes[:, 0]
        lowered = (cos**2 * np.sinc(self.k * cos * self.grid().spacing / (2.0 * math.pi))).sum()
        return self._turned(np.concatenate([np.zeros_like(B[:1]), -B[1:] / (self.k * lowered)]))

    # -- measuring ----------------------------------------------------------------------------------------------

    def exact_fields(self, t):
        """The exact variables of a record at time t: dict of arrays (z, y, x), named as in the run's files."""
        given, out = self.exact(t, *self.grid().mesh()), {}
        for name in "EB":
            out |= {f"{name}{a}": part for a, part in zip("xyz", given[name], strict=True)}
        for name in NAMES:
            state = given[name]
            out[f"rho_{name}"] = state["rho"]
            out |= {f"u{a}_{name}": part for a, part in zip("xyz", state["u"], strict=True)}
            out |= {f"{key}_{name}": state[key] for key in ("p", "ppar", "pperp") if key in state}
            if "P" in state:
                out |= {f"p{ab}_{name}": part for ab, part in zip(COMPONENTS, state["P"], strict=True)}
        return out

    def errors(self, t, fields):
        """Relative L2 error of every variable of a record.

        Parameters
        ----------
        t : float
        fields : dict of str to ndarray (z, y, x)

        Returns
        -------
        dict of str to float
            sqrt(<(q - exact)^2>) over the largest size of the vector q is a component of (of rho: rho; of pressures: p).
        """
        exact = self.exact_fields(t)
        size = {}
        for name, value in exact.items():
            size.setdefault(self._family(name), []).append(np.square(value))
        # P is gathered as a tensor, whose six components hold about 3 p^2
        scale = {family: math.sqrt(np.max(sum(parts)) / (3.0 if family.startswith("P_") else 1.0))
                 for family, parts in size.items()}
        return {name: math.sqrt(np.mean((fields[name] - value) ** 2)) / scale[self._family(name)]
                for name, value in exact.items()}

    @staticmethod
    def _family(name):
        """Variables that share a scale."""
        head, _, fluid = name.partition("_")
        return f"P_{fluid}" if head[1:] in COMPONENTS else f"{head}_{fluid}" if head[0] == "p" else f"{head[0]}_{fluid}"

    def check(self, run):
        """Every variable against the exact state at the end; Gauss's law and div B."""
        t, last = records(run)[-1]
        found = self.errors(t, last)
        return [*(Check(f"{name}, relative L2 error", value, self.tolerance) for name, value in found.items()),
                *measures.constraint_checks(run.series)]

    def plot(self, run, path):
        """Transverse vectors and pressures at the first cell over time, and the last B and velocities along the wave."""
        found = records(run)
        figure, axes = pictures.subplots(2, 2, figsize=(10.0, 6.4))
        times = np.linspace(0.0, found[-1][0], 800)
        here = [float(axis[0]) for axis in (self.grid().centres(d) for d in range(3))]
        theory = [self.exact(t, *(np.array([q]) for q in here)) for t in times]
        for ax, name, label in ((axes[0, 0], "B", "$B_z$"), (axes[0, 1], "E", "$E_z$")):
            ax.plot(times, [state[name][2].item() for state in theory], "k", linewidth=0.8, label="exact")
            values = [fields[f"{name}z"].flat[0] for _, fields in found]
            ax.plot([t for t, _ in found], values, "o", markersize=3.5, label=f"{self.n} cells")
            ax.set(xlabel="t", title=f"{label} in the first cell")
            ax.legend(fontsize=8)
        t, last = found[-1]
        x, exact = self.grid().centres(0), self.exact_fields(t)
        names = (("By", "Bz"), tuple(f"uz_{name}" for name in NAMES))
        for ax, group in zip(axes[1], names, strict=True):
            for number, name in enumerate(group):
                ax.plot(x, np.broadcast_to(exact[name], last[name].shape)[0, 0], color=f"C{number}", linewidth=0.8)
                ax.plot(x, last[name][0, 0], "o", color=f"C{number}", markersize=2.6, label=name)
            ax.set(xlabel="x", title=f"t = {t:.3g}, lines: exact")
            ax.legend(fontsize=8)
        figure.suptitle(f"Helical wave, {self.closure} ions and electrons, drag and heating", fontsize=11)
        pictures.save(figure, path)
